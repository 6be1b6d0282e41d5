"""Makes the core's sandboxes from their options."""

import sys
from typing import TYPE_CHECKING

from ...errors import SandboxRefused
from ...interfaces import Parts, Sandbox
from .plugin import SubprocessOptions, ZygoteOptions
from .processes import SubprocessSandbox

if sys.platform == "linux" or TYPE_CHECKING:
    from .zygotes import ZygoteSandbox


def zygote(options: ZygoteOptions, parts: Parts | None = None) -> Sandbox:
    if sys.platform != "linux":
        raise SandboxRefused(
            "the sandbox `zygote` needs Linux", remedy="use the sandbox `subprocess` here"
        )
    return ZygoteSandbox(zygotes=options.zygotes, allow_unsandboxed=options.allow_unsandboxed)


def subprocess(options: SubprocessOptions, parts: Parts | None = None) -> Sandbox:
    return SubprocessSandbox(
        processes=options.processes, allow_unsandboxed=options.allow_unsandboxed
    )


def default_sandbox(*, allow_unsandboxed: bool = False) -> Sandbox:
    """The best one for this system."""
    if sys.platform == "linux":
        return zygote(ZygoteOptions(allow_unsandboxed=allow_unsandboxed))
    return subprocess(SubprocessOptions(allow_unsandboxed=allow_unsandboxed))
