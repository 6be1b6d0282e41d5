"""What the plugin offers."""

from lift_sys.interfaces import ConfigPath
from lift_sys.plugins import Component, Options, hookimpl


class JsonlOptions(Options):
    path: ConfigPath
    """The tasks, one JSON object a line."""
    hidden: ConfigPath | None = None
    """The hidden tests. Unset: `NAME.hidden.jsonl` beside `NAME.jsonl`, if it is there."""
    name: str | None = None
    """What results call this suite. Unset: the file's name without its ending."""
    version: str = ""
    """Raise it when you change the tasks: results name it."""


@hookimpl
def lift_sys_data_sources() -> list[Component]:
    return [
        Component(
            name="jsonl",
            factory="lift_sys_jsonl.source:create",
            summary="Tasks from a JSON Lines file, hidden tests kept apart",
            options=JsonlOptions,
        )
    ]
