"""What the plugin offers."""

from typing import Annotated

from pydantic import Field

from lift_sys.plugins import Component, Options, hookimpl


class RayOptions(Options):
    address: str | None = None
    """Of a running cluster, as in `ray.init`: `auto`, `host:6379` or `ray://host:10001`; none:
    Ray is started on this machine for as long as the batch takes."""
    workers: Annotated[int, Field(ge=1)] | None = None
    """How many jobs run at once, where Ray is started on this machine; none: one for each core."""
    cpus: Annotated[float, Field(gt=0)] = 1.0
    """What one job asks Ray for. Jobs that mostly wait for a model's server need far less."""
    attempts: Annotated[int, Field(ge=1)] = 3
    """How often a job is tried in all, where workers are lost over it."""


@hookimpl
def lift_sys_engines() -> list[Component]:
    return [
        Component(
            name="ray",
            factory="lift_sys_ray.engine:RayEngine",
            summary="The jobs of a batch as tasks on a Ray cluster, or on this machine's Ray",
            options=RayOptions,
        )
    ]
