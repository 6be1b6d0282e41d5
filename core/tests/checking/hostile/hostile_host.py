"""A place where escapes would show: files to harm, secrets to find, ports to reach."""

import os
import socket
from pathlib import Path

SECRET = "the secret of the host"


class Host:
    """What surrounds the sandbox, and the harm that was done to it."""

    def __init__(self, folder: Path, tcp: socket.socket, local: socket.socket) -> None:
        self.outside = folder / "outside"
        self.temporary = folder / "temporary"
        self._listeners = (tcp, local)
        self.outside.mkdir()
        self.temporary.mkdir()
        for name, text in (("bait", "bait"), ("secret", SECRET)):
            file = self.outside / name
            file.write_text(text)
            file.chmod(0o666)
            os.utime(file, (1, 1))
        local.bind(str(folder / "socket"))
        tcp.bind(("127.0.0.1", 0))
        for listener in self._listeners:
            listener.listen(8)
            listener.setblocking(False)
        for place in (folder, self.outside):
            place.chmod(0o777)
        self.names = {
            "outside": str(self.outside),
            "port": str(tcp.getsockname()[1]),
            "socket": str(folder / "socket"),
        }

    def harm(self) -> list[str]:
        found = [f"{path.name} is new" for path in self.outside.iterdir()]
        for name, text in (("bait", "bait"), ("secret", SECRET)):
            file = self.outside / name
            if not file.exists():
                found.append(f"{name} is gone")
                continue
            found.remove(f"{name} is new")
            known = (file.stat().st_mode & 0o777, file.stat().st_mtime, file.read_text())
            if known != (0o666, 1, text):
                found.append(f"{name} is changed: {known}")
        for listener in self._listeners:
            try:
                listener.accept()[0].close()
                found.append("a connection was made")
            except BlockingIOError:
                pass
        return found


def descendants() -> set[int]:
    """The processes that come from this one; orphans among them fall to it."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            parents[int(entry.name)] = int(stat[1])
    found = {os.getpid()}
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {os.getpid()}
