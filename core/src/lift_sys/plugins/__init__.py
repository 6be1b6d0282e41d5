"""Plugins: what is installed, and how it is loaded. Names here import on first use."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .catalogue import Catalogue
    from .component import Component, Options, hookimpl
    from .kinds import KINDS, Kind
    from .manager import PluginManager
    from .policy import Policy

__all__ = [
    "KINDS",
    "Catalogue",
    "Component",
    "Kind",
    "Options",
    "PluginManager",
    "Policy",
    "hookimpl",
]

_HOME = {
    "KINDS": "kinds",
    "Catalogue": "catalogue",
    "Component": "component",
    "Kind": "kinds",
    "Options": "component",
    "PluginManager": "manager",
    "Policy": "policy",
    "hookimpl": "component",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_HOME[name]}", __name__), name)
