"""Plugins: what is installed, and how it is loaded. Names here import on first use."""

from typing import TYPE_CHECKING

from .._lazy import lazily

if TYPE_CHECKING:
    from .catalogue import Catalogue
    from .component import Component, Options, Remark, Starter, Variable, hookimpl
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
    "Remark",
    "Starter",
    "Variable",
    "hookimpl",
]

__getattr__, __dir__ = lazily(
    __name__,
    {
        "KINDS": "kinds",
        "Catalogue": "catalogue",
        "Component": "component",
        "Kind": "kinds",
        "Options": "component",
        "PluginManager": "manager",
        "Policy": "policy",
        "Remark": "component",
        "Starter": "component",
        "Variable": "component",
        "hookimpl": "component",
    },
)
