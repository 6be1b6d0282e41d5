"""Data sources opened by whoever evaluates: by name and options, outside any pipeline."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from ..errors import InputError
from ..interfaces import DataSource, Hidden, StatedText, Suite, Task
from ..nearest import did_you_mean
from ..pipeline.alone import NoParts
from ..pipeline.config import PluginRules
from ..plugins import PluginManager, Policy
from .selection import few

JSON_LINES = ".jsonl"


@dataclass(frozen=True, slots=True)
class OpenSource:
    use: str
    options: dict[str, Any]
    """As JSON; paths are absolute."""
    source: DataSource

    @property
    def suite(self) -> Suite:
        return self.source.suite

    def tasks(self) -> list[Task]:
        """All of them. Raises InputError where two share an id, or one is specified already."""
        found: dict[str, Task] = {}
        for task in self.source.tasks():
            if task.id in found:
                raise InputError(
                    f"{self.suite.name} has two tasks called {task.id!r}",
                    remedy="give each its own id",
                )
            if task.specification is not None:
                raise InputError(
                    f"{self.suite.name} shows the specification of its task {task.id!r}",
                    remedy="put it among what is hidden: `hidden.ir`",
                )
            found[task.id] = task
        if not found:
            raise InputError(f"{self.suite.name} has no task", remedy="look at its options")
        return list(found.values())

    def hidden(self, tasks: Sequence[Task]) -> dict[str, Hidden]:
        """For graders. Raises InputError where a task has no hidden tests."""
        names = [task.id for task in tasks]
        found = dict(self.source.hidden(names))
        missing = [name for name in names if name not in found]
        if missing:
            raise InputError(
                f"{len(missing)} of {len(names)} tasks have no hidden tests ({few(missing)}), "
                "so nothing can grade them",
                remedy="add tests to the suite, or leave these tasks out; the run is kept",
            )
        return {name: found[name] for name in names}


def plugins_of(rules: PluginRules) -> PluginManager:
    """Those installed that a pipeline lets in."""
    return PluginManager.installed(Policy.of(allow=rules.allow, deny=rules.deny))


def open_source(
    use: str, options: Mapping[str, Any], manager: PluginManager, base: Path | None = None
) -> OpenSource:
    """Raises InputError for wrong options, PluginError where nothing offers it."""
    component = manager.component("data_sources", use)
    stated = {name: _stated(value, base or Path.cwd()) for name, value in options.items()}
    try:
        checked = component.options.model_validate(stated)
    except ValidationError as error:
        raise _wrong_option(use, error, component.options) from None
    source = manager.build(
        component, checked, NoParts("data source", use, "name it under `tasks:` in a pipeline")
    )
    return OpenSource(use, checked.model_dump(mode="json"), source)


def named_source(
    text: str, options: Mapping[str, Any], manager: PluginManager, base: Path | None = None
) -> OpenSource:
    """`text`: a data source, or the path of a JSON Lines file of tasks."""
    if text.endswith(JSON_LINES) or "/" in text:
        return open_source("jsonl", {"path": text, **options}, manager, base)
    return open_source(text, options, manager, base)


def _stated(value: Any, base: Path) -> Any:
    return StatedText(value, base, value) if type(value) is str else value


def _wrong_option(use: str, error: ValidationError, model: type[BaseModel]) -> InputError:
    first = error.errors(include_url=False)[0]
    name = ".".join(map(str, first["loc"]))
    if first["type"] == "extra_forbidden":
        near = did_you_mean(name, list(model.model_fields))
        known = ", ".join(model.model_fields) or "none"
        return InputError(
            f"the data source {use!r} has no option {name!r}",
            remedy=near or f"its options: {known}",
        )
    if first["type"] == "missing":
        return InputError(
            f"the data source {use!r} needs the option {name!r}",
            remedy=f"`--option {name}=...`",
        )
    return InputError(f"the option {name!r} of the data source {use!r}: {first['msg']}")
