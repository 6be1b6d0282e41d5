"""Registers the scorer; light on purpose."""

from typing import Literal

from lift_sys.plugins import Component, Options, hookimpl

Role = Literal["returned", "contained", "threshold", "mentioned"]


class LiteralsOptions(Options):
    roles: frozenset[Role] = frozenset({"returned", "contained", "threshold", "mentioned"})
    """Which literals of the request are looked for, by the part they play in it: `returned`,
    `contained` ('must contain'), `threshold` ('at least 8'), other quoted texts (`mentioned`)."""


@hookimpl
def lift_sys_scorers() -> list[Component]:
    return [
        Component(
            name="literals",
            factory="lift_sys_literals.scorer:Literals",
            summary="Whether each literal of the request is present, exactly, where it matters",
            options=LiteralsOptions,
        )
    ]
