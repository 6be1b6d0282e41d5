"""What the plugin offers."""

from typing import Literal

from lift_sys.plugins import Component, Options, hookimpl


class PhasesOptions(Options):
    phase: Literal[1, 2, 3] = 3
    """1: five functions; 2: ten; 3: all eighteen."""


@hookimpl
def lift_sys_data_sources() -> list[Component]:
    return [
        Component(
            name="phases",
            factory="lift_sys_phases.source:PhasesSource",
            summary="18 hand-written functions in three phases, with hidden tests",
            options=PhasesOptions,
        )
    ]
