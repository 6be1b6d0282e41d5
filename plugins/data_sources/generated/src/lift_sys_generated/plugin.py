"""What the plugin offers."""

from typing import Annotated, Literal

from pydantic import Field

from lift_sys.interfaces import ConfigPath
from lift_sys.plugins import Component, Options, hookimpl


class GeneratedOptions(Options):
    seed: Annotated[int, Field(ge=0)] = 0
    """Another seed, other tasks."""
    count: Annotated[int, Field(ge=1, le=1000)] = 500
    """How many, before a part is chosen. A smaller suite is the beginning of a larger one."""
    part: Literal["in_family", "held_out"] | None = None
    """Only the tasks of this part; unset: both."""
    wording: Literal[1, 2, 3] = 1
    """Which of each task's three wordings is the request."""
    against: tuple[ConfigPath, ...] = ()
    """Files of tasks (JSON Lines) that none of these may resemble."""


@hookimpl
def lift_sys_data_sources() -> list[Component]:
    return [
        Component(
            name="generated",
            factory="lift_sys_generated.source:create",
            summary="Hundreds of validated tasks from one seed, in two parts",
            options=GeneratedOptions,
        )
    ]
