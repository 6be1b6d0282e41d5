"""What the plugin offers."""

from typing import Annotated

from pydantic import Field

from lift_sys.data.curriculum import Curriculum
from lift_sys.plugins import Component, Options, hookimpl


class TemplatesOptions(Options):
    seed: Annotated[int, Field(ge=0)] = 0
    """Another seed, other tasks."""
    limit: Annotated[int, Field(ge=1, le=10_000)] = 100
    """How many. A smaller set is the beginning of a larger one."""
    wordings: Annotated[int, Field(ge=1, le=5)] = 1
    """Tasks for each function, in other words."""
    families: tuple[str, ...] = ()
    """Names of families; none: all that may be trained on."""
    curriculum: Curriculum = 1
    """2, 3: with the wordings and the composed families of later curricula."""


@hookimpl
def lift_sys_data_sources() -> list[Component]:
    return [
        Component(
            name="templates",
            factory="lift_sys_templates.source:create",
            summary="Tasks from the families that models are trained on",
            options=TemplatesOptions,
        )
    ]
