"""What the plugin offers."""

from pathlib import Path

from pydantic import model_validator

from lift_sys.interfaces import ConfigPath, Price, ProviderRef
from lift_sys.plugins import Component, Options, Starter, hookimpl

QUICKSTART = Path(__file__).with_name("quickstart.jsonl")
"""Written by hand, for the one request below."""
QUICKSTART_REQUEST = (
    "Create a function that gives the ticket class of a visitor from the age. Return 'child' below "
    "12, 'senior' from 65 on, and 'adult' otherwise. A negative age is a ValueError."
)


class Recording(Options):
    provider: ProviderRef
    """Asked for what is not recorded yet; its replies are appended to the file."""


class ReplayOptions(Options):
    path: ConfigPath = QUICKSTART
    """A JSONL file of recorded replies, or a folder of such files. Unset: those of
    `examples/replay`, for its one request."""
    record: Recording | None = None
    """Unset: a request that is not recorded is an error."""
    price: Price = Price(input=0, output=0)
    """US dollars per million tokens, for what is replayed without `record`."""

    @model_validator(mode="after")
    def _records_elsewhere(self) -> "ReplayOptions":
        if self.record is not None and "path" not in self.model_fields_set:
            raise ValueError("name the file to record to, as `path`")
        return self


@hookimpl
def lift_sys_providers() -> list[Component]:
    return [
        Component(
            name="replay",
            factory="lift_sys_replay.provider:create",
            summary="Recorded replies: offline, without a key, the same every time",
            options=ReplayOptions,
            starter=Starter(request=QUICKSTART_REQUEST),
        )
    ]
