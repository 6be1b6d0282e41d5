import asyncio
import socket
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from lift_sys.checking.sandbox.inside import kernel

from .hostile_host import SECRET, Host


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    kernel.prctl(kernel.PR_SET_CHILD_SUBREAPER, 1)
    # Short, because the path of a socket has room for little more than a hundred characters.
    with (
        tempfile.TemporaryDirectory(prefix="host-") as folder,
        closing(socket.socket()) as tcp,
        closing(socket.socket(socket.AF_UNIX)) as local,
        pytest.MonkeyPatch.context() as patch,
    ):
        host = Host(Path(folder), tcp, local)
        host.temporary.chmod(0o777)
        patch.setattr(tempfile, "tempdir", str(host.temporary))
        patch.setenv("LIFT_SYS_SECRET", SECRET)
        yield host
    kernel.prctl(kernel.PR_SET_CHILD_SUBREAPER, 0)


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner
