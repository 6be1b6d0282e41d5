"""Where hostile code runs. The names here import on first use: `plugin.py` must stay light."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .factories import default_sandbox
    from .processes import SubprocessSandbox
    from .zygotes import ZygoteSandbox

__all__ = ["SubprocessSandbox", "ZygoteSandbox", "default_sandbox"]

_HOME = {
    "SubprocessSandbox": "processes",
    "ZygoteSandbox": "zygotes",
    "default_sandbox": "factories",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_HOME[name]}", __name__), name)
