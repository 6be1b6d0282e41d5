"""What the plugin offers."""

from lift_sys.interfaces import ConfigPath, Price, ProviderRef
from lift_sys.plugins import Component, Options, hookimpl


class Recording(Options):
    provider: ProviderRef
    """Asked for what is not recorded yet; its replies are appended to the file."""


class ReplayOptions(Options):
    path: ConfigPath
    """A JSONL file of recorded replies, or a folder of such files."""
    record: Recording | None = None
    """Unset: a request that is not recorded is an error."""
    price: Price = Price(input=0, output=0)
    """US dollars per million tokens, for what is replayed without `record`."""


@hookimpl
def lift_sys_providers() -> list[Component]:
    return [
        Component(
            name="replay",
            factory="lift_sys_replay.provider:create",
            summary="Recorded replies: offline, without a key, the same every time",
            options=ReplayOptions,
        )
    ]
