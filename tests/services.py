"""Real databases for the tests: PostgreSQL and MariaDB of Debian's packages, on loopback.

`make services` installs them where apt-get can, gives each a new data folder and a free port, and says in
`.services.json` where they are; `make services-stop` ends them, by their pid, and removes their data.
"""

import contextlib
import glob
import json
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
FILE = ROOT / ".services.json"
PACKAGES = {"postgres": "postgresql", "mariadbd": "mariadb-server"}


def services() -> dict[str, Any]:
    """What runs: `{"postgres": {"host","port","user","password","pid","folder"}, "mariadb": ...}`."""
    try:
        found: dict[str, Any] = json.loads(FILE.read_text())
    except FileNotFoundError:
        raise SystemExit("the databases do not run\nhint: make services") from None
    for one in found.values():
        assert one["host"] == "127.0.0.1"
        os.kill(one["pid"], 0)
    return found


def main(argv: list[str]) -> int:
    if argv == ["stop"]:
        stop()
        return 0
    try:
        services()
    except (SystemExit, ProcessLookupError):
        stop()
    else:
        print("running already")
        return 0
    missing = [package for program, package in PACKAGES.items() if not find(program)]
    if missing:
        install(missing)
    made = {"postgres": postgres(), "mariadb": mariadb()}
    FILE.write_text(json.dumps(made, indent=1))
    FILE.chmod(0o600)
    for name, one in made.items():
        print(f"{name} on 127.0.0.1:{one['port']}, pid {one['pid']}")
    return 0


def stop() -> None:
    """End what `start` started, by pid, and remove its data."""
    if not FILE.exists():
        return
    for one in json.loads(FILE.read_text()).values():
        # A pid may be somebody else's by now: it must still be the program with our folder.
        try:
            line = Path(f"/proc/{one['pid']}/cmdline").read_text()
        except FileNotFoundError:
            line = ""
        if one["folder"] in line:
            os.kill(one["pid"], signal.SIGINT if "postgres" in line else signal.SIGTERM)
            while os.path.exists(f"/proc/{one['pid']}"):
                with contextlib.suppress(ChildProcessError):
                    os.waitpid(one["pid"], os.WNOHANG)
                time.sleep(0.05)
        shutil.rmtree(one["folder"], ignore_errors=True)
    FILE.unlink()


def install(packages: list[str]) -> None:
    """Debian's packages; none of their servers is started by their installation."""
    hint = f"hint: sudo apt-get install {' '.join(packages)}"
    if os.geteuid() or not shutil.which("apt-get"):
        raise SystemExit(f"make services: {', '.join(packages)} is not installed\n{hint}")
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    command = ["apt-get", "install", "--yes", "--quiet", "--no-install-recommends", *packages]
    for before in ([], ["apt-get", "update", "--quiet"]):
        if before:
            subprocess.run(before, check=False, capture_output=True, env=environment)
        done = subprocess.run(command, check=False, capture_output=True, text=True, env=environment)
        if not done.returncode:
            return
    raise SystemExit(f"make services: apt-get failed:\n{done.stderr[-500:]}\n{hint}")


def find(program: str) -> str | None:
    """A program, also where Debian hides it."""
    places = [*sorted(glob.glob("/usr/lib/postgresql/*/bin"), reverse=True), "/usr/sbin"]
    return shutil.which(program, path=os.pathsep.join([*places, os.environ["PATH"]]))


def need(program: str) -> str:
    path = find(program)
    if not path:
        raise SystemExit(f"make services: there is no {program}")
    return path


def folder(user: str) -> tuple[str, dict[str, Any]]:
    """A new folder, and who runs in it: a server of root's runs as the package's user."""
    made = tempfile.mkdtemp(prefix="cecil-services-")
    if os.geteuid():
        return made, {}
    who = pwd.getpwnam(user)
    os.chown(made, who.pw_uid, who.pw_gid)
    return made, {"user": who.pw_uid, "group": who.pw_gid, "extra_groups": []}


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def run(command: list[str], who: dict[str, Any], where: str) -> None:
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, check=False, capture_output=True, cwd=where, **who
    )
    if done.returncode:
        raise SystemExit(f"{os.path.basename(command[0])} failed:\n{done.stderr.decode()[-800:]}")


def start(command: list[str], who: dict[str, Any], where: str, port: int) -> int:
    """Start a server, and wait until its port answers."""
    with open(f"{where}/log", "wb") as log:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=where,
            start_new_session=True,
            **who,
        )
    for _ in range(600):
        if process.poll() is not None:
            break
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return process.pid
        except OSError:
            time.sleep(0.1)
    text = Path(f"{where}/log").read_text(errors="replace")
    raise SystemExit(f"{os.path.basename(command[0])} does not answer:\n{text[-800:]}")


def postgres() -> dict[str, Any]:
    where, who = folder("postgres")
    password = secrets.token_hex(8)
    data = f"{where}/data"
    secret = Path(where) / "password"
    secret.write_text(password)
    secret.chmod(0o644)
    command = [need("initdb"), "-D", data, "-U", "cecil", "-A", "scram-sha-256", f"--pwfile={secret}"]
    run([*command, "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"], who, where)
    secret.unlink()
    port = free_port()
    settings = {
        "port": port,
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
        "fsync": "off",
        "max_wal_size": "4GB",
    }
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    pid = start([need("postgres"), "-D", data, *options], who, where, port)
    return {
        "host": "127.0.0.1",
        "port": port,
        "user": "cecil",
        "password": password,
        "pid": pid,
        "folder": where,
    }


def mariadb() -> dict[str, Any]:
    where, who = folder("mysql")
    password = secrets.token_hex(8)
    data = f"{where}/data"
    command = [need("mariadb-install-db"), "--no-defaults", f"--datadir={data}", "--skip-test-db"]
    run([*command, "--auth-root-authentication-method=normal"], who, where)
    port = free_port()
    first = Path(where) / "first.sql"
    first.write_text(
        f"create user cecil@'127.0.0.1' identified by '{password}';\n"
        "grant all on *.* to cecil@'127.0.0.1' with grant option;\n"
        "drop user root@localhost;\n"
    )
    first.chmod(0o644)
    command = [need("mariadbd"), "--no-defaults", f"--datadir={data}", f"--port={port}"]
    command += ["--bind-address=127.0.0.1", f"--socket={where}/sock", f"--init-file={first}"]
    command += ["--innodb-flush-log-at-trx-commit=0", "--character-set-server=utf8mb4", "--skip-name-resolve"]
    pid = start(command, who, where, port)
    return {
        "host": "127.0.0.1",
        "port": port,
        "user": "cecil",
        "password": password,
        "pid": pid,
        "folder": where,
    }


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
