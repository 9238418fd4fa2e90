"""What the stand-ins of clouds share: a server over TLS on loopback, and what goes wrong on the way to it."""

import gzip
import json
import ssl
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import trustme

BEYOND = {
    # Whatever else a library asks for by itself ends here: google-auth looks up where it is allowed to be.
    "HTTPS_PROXY": "http://127.0.0.1:1",
    "HTTP_PROXY": "http://127.0.0.1:1",
    "NO_PROXY": "localhost",
}
"""For the environment of who asks a stand-in, and nobody else."""


def certified(ca: Path) -> trustme.LeafCert:
    """A certificate for loopback; whom to trust for it is written to a file."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(ca)
    return authority.issue_cert("localhost", "127.0.0.1")


class TlsServer(ThreadingHTTPServer):
    """A server of HTTPS."""

    daemon_threads = True

    def __init__(self, certificate: trustme.LeafCert, handler: type["TlsHandler"]) -> None:
        super().__init__(("127.0.0.1", 0), handler)
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificate.configure_cert(tls)
        self.socket = tls.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)
        self._thread = threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True)

    @property
    def url(self) -> str:
        return f"https://localhost:{self.server_port}"

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self.shutdown()
        self.server_close()
        self._thread.join()


class TlsHandler(BaseHTTPRequestHandler):
    """A connection: says nothing, hangs up when it is told to, and outlives who hangs up on it."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    service: Any
    """Has `clock`: seconds that its clock is ahead."""

    def log_message(self, *_: object) -> None:
        pass

    def date_time_string(self, timestamp: float | None = None) -> str:
        return super().date_time_string(time.time() + self.service.clock)

    def handle(self) -> None:
        try:
            self.connection.do_handshake()  # type: ignore[attr-defined]
            super().handle()
        except OSError:
            self.close_connection = True  # they hung up: a test of theirs

    def send(self, status: int, body: Any, headers: dict[str, str] | None = None, fault: Any = None) -> None:
        """A reply; `("cut", SHARE)` of it, or half of it and a pause of `("pause", SECONDS)`."""
        data = body if isinstance(body, bytes) else json.dumps(body, indent=self.indent()).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        if "gzip" in self.headers.get("Accept-Encoding", "") and len(data) > 1000:
            data = gzip.compress(data, 1)
            self.send_header("Content-Encoding", "gzip")
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if isinstance(fault, tuple) and fault[0] == "cut":
            self.wfile.write(data[: int(len(data) * fault[1])])
            self.hang_up()
        elif isinstance(fault, tuple) and fault[0] == "pause":
            self.wfile.write(data[: len(data) // 2])
            time.sleep(fault[1])
            self.hang_up()
        else:
            self.wfile.write(data)

    def indent(self) -> int | None:
        """How JSON is spread over lines."""
        return None

    def hang_up(self) -> None:
        self.close_connection = True
        self.wfile.flush()
        self.connection.close()
