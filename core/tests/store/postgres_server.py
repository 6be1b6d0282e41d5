"""A PostgreSQL server of the tests' own: started in a folder that goes with it."""

import itertools
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path


def _programs() -> Path | None:
    """Debian keeps them out of the way."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).parent if on_path else None


def why_not() -> str:
    """Empty: there is one to start."""
    if _programs() is None:
        return "no PostgreSQL server is installed here (no initdb)"
    if find_spec("psycopg") is None:
        return "psycopg is not installed: pip install 'lift-sys[postgres]'"
    return ""


class PostgresServer:
    """Listens on a socket in its own folder alone. `stop` may be rough; `start` starts it again."""

    def __init__(self) -> None:
        programs = _programs()
        assert programs is not None
        self._programs = programs
        self._home = Path(tempfile.mkdtemp(prefix="lift-pg-"))
        self._user = None
        if os.getuid() == 0:  # which it refuses to run as
            self._user = "postgres" if _has("postgres") else "nobody"
            account = pwd.getpwnam(self._user)
            os.chown(self._home, account.pw_uid, account.pw_gid)
        self._data = self._home / "data"
        self._server: subprocess.Popen[bytes] | None = None
        self._names = itertools.count(1)
        self._port = _free_port()

    def __enter__(self) -> "PostgresServer":
        self._run(
            *("initdb", "--auth=trust", "--username=lift", "--no-sync", "--encoding=UTF8"),
            *("--pgdata", str(self._data)),
        )
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop(rough=True)
        shutil.rmtree(self._home, ignore_errors=True)

    def new_database(self) -> str:
        """Its URL."""
        name = f"lift{next(self._names)}"
        self._run("createdb", *self._where(), name)
        return self.url(name)

    def url(self, name: str) -> str:
        return f"postgresql://lift@127.0.0.1:{self._port}/{name}"

    def start(self) -> None:
        settings = ("fsync=off", f"unix_socket_directories={self._home}", "max_connections=50")
        options = [part for each in settings for part in ("-c", each)]
        command = [str(self._programs / "postgres"), "-D", str(self._data), "-p", str(self._port)]
        self._server = subprocess.Popen(
            [*command, *options],
            user=self._user,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        until = time.monotonic() + 60
        while subprocess.run(
            [self._programs / "pg_isready", "-q", *self._where()], check=False
        ).returncode:
            assert time.monotonic() < until, "the PostgreSQL server does not start"
            assert self._server.poll() is None, "the PostgreSQL server ended at once"
            time.sleep(0.05)

    def stop(self, *, rough: bool = False) -> None:
        """Rough: connections are cut off without a word of farewell."""
        if self._server is not None:
            self._server.send_signal(signal.SIGQUIT if rough else signal.SIGINT)
            self._server.wait(timeout=60)
            self._server = None

    def _where(self) -> list[str]:
        return ["-h", "127.0.0.1", "-p", str(self._port), "-U", "lift"]

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [str(self._programs / program), *arguments],
            user=self._user,
            cwd=self._home,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr


def _has(user: str) -> bool:
    try:
        pwd.getpwnam(user)
    except KeyError:
        return False
    return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
