"""Loading: from a pipeline file to all it takes to build the pipeline, or every mistake in it."""

import os
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from ..errors import ConfigError
from ..interfaces import ComponentRef, ProviderDef, RunStarted
from .bases import main_base, other_bases, rebased, texts
from .config import (
    DEFAULT_ROUTE,
    PipelineFile,
    PluginRules,
    RouteConfig,
    Settings,
    StageConfig,
)
from .environment import Expander, Secrets, stated_names
from .extends import Document, read, read_tree
from .misplaced import put_right
from .overrides import override
from .resolve import Registry, Resolutions, Resolved, Resolver
from .tree import MASK, Node, Place, from_data, merge
from .words import Keys, shown

_TABLES = ("providers", "stages", "routes")
_AROUND = ("engine", "observers", "record", "router", "tasks")
_TABLE_REMEDIES = {
    "providers": "write `name: {use: ...}` below it for each",
    "routes": "write `name:` and the stages it changes below it for each",
}
_FILE = Keys(also_known=_TABLES, deeper={"attempt": "put it below `stages:`"})
_STAGES = Keys(
    "there is no stage",
    deeper=dict.fromkeys(StageConfig.model_fields, "put it below `specify:` or `implement:`"),
)


@dataclass(frozen=True, slots=True)
class ResolvedPipeline:
    """A pipeline without a mistake in it: every component is known and its options checked."""

    settings: Settings
    providers: Mapping[str, ProviderDef]
    """Those that are used; others after them where every one was asked for."""
    unused: frozenset[str]
    """Of these, the ones that no route leads to."""
    routes: Mapping[str, RouteConfig]
    """The default route first; the others complete, laid over it already."""
    raw: Mapping[str, Any]
    """The merged file as written, for records: `${ENV}` unexpanded, without unused providers,
    a secret that is written out masked."""
    secrets: Secrets
    files: tuple[Path, ...]
    """The file and all it extends."""
    base: Path
    """The folder that its paths are relative to."""
    bases: Mapping[str, str]
    """The folders for those that another file states."""
    _resolutions: Resolutions

    def resolutions(self) -> Iterable[Resolved]:
        """Of every reference in here and in the options of components."""
        return self._resolutions.all()

    def of(self, ref: ComponentRef) -> Resolved:
        """The component and checked options of a reference in here or in any options model.

        It goes by the object itself, so pass the very reference that was met, never a copy.
        """
        return self._resolutions.of(ref)


def load(
    source: Path | str,
    *,
    overrides: Sequence[str] = (),
    registry: Registry | Callable[[PluginRules], Registry],
    environ: Mapping[str, str] | None = None,
    every_provider: bool = False,
) -> ResolvedPipeline:
    """Reads and checks a pipeline file. Raises ConfigError with all its mistakes.

    A registry that depends on the file's own `plugins:` is given as a function of them. Providers
    that no route uses are neither imported nor checked, unless `every_provider`.
    """
    document = read(Path(source))
    return _load(document, overrides, registry, environ, every_provider)


def load_mapping(
    data: Mapping[str, Any],
    base: Path,
    *,
    overrides: Sequence[str] = (),
    registry: Registry | Callable[[PluginRules], Registry],
    environ: Mapping[str, str] | None = None,
    every_provider: bool = False,
) -> ResolvedPipeline:
    """As `load`, of Python data; paths in it are relative to `base`."""
    document = read_tree(from_data(data, Place("<mapping>", None, 0, base)))
    return _load(document, overrides, registry, environ, every_provider)


def load_recorded(
    started: RunStarted,
    *,
    registry: Registry | Callable[[PluginRules], Registry],
    providers: bool = True,
) -> ResolvedPipeline:
    """The pipeline of a recorded run, `${ENV}` expanded now. Without `providers`, none of these is
    looked at, and neither is what goes on around a run; their secrets are known all the same."""
    place = Place(f"run {started.run}", None, 0, Path(started.base or "."))
    tree = rebased(from_data(started.config, place), started.bases)
    if providers:
        _refuse_masked(tree)
        return _load(Document(tree, ()), (), registry, None, False)
    inner = Document(tree.without(*_AROUND), ())
    resolved = _load(inner, (), registry, None, False, providers=False)
    for name in stated_names(str(node.value) for _, node in texts(tree, ())):
        resolved.secrets.add(os.environ.get(name, ""), f"${{{name}}}")
    return resolved


def _refuse_masked(tree: Node) -> None:
    masked = [(path, node) for path, node in texts(tree, ()) if node.value == MASK]
    if masked:
        cause = "a secret stood here in the pipeline file, and no record keeps one"
        remedy = "write ${NAME} for it in the pipeline file, and run it anew"
        raise ConfigError([node.place.mistake(path, cause, remedy) for path, node in masked])


def _load(
    document: Document,
    overrides: Sequence[str],
    registry: Registry | Callable[[PluginRules], Registry],
    environ: Mapping[str, str] | None,
    every_provider: bool,
    *,
    providers: bool = True,
) -> ResolvedPipeline:
    tree = override(document.tree, overrides, Path.cwd())
    tree, misplaced = put_right(tree, PipelineFile.model_fields)
    environ = os.environ if environ is None else environ
    resolver = Resolver(
        registry if isinstance(registry, Registry) else registry(_rules(tree, environ)),
        environ,
        tables={
            "provider": _names(tree, "providers"),
            "route": _names(tree, "routes", DEFAULT_ROUTE),
        },
    )
    for told in misplaced:
        resolver.tell(*told)
    settings = resolver.model(Settings, tree.without(*_TABLES), (), _FILE)
    routes = _routes(resolver, tree)
    used = _providers(resolver, tree) if providers else {}
    others = _providers(resolver, tree, also=_table(tree, "providers")) if every_provider else {}
    _tell_circles(resolver)
    known = {**used, **others}
    if resolver.mistakes or settings is None:
        raise ConfigError(resolver.mistakes)
    return ResolvedPipeline(
        settings=settings,
        providers=known,
        unused=frozenset(others.keys() - used.keys()),
        routes=routes,
        raw=_raw(tree, known, resolver),
        secrets=resolver.secrets,
        files=document.files,
        base=main_base(tree),
        bases=other_bases(tree),
        _resolutions=resolver.resolutions,
    )


def _raw(tree: Node, used: Container[str], resolver: Resolver) -> dict[str, Any]:
    """Unused providers were not looked at: nobody knows what in them is a secret."""
    raw: dict[str, Any] = tree.plain(resolver.masked)
    raw["providers"] = {
        name: entry for name, entry in raw.get("providers", {}).items() if name in used
    }
    return raw


def _table(tree: Node, name: str) -> Mapping[str, Node]:
    node = tree.child(name)
    return node.value if node is not None and isinstance(node.value, dict) else {}


def _names(tree: Node, table: str, *more: str) -> tuple[str, ...] | None:
    """None: the table is none, so nobody can say what is in it."""
    node = tree.child(table)
    if node is not None and not isinstance(node.value, dict):
        return None
    return (*more, *_table(tree, table))


def _check_table(resolver: Resolver, tree: Node, name: str) -> None:
    node = tree.child(name)
    if node is not None and not isinstance(node.value, dict):
        cause = f"expected a mapping of keys to values, not {shown(node)}"
        resolver.tell(node, (name,), cause, _TABLE_REMEDIES.get(name, ""))


def _rules(tree: Node, environ: Mapping[str, str]) -> PluginRules:
    """Read before all else, as they say what may be imported; what is wrong is told later."""
    node = tree.child("plugins") or Node({}, tree.place)
    expander = Expander(environ, Secrets(), lambda node, path, cause, remedy: None)
    try:
        return PluginRules.model_validate(expander.data(node, ()))
    except ValidationError:
        return PluginRules()


def _routes(resolver: Resolver, tree: Node) -> dict[str, RouteConfig]:
    found: dict[str, RouteConfig] = {}

    def resolve(name: str, node: Node, path: tuple[str, ...]) -> None:
        route = resolver.model(RouteConfig, node, path, _STAGES)
        if route is not None:
            found[name] = route

    _check_table(resolver, tree, "routes")
    stages = tree.child("stages")
    if stages is None:
        remedy = "say there how `specify` and `implement` are run"
        resolver.tell(tree, (), "`stages` is missing", remedy)
        return found
    resolve(DEFAULT_ROUTE, stages, ("stages",))
    for name, overlay in _table(tree, "routes").items():
        path = ("routes", name)
        if name == DEFAULT_ROUTE:
            cause = f"{name!r} is the name of the route that `stages` describes"
            resolver.tell(overlay, path, cause, "give this one another name")
            continue
        resolve(name, merge(stages, overlay), path)
    return found


def _providers(resolver: Resolver, tree: Node, also: Iterable[str] = ()) -> dict[str, ProviderDef]:
    """Those that are wanted and not resolved yet, and `also` these."""
    _check_table(resolver, tree, "providers")
    table = _table(tree, "providers")
    found: dict[str, ProviderDef] = {}
    # A provider may name further ones, so the list is looked at anew each time.
    while waiting := [name for name in (*resolver.wanted, *also) if name not in resolver.done]:
        name = resolver.owner = waiting[0]
        resolver.done.add(name)
        definition = resolver.model(ProviderDef, table[name], ("providers", name))
        if definition is not None:
            found[name] = definition
    return found


def _tell_circles(resolver: Resolver) -> None:
    """Providers made of providers must end somewhere."""
    inside = {name: dict(inner) for name, inner in resolver.inside.items()}
    while True:
        try:
            TopologicalSorter(inside).prepare()
        except CycleError as error:
            circle: list[str] = error.args[1][::-1]
            node, path = inside[circle[-2]].pop(circle[-1])
            cause = f"providers in a circle: {' -> '.join(circle)}"
            resolver.tell(node, path, cause, "take one of these names out")
        else:
            return
