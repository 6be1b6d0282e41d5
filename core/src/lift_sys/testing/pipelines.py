"""Whole pipelines of installed plugins, on models that a test gives."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ..interfaces import Event, Provider, StrategyStopped, Task
from ..pipeline.pipeline import Pipeline
from ..pipeline.session import TaskResult
from ..plugins import Catalogue, Component, PluginManager


class KeepingObserver:
    """Keeps the events of a run."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def on_event(self, event: Event) -> None:
        self.events.append(event)

    def close(self) -> None:
        pass


class GivenModels:
    """Pipelines name a provider as it is named here."""

    def __init__(self, providers: Mapping[str, Provider]) -> None:
        self._names = list(providers)
        self._observer = KeepingObserver()
        self._plugins = PluginManager(
            Catalogue.installed(),
            given={
                "providers": [_component(name, each) for name, each in providers.items()],
                "observers": [_component("keeping", self._observer)],
            },
        )

    async def solve(
        self, tasks: Iterable[Task], document: Mapping[str, Any], record: Path
    ) -> list[TaskResult]:
        """One after the other; what `document` says of providers and observers does not count."""
        document = {
            "version": 1,
            **document,
            "providers": {name: {"use": name} for name in self._names},
            "observers": ["keeping"],
            "record": str(record),
        }
        async with Pipeline.load(document, plugins=self._plugins).open() as session:
            return [await session.solve(task) for task in tasks]

    def stops_of(self, strategy: str) -> list[StrategyStopped]:
        """In all that was solved so far."""
        stops = [each for each in self._observer.events if isinstance(each, StrategyStopped)]
        return [each for each in stops if each.strategy == strategy]


def _component(name: str, it: object) -> Component:
    def made(*_: object) -> object:
        return it

    return Component(name, made, name)
