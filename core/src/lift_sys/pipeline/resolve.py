"""Resolution: every reference of a pipeline file becomes a component with checked options."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeVar, runtime_checkable

from pydantic import BaseModel, SecretStr, ValidationError

from ..errors import BrokenPlugin, Mistake, PluginError, UnknownComponent
from ..interfaces import ComponentRef, ProviderRef
from ..nearest import did_you_mean, nearest
from ..plugins import KINDS, Component
from .environment import Expander, Secrets
from .hints import of_options
from .shapes import Leaf, Path, leaves, salvage
from .tree import Node, Place, Step, as_component, from_data
from .words import PLAIN_KEYS, Keys, Subject, explain, shown

MAX_NESTING = 50
"""Of components within one another."""

M = TypeVar("M", bound=BaseModel)
_Table = Literal["provider", "route"]


@runtime_checkable
class Registry(Protocol):
    """What resolution needs of a plugin manager."""

    def component(self, kind: str, name: str) -> Component:
        """Imports the one plugin that offers it. Raises PluginError."""
        ...

    def names(self, kind: str) -> Sequence[str]:
        """What is installed, found out without importing anything."""
        ...


@dataclass(frozen=True, slots=True)
class Resolved:
    """A reference's component, with its options checked: all it takes to build it."""

    component: Component
    options: BaseModel
    place: Place
    """Where the reference is stated."""
    path: Path

    def mistake(self, cause: str, remedy: str = "") -> Mistake:
        return self.place.mistake(self.path, cause, remedy)


class Resolutions:
    """The component of every reference, by the reference object itself.

    Not by its value: equal options stated in two files may mean two different paths.
    """

    def __init__(self) -> None:
        self._by_id: dict[int, tuple[ComponentRef, Resolved]] = {}

    def add(self, ref: ComponentRef, resolved: Resolved) -> None:
        self._by_id[id(ref)] = ref, resolved

    def all(self) -> list[Resolved]:
        return [resolved for _, resolved in self._by_id.values()]

    def of(self, ref: ComponentRef) -> Resolved:
        if id(ref) not in self._by_id:
            singular = KINDS[ref.kind].singular
            raise BrokenPlugin(
                f"a plugin asks for the {singular} {ref.use!r}, which its options do not hold",
                remedy="a component is built from the very reference in its options model",
            )
        return self._by_id[id(ref)][1]


class Resolver:
    """Walks trees against models and collects every mistake on the way."""

    def __init__(
        self,
        registry: Registry,
        environ: Mapping[str, str],
        tables: Mapping[_Table, Sequence[str] | None],
    ) -> None:
        self.secrets = Secrets()
        self.resolutions = Resolutions()
        self.wanted: dict[str, None] = {}
        """The providers that are named, in order."""
        self.done: set[str] = set()
        """Those of them whose definitions were looked at."""
        self.inside: dict[str, dict[str, tuple[Node, Path]]] = {}
        """For each provider: those that its options name, and where."""
        self.masked: set[Node] = set()
        """Where a secret is written out in the file."""
        self._registry = registry
        self._environ = environ
        self._expander = Expander(environ, self.secrets, self.tell)
        self._tables = tables
        self._mistakes: dict[tuple[Place | Node, str], Mistake] = {}
        self._too_deep = False
        self.owner = ""
        """The provider whose options are being resolved; "": none."""

    @property
    def mistakes(self) -> list[Mistake]:
        """In the order of the file."""

        def order(item: tuple[tuple[Place | Node, str], Mistake]) -> tuple[str, int, int]:
            at = item[0][0]
            place = at.place if isinstance(at, Node) else at
            return place.file, place.line or 0, place.column

        return [mistake for _, mistake in sorted(self._mistakes.items(), key=order)]

    def tell(self, node: Node, path: Sequence[Step], cause: str, remedy: str = "") -> None:
        """Routes share what `stages` states: one mistake there is told once."""
        cause, remedy = self.secrets.redact(cause), self.secrets.redact(remedy)
        where = node.place if node.place.line is not None else node
        self._mistakes.setdefault((where, cause), node.place.mistake(path, cause, remedy))

    def model(
        self,
        model: type[M],
        node: Node,
        path: Path,
        keys: Keys = PLAIN_KEYS,
        depth: int = 0,
    ) -> M | None:
        """The validated model, with all its references resolved; None where it is wrong."""
        data = self._expander.data(node, path)
        instance: M | None = None
        found: Iterable[tuple[Path, Leaf]]
        try:
            instance = model.model_validate(data)
            found = leaves(instance)
        except ValidationError as error:
            subject = Subject(model, node, data, keys, self._expander.unusable)
            for stated, cause, remedy in explain(error, subject):
                self.tell(node.nearest(stated), (*path, *stated), cause, remedy)
            found = salvage(model, data)
        except Exception as error:  # noqa: BLE001 - a plugin's validators may raise anything
            cause = f"{model.__qualname__} broke on these options: {type(error).__name__}"
            self.tell(node, path, cause, "its author should know")
            found = salvage(model, data)
        for tail, leaf in found:
            self._leaf(leaf, node, path, tail, depth)
        return instance

    def _leaf(self, leaf: Leaf, node: Node, path: Path, tail: Path, depth: int) -> None:
        stated, near = node.at(tail), node.nearest(tail)
        if isinstance(leaf, int | float):
            # pydantic takes true for 1.
            if stated is not None and isinstance(stated.value, bool):
                self.tell(stated, (*path, *tail), f"expected a number, not {shown(stated)}")
        elif isinstance(leaf, SecretStr):
            value = leaf.get_secret_value()
            if stated is not None and value and value in str(stated.value):
                self.masked.add(stated)
            self.secrets.add(value)
        elif isinstance(leaf, ComponentRef):
            # A default stands in no file, so it is told where its options stand.
            written = {"use": leaf.use, **leaf.options}
            self._component(leaf, stated or from_data(written, near.place), (*path, *tail), depth)
        else:
            table: _Table = "provider" if isinstance(leaf, ProviderRef) else "route"
            self._name(leaf.root, table, near, (*path, *tail))

    def _name(self, name: str, table: _Table, node: Node, path: Path) -> None:
        known = self._tables[table]
        if known is None or node in self._expander.unusable:
            return
        if name not in known:
            written = node.value if isinstance(node.value, str) else name
            self.tell(node, path, f"no {table} is called {written!r}", nearest(name, known))
        elif table == "provider":
            self.wanted.setdefault(name)
            self.inside.setdefault(self.owner, {}).setdefault(name, (node, path))

    def _component(self, ref: ComponentRef, node: Node, path: Path, depth: int) -> None:
        node = as_component(node)
        named = node.nearest(("use",))
        name = named.value if isinstance(named.value, str) else ref.use
        singular = KINDS[ref.kind].singular
        if named in self._expander.unusable or self._too_deep:
            return
        if depth >= MAX_NESTING:
            self._too_deep = True
            cause = f"components are nested more than {MAX_NESTING} deep here"
            self.tell(node, path, cause, f"has the {singular} {name!r} itself as its default?")
            return
        try:
            component = self._registry.component(ref.kind, ref.use)
        except UnknownComponent as error:
            names = self._registry.names(ref.kind)
            remedy = did_you_mean(ref.use, names) or error.remedy or nearest(ref.use, names)
            self.tell(named, path, f"no {singular} is called {name!r}", remedy)
            return
        except PluginError as error:
            self.tell(named, path, error.cause, error.remedy)
            return
        own = [field for field in type(ref).model_fields if field != "use"]
        meant: Mapping[str, str] = {}
        if ref.kind == "providers":
            meant = of_options(component.options.model_fields)
        options = self.model(
            component.options,
            node.without("use", *own),
            path,
            Keys(f"the {singular} {name!r} has no option", tuple(own), meant),
            depth + 1,
        )
        if options is not None:
            self.resolutions.add(ref, Resolved(component, options, node.place, path))
            self._know_variables(component)

    def _know_variables(self, component: Component) -> None:
        """What a component reads by itself is as secret as what is given to it."""
        for variable in component.variables:
            self.secrets.add(self._environ.get(variable.name, ""), f"${{{variable.name}}}")
