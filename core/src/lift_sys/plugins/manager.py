"""Finds, loads and builds components by kind and name. An object, never a global."""

from collections import Counter
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from pydantic import BaseModel

from ..errors import (
    AmbiguousComponent,
    BrokenPlugin,
    DeniedPlugin,
    LiftError,
    PluginError,
    UnknownComponent,
)
from ..nearest import did_you_mean, nearest
from ._guard import Misbehaved, guarded
from .catalogue import Catalogue, Entry
from .compatibility import check_compatible
from .component import Component
from .kinds import KINDS, Kind
from .loading import Loader, resolve
from .policy import ALLOW, DENY, Policy
from .status import OK, Status, StatusBook

if TYPE_CHECKING:
    from ..interfaces import Parts  # `lift plugins` has no use for the rest of them


class _Origin(NamedTuple):
    kind: Kind
    entry: Entry | None
    """None: given, not installed."""


class PluginManager:
    """Imports a plugin only when one of its components is asked for by name."""

    def __init__(
        self,
        catalogue: Catalogue,
        *,
        policy: Policy | None = None,
        book: StatusBook | None = None,
        given: Mapping[str, Sequence[Component]] | None = None,
    ) -> None:
        """`given` components go before those of the catalogue; `book` None keeps no status."""
        self.catalogue = catalogue
        self.policy = policy or Policy()
        self._book = book
        self._given = {
            (kind, component.name): component
            for kind, components in (given or {}).items()
            for component in components
        }
        self._loader = Loader()
        self._loaded: dict[Entry, Component] = {}
        # By id: a component may be offered twice, and the objects live as long as this one.
        self._origins: dict[int, _Origin] = {}
        for (kind, _), component in self._given.items():
            self._origins[id(component)] = _Origin(KINDS[kind], None)

    @classmethod
    def installed(cls, policy: Policy | None = None) -> "PluginManager":
        """All that is installed, as far as the policy and the environment's lists let it in."""
        return cls(
            Catalogue.installed(),
            policy=(policy or Policy()).within(Policy.from_environment()),
            book=StatusBook.of_this_environment(),
        )

    @classmethod
    def of(cls, **components: Sequence[Component]) -> "PluginManager":
        """Just these, by kind (`strategies=[...]`): nothing is discovered."""
        return cls(Catalogue([], core_version=None), given=components)

    def names(self, kind: str) -> Sequence[str]:
        """What may be named, found out without importing anything."""
        given = {name for of_kind, name in self._given if of_kind == kind}
        allowed = [entry for entry in self.catalogue.of(kind) if not self._denial(entry)]
        offers = Counter(entry.name for entry in allowed)
        others = (
            entry.name if offers[entry.name] == 1 else entry.full_name
            for entry in allowed
            if entry.name not in given
        )
        return sorted({*given, *others})

    def component(self, kind: str, name: str) -> Component:
        """Imports the one plugin that offers it. Raises PluginError."""
        if (kind, name) in self._given:
            return self._given[kind, name]
        entry = self.entry(kind, name)
        if entry not in self._loaded:
            check_compatible(entry, self.catalogue.core_version)
            try:
                component = self._loader.load(entry)
            except Misbehaved as misbehaved:
                self._break(f"{entry.distribution} {entry.version}", entry, misbehaved)
            self._loaded[entry] = component
            self._origins[id(component)] = _Origin(KINDS[kind], entry)
        return self._loaded[entry]

    def entry(self, kind: str, name: str) -> Entry:
        """Whose component it is, found out without importing anything. Raises PluginError."""
        if kind not in KINDS:
            raise UnknownComponent(
                f"there is no kind of component called {kind!r}", remedy=nearest(kind, KINDS)
            )
        found = self.catalogue.find(kind, name)
        allowed = [entry for entry in found if not self._denial(entry)]
        if len(allowed) == 1:
            return allowed[0]
        raise self._refusal(kind, name, allowed or list(found))

    def _refusal(self, kind: str, name: str, found: Sequence[Entry]) -> PluginError:
        """`found` are several that are allowed, or those that are not."""
        wanted = f"the {KINDS[kind].singular} {name!r}"
        if not found:
            near = did_you_mean(name, self.names(kind))
            return UnknownComponent(
                f"no installed distribution offers {wanted}",
                remedy=near
                or "`lift plugins` lists what is installed; `pip install` the"
                " distribution that offers it",
            )
        if denial := self._denial(found[0]):
            return DeniedPlugin(
                f"{found[0].distribution}, which offers {wanted}, {denial}",
                remedy=f"change {ALLOW}, {DENY} or the pipeline file's `plugins:`, or use another",
            )
        return AmbiguousComponent(
            f"{' and '.join(entry.distribution for entry in found)} both offer {wanted}",
            remedy=f"write {' or '.join(f'`{entry.full_name}`' for entry in found)}",
        )

    def factory(self, component: Component) -> Any:
        """Imports what makes the component. Raises BrokenPlugin."""
        named = component.factory
        if not isinstance(named, str):
            return named
        origin = self._origins.get(id(component))
        entry = origin.entry if origin else None
        try:
            found = resolve(named)
            if not callable(found):
                raise Misbehaved(f"names the factory {named!r}, which is not callable")
        except Misbehaved as misbehaved:
            self._break(_label(component, origin), entry, misbehaved)
        if entry is not None:
            self._note(entry, OK)
        return found

    def build(self, component: Component, options: BaseModel, parts: "Parts") -> Any:
        """The component itself, checked against its kind's interface. Raises BrokenPlugin."""
        make = self.factory(component)
        origin = self._origins.get(id(component))
        try:
            built = guarded("when it is built", lambda: make(options, parts), passing=(LiftError,))
        except Misbehaved as misbehaved:
            label, cause = _label(component, origin), misbehaved.__cause__
            raise BrokenPlugin(
                f"{label} {misbehaved.cause}", remedy=misbehaved.remedy or _remedy(cause, label)
            ) from cause
        if origin is not None:
            _check_interface(built, component, origin)
        return built

    def command(self, name: str) -> Any:
        """A plugin's command of the `lift` program: its factory is the click command itself."""
        component = self.component("commands", name)
        command = self.factory(component)
        _check_interface(command, component, self._origins[id(component)])
        return command

    def used(self) -> dict[str, str]:
        """The distributions asked for so far and their versions: what a record of a run needs."""
        return {entry.distribution: entry.version for entry in self._loaded}

    def used_components(self) -> list[tuple[str, str]]:
        """The kind and full name of each that was asked for so far."""
        return [(entry.kind, entry.full_name) for entry in self._loaded]

    def _denial(self, entry: Entry) -> str | None:
        return self.policy.denial(entry.distribution)

    def _note(self, entry: Entry, status: Status) -> None:
        if self._book is not None:
            self._book.record(entry, status)

    def _break(self, plugin: str, entry: Entry | None, misbehaved: Misbehaved) -> NoReturn:
        if entry is not None:
            self._note(entry, Status(state="broken", cause=misbehaved.cause))
        raise BrokenPlugin(
            f"{plugin} {misbehaved.cause}",
            remedy=misbehaved.remedy or _remedy(misbehaved.__cause__, plugin),
        ) from misbehaved


def _label(component: Component, origin: _Origin | None) -> str:
    if origin is None:
        return f"the component {component.name!r}"
    named = f"the {origin.kind.singular} {component.name!r}"
    entry = origin.entry
    return f"{named} of {entry.distribution} {entry.version}" if entry else named


def _check_interface(built: object, component: Component, origin: _Origin) -> None:
    module, _, attribute = origin.kind.interface.partition(":")
    # Late, as `click` is wanted by commands alone.
    interface: Any = getattr(import_module(module), attribute)
    if not isinstance(built, interface):
        raise BrokenPlugin(
            f"{_label(component, origin)} is a {type(built).__name__}, which is no {attribute}",
            remedy=f"its author makes it implement `{origin.kind.interface.replace(':', '.')}`",
        )


def _remedy(error: BaseException | None, plugin: str) -> str:
    if isinstance(error, ModuleNotFoundError) and error.name:
        return f"`pip install` what provides the module {error.name!r}, or reinstall {plugin}"
    return f"upgrade, mend or uninstall {plugin}; LIFT_SYS_DEBUG=1 shows where it happened"
