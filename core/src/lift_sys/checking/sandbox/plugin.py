"""What the core offers under the kind `sandboxes`."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from ...plugins import Component, Options, hookimpl


class ZygoteOptions(Options):
    zygotes: Annotated[int, Field(ge=1, le=256)] | None = None
    """How many warm processes at most; by default one for each core."""
    allow_unsandboxed: bool = False
    """Run code even where this system cannot keep it from changing files."""


class SubprocessOptions(Options):
    processes: Annotated[int, Field(ge=1, le=256)] | None = None
    """How many jobs at once; by default two for each core."""
    allow_unsandboxed: bool = False
    """Run code even where this system cannot keep it from changing files."""


@hookimpl
def lift_sys_sandboxes() -> Sequence[Component]:
    return (
        Component(
            name="zygote",
            factory="lift_sys.checking.sandbox.factories:zygote",
            summary="a warm process that forks for each job, with every guard Linux has",
            options=ZygoteOptions,
        ),
        Component(
            name="subprocess",
            factory="lift_sys.checking.sandbox.factories:subprocess",
            summary="a fresh interpreter for each job, with the guards this system has",
            options=SubprocessOptions,
        ),
    )
