"""A reference receiver of batches: what answers at the endpoint of `cecil-fingerprint upload`.

The protocol is `Receiver.accept`: a body is taken when its SHA-256 is its Idempotency-Key, kept once by that
key, and acknowledged by it. All else here is for tests: certificates of an authority of its own, and faults
that are played in turn before a request is answered as it should be.
"""

import datetime
import hashlib
import ipaddress
import json
import socket
import ssl
import struct
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

Fault = str | tuple[int, dict[str, str]]
"""`reset`: the connection breaks before an answer; `lost`: after the batch is kept; `cut`: the answer's body
does; `silent`: nothing comes; or a status with headers."""

MAX_BODY = 1 << 24


class Receiver(ThreadingHTTPServer):
    """Listens on loopback over TLS.

    Args:
        certificate: PEM file with certificate and key.
        faults: what is done to the first requests, one after the other.
        token: the bearer token that is wanted.

    Attributes:
        kept: bodies by their key: what has arrived, each once.
        requests: (headers, body) of all requests, as they came.
    """

    daemon_threads = True

    def __init__(self, certificate: Path, faults: Sequence[Fault] = (), token: str | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        self.plain = self.socket
        self.socket = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)
        self.faults = list(faults)
        self.token = token
        self.kept: dict[str, bytes] = {}
        self.requests: list[tuple[dict[str, str], bytes]] = []
        self.over = threading.Event()

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.server_port}/v1/batches"

    def accept(self, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str]]:
        """The protocol: a status and the answer's JSON."""
        if self.token is not None and headers.get("authorization") != f"Bearer {self.token}":
            return 401, {"error": "token"}
        key = headers.get("idempotency-key")
        if hashlib.sha256(body).hexdigest() != key:
            return 400, {"error": "Idempotency-Key is not the SHA-256 of the body"}
        try:
            version = json.loads(body)["v"]
        except (ValueError, KeyError, TypeError):
            version = None
        if version != 1:
            return 422, {"error": "not a batch of version 1"}
        self.kept.setdefault(key, body)  # a second time changes nothing
        return 200, {"received": key}

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is nobody's mistake here."""


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(min(int(headers["content-length"]), MAX_BODY))
        self.server.requests.append((headers, body))
        fault = self.server.faults.pop(0) if self.server.faults else None
        if fault == "silent":
            self.server.over.wait(60)
            return
        if fault == "reset":
            self._break()
            return
        if isinstance(fault, tuple):
            self._answer(*fault, b"Kanari: not for your eyes")
            return
        status, content = self.server.accept(headers, body)
        if fault == "lost":
            self._break()
            return
        data = json.dumps(content).encode()
        if fault == "cut":
            self._answer(status, {"Content-Length": str(len(data))}, data[:5])
        else:
            self._answer(status, {"Content-Type": "application/json"}, data)

    def _answer(self, status: int, headers: dict[str, str], data: bytes) -> None:
        self.send_response(status)
        for name, value in ({"Content-Length": str(len(data))} | headers).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)
        self.close_connection = True

    def _break(self) -> None:
        raw = self.connection
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        raw.close()
        self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:
        """Silence."""


@contextmanager
def receiving(
    certificate: Path, faults: Sequence[Fault] = (), token: str | None = None
) -> Iterator[Receiver]:
    """A receiver at work."""
    server = Receiver(certificate, faults, token)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield server
    finally:
        server.over.set()
        server.shutdown()
        server.server_close()
        thread.join()


def authority(folder: Path, host: str = "127.0.0.1") -> tuple[Path, Path]:
    """A new authority and a certificate that it signed: (its PEM, the server's PEM with key)."""
    now = datetime.datetime.now(datetime.UTC)

    def name(text: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])

    def build(subject: str, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(name(subject))
            .issuer_name(name("Test authority"))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=1))
            .not_valid_after(now + datetime.timedelta(days=1))
        )

    root_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    root = (
        build("Test authority", root_key)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(root_key, hashes.SHA256())
    )
    names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(host))])
    certificate = build("Test server", key).add_extension(names, critical=False)
    signed = certificate.sign(root_key, hashes.SHA256())
    folder.mkdir(parents=True, exist_ok=True)
    pem = serialization.Encoding.PEM
    (folder / "ca.pem").write_bytes(root.public_bytes(pem))
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "server.pem").write_bytes(signed.public_bytes(pem) + secret)
    return folder / "ca.pem", folder / "server.pem"
