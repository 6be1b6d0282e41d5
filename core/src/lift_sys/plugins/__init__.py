"""Plugins: what is installed, and how it is loaded. Names here import on first use."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .component import Component, Options, hookimpl
    from .kinds import KINDS, Kind

__all__ = ["KINDS", "Component", "Kind", "Options", "hookimpl"]

_HOME = {
    "KINDS": "kinds",
    "Component": "component",
    "Kind": "kinds",
    "Options": "component",
    "hookimpl": "component",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_HOME[name]}", __name__), name)
