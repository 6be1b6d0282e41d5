"""The guards around code from models: which hold here, and what each one protects."""

import asyncio
import sys
from collections.abc import Iterator

from ..checking.sandbox import default_sandbox
from ..checking.sandbox.launch import ESSENTIAL_GUARD
from .children import NoAnswer, ask, reply
from .findings import Finding

_SECONDS = 60.0
_SECTION = "sandbox"
PROTECTS = {
    "no network": "code cannot call anybody, or send your files away",
    "no outside reads": "code cannot read your files, keys among them",
    "no outside writes": "code cannot change or delete your files",
    "no processes": "code cannot start programs",
    "no signals": "code cannot stop other programs",
    "memory limit": "code cannot take all memory",
    "cpu limit": "code that never ends is stopped",
    "scratch limit": "code cannot fill the disk",
}
_ON_LINUX = (
    "`sudo sysctl -w kernel.unprivileged_userns_clone=1 "
    "kernel.apparmor_restrict_unprivileged_userns=0`, as far as they are there; in a container "
    "`--security-opt seccomp=unconfined`; Linux 5.13 or newer has Landlock"
)
_ELSEWHERE = "run lift in a Linux container or virtual machine"


def find() -> Iterator[Finding]:
    remedy = _ON_LINUX if sys.platform == "linux" else _ELSEWHERE
    try:
        active: list[str] = ask(__name__, seconds=_SECONDS)
    except NoAnswer as error:
        yield Finding(
            section=_SECTION,
            name="sandbox",
            state="problem",
            detail=error.cause,
            remedy=error.remedy or remedy,
        )
        return
    for name, meaning in PROTECTS.items():
        if name in active:
            yield Finding(section=_SECTION, name=name, state="ok", detail=meaning)
            continue
        needed = name == ESSENTIAL_GUARD
        yield Finding(
            section=_SECTION,
            name=name,
            state="problem" if needed else "absent",
            detail=f"not to be had here: then it does not hold that {meaning}",
            remedy=remedy + ("; or accept the risk with --allow-unsandboxed" if needed else ""),
        )


def _active() -> list[str]:
    async def guards() -> tuple[str, ...]:
        sandbox = default_sandbox(allow_unsandboxed=True)
        try:
            return sandbox.guards()
        finally:
            await sandbox.aclose()

    return list(asyncio.run(guards()))


if __name__ == "__main__":
    reply(_active, sys.argv[1:])
