"""Suites that the model is measured on beside the families: opened by name, kept out of lessons."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lift_sys.data.contamination import Contamination, Known
from lift_sys.evaluation.sources import OpenSource, named_source
from lift_sys.plugins import PluginManager

from .exams import Exam


@dataclass(frozen=True, slots=True)
class Suites:
    sources: tuple[OpenSource, ...] = ()

    @classmethod
    def named(cls, names: Sequence[str]) -> "Suites":
        manager = PluginManager.installed()
        return cls(tuple(named_source(name, {}, manager) for name in names))

    def contamination(self) -> Contamination:
        """What no lesson may resemble: the tasks as anybody sees them."""
        tasks = (task for source in self.sources for task in source.tasks())
        return Contamination(tuple(Known.of(task) for task in tasks))

    def exams(self) -> Iterator[Exam]:
        for source in self.sources:
            tasks = source.tasks()
            hidden = source.hidden(tasks)
            for task in tasks:
                tests = hidden[task.id].tests
                if task.signature is not None and tests:
                    yield Exam(task, source.suite.name, tests)
