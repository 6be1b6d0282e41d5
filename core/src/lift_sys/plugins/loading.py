"""Imports a plugin's module, registers it with pluggy, and asks it for what it offers."""

import sys
from collections.abc import Sequence
from importlib import import_module, invalidate_caches
from types import ModuleType
from typing import Any, cast

import pluggy
from pydantic import BaseModel

from ..nearest import nearest
from . import hookspecs
from ._guard import Misbehaved, guarded
from .catalogue import Entry
from .component import Component, Starter, Variable
from .kinds import KINDS, Kind

_HOOKS = {kind.hook: kind for kind in KINDS.values()}


class Loader:
    """Each plugin module is imported and registered once; one that failed is tried again."""

    def __init__(self) -> None:
        self._pluggy = pluggy.PluginManager("lift_sys")
        self._pluggy.add_hookspecs(hookspecs)

    def load(self, entry: Entry) -> Component:
        """Raises Misbehaved."""
        kind = KINDS[entry.kind]
        module = self._registered(entry)
        try:
            offered = self._offered(kind, module)
            return _chosen(entry.name, offered, kind, module)
        except Misbehaved:
            self._forget(entry, module)
            raise

    def _registered(self, entry: Entry) -> ModuleType:
        known = self._pluggy.get_plugin(entry.value)
        if known is not None:
            return known
        if ":" in entry.value:
            raise Misbehaved(
                f"has the entry point {entry.value!r}, which is no module",
                "its author names the module alone, without `:attribute`",
            )
        # Mended files may be younger than what the importer remembers of their folder.
        invalidate_caches()
        module = guarded("when it is imported", lambda: import_module(entry.value))
        try:
            self._check_hooks(module)
            self._pluggy.register(module, entry.value)
        except pluggy.PluginValidationError as error:
            self._forget(entry, module)
            raise Misbehaved(f"has a hook that cannot be called: {error}") from error
        except Misbehaved:
            self._forget(entry, module)
            raise
        return module

    def _forget(self, entry: Entry, module: ModuleType) -> None:
        if self._pluggy.is_registered(module):
            self._pluggy.unregister(module)
        sys.modules.pop(entry.value, None)

    def _check_hooks(self, module: ModuleType) -> None:
        for name in dir(module):
            options = self._pluggy.parse_hookimpl_opts(module, name)
            hook = options and (options.get("specname") or name)
            if hook and hook not in _HOOKS:
                raise Misbehaved(
                    f"implements the hook {hook!r}, which does not exist", nearest(hook, _HOOKS)
                )

    def _offered(self, kind: Kind, module: ModuleType) -> Sequence[object]:
        others = [plugin for plugin in self._pluggy.get_plugins() if plugin is not module]
        call = self._pluggy.subset_hook_caller(kind.hook, others)
        if not call.get_hookimpls():
            undecorated = callable(getattr(module, kind.hook, None))
            raise Misbehaved(
                f"does not implement the hook {kind.hook!r}",
                "its author decorates the function with @hookimpl" if undecorated else "",
            )
        results = guarded(f"in {kind.hook}", call)
        offered = results[0] if results else None
        if not isinstance(offered, list | tuple):
            raise Misbehaved(f"returns {_kind_of(offered)} from {kind.hook}, no list of Component")
        return cast("Sequence[object]", offered)


def _chosen(name: str, offered: Sequence[object], kind: Kind, module: ModuleType) -> Component:
    names: list[str] = []
    for component in offered:
        if not isinstance(component, Component):
            raise Misbehaved(f"returns {_kind_of(component)} from {kind.hook}, not a Component")
        if component.name == name:
            _check(component)
            return component
        names.append(str(component.name))
    raise Misbehaved(
        f"promises the {kind.singular} {name!r}, but {module.__name__} does not offer it",
        nearest(name, names),
    )


def _check(component: Component) -> None:
    options: Any = component.options
    if not (isinstance(options, type) and issubclass(options, BaseModel)):
        raise Misbehaved(f"gives {component.name!r} options that are no pydantic model")
    factory: Any = component.factory
    module, _, attribute = factory.partition(":") if isinstance(factory, str) else ("", "", "")
    if not callable(factory) and not (module and attribute):
        raise Misbehaved(f"gives {component.name!r} a factory that is no `module:attribute`")
    variables: Any = component.variables
    if not isinstance(variables, tuple) or not all(
        isinstance(variable, Variable) for variable in cast("tuple[object, ...]", variables)
    ):
        raise Misbehaved(f"gives {component.name!r} variables that are no tuple of Variable")
    starter: Any = component.starter
    if starter is not None and not isinstance(starter, Starter):
        raise Misbehaved(f"gives {component.name!r} a starter that is no Starter")


def resolve(factory: str) -> object:
    """What a `module:attribute` names. Raises Misbehaved."""
    name, _, path = factory.partition(":")
    found: Any = guarded(f"when {name} is imported", lambda: import_module(name))
    for attribute in path.split("."):
        if not hasattr(found, attribute):
            raise Misbehaved(
                f"names the factory {factory!r}, which does not exist",
                nearest(attribute, [known for known in dir(found) if not known.startswith("_")]),
            )
        found = getattr(found, attribute)
    return found


def _kind_of(value: object) -> str:
    return f"a {type(value).__name__}"
