"""Registers the scorer; light on purpose."""

from lift_sys.plugins import Component, hookimpl


@hookimpl
def lift_sys_scorers() -> list[Component]:
    return [
        Component(
            name="schema",
            factory="lift_sys_schema.scorer:Schema",
            summary="1 for a valid result of the stage, 0 for anything else",
        )
    ]
