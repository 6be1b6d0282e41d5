"""What the other kinds must do."""

import tempfile
from pathlib import Path
from typing import Any, ClassVar

import click
from click.testing import CliRunner

from ...interfaces import (
    Check,
    DataSource,
    Exporter,
    ImplementStage,
    Noted,
    Observer,
    RunEnded,
    SpecifyStage,
    Spend,
    Subject,
    Suite,
    Task,
    TaskStarted,
    Trainer,
)
from ...plugins import PluginManager
from ..runs import make_context
from ..samples import RIGHT, SPECIFICATION, TASK, scripted_model
from ..sandboxes import TrustingSandbox
from .base import ComponentConformance, run


class DataSourceConformance(ComponentConformance):
    kind = "data_sources"
    limit: ClassVar[int] = 200
    """How many of its tasks are looked at."""

    def tasks(self) -> list[Task]:
        source: DataSource = self.make()
        return [task for task, _ in zip(source.tasks(), range(self.limit), strict=False)]

    def test_it_says_which_suite_its_tasks_are_of(self) -> None:
        source: DataSource = self.make()
        assert isinstance(source.suite, Suite)
        assert source.suite == self.make().suite

    def test_it_yields_tasks_with_distinct_ids(self) -> None:
        tasks = self.tasks()
        assert tasks, "it yields no task"
        ids = [task.id for task in tasks]
        assert len(set(ids)) == len(ids), "two tasks share an id"

    def test_it_yields_the_same_tasks_again(self) -> None:
        assert self.tasks() == self.tasks()

    def test_hidden_tests_are_of_the_tasks_asked_for(self) -> None:
        source: DataSource = self.make()
        ids = [task.id for task in self.tasks()]
        hidden = source.hidden(ids)
        assert set(hidden) <= set(ids)
        assert all(key == value.task for key, value in hidden.items())
        assert not source.hidden(["no such task"]), "it invents hidden tests"

    def test_no_hidden_test_is_visible(self) -> None:
        source: DataSource = self.make()
        for task in self.tasks():
            hidden = source.hidden([task.id]).get(task.id)
            shown = [example.model_dump_json() for example in task.examples]
            for test in hidden.tests if hidden else ():
                assert test.model_dump_json() not in shown, f"{task.id} shows a hidden test"


class ObserverConformance(ComponentConformance):
    kind = "observers"

    def test_it_bears_every_event_and_a_close(self) -> None:
        observer: Observer = self.make()
        observer.on_event(TaskStarted(task="t", request="r", document={}))
        observer.on_event(Noted(task="t", message="a \x1b[31mred\x1b[0m note"))
        observer.on_event(RunEnded(why="done", spend=Spend(), seconds=1.0))
        observer.close()


class CommandConformance(ComponentConformance):
    kind = "commands"

    def make(self) -> click.Command:
        return PluginManager.installed().command(self.component)

    def test_its_help_says_what_it_does(self) -> None:
        result = CliRunner().invoke(self.make(), ["--help"])
        assert result.exit_code == 0, result.output
        assert self.make().help, "a command needs a docstring"


class TrainerConformance(ComponentConformance):
    kind = "trainers"

    def test_it_estimates_before_it_starts(self) -> None:
        trainer: Trainer = self.make()
        estimate = trainer.estimate()
        assert estimate.seconds >= 0
        assert estimate.usd >= 0

    def test_it_leaves_a_model_where_it_says(self) -> None:
        trainer: Trainer = self.make()
        with tempfile.TemporaryDirectory() as folder:
            trained = run(trainer.train(Path(folder)), seconds=600)
            assert trained.path.exists()
            assert trained.digest

    def test_what_it_exports_to_is_written_where_it_says(self) -> None:
        trainer: Trainer = self.make()
        if not isinstance(trainer, Exporter):
            return
        assert all(summary.strip() for summary in trainer.forms().values())
        with tempfile.TemporaryDirectory() as folder:
            run(trainer.train(Path(folder) / "trained"), seconds=600)
            for form in trainer.forms():
                to = Path(folder) / "exported" / form
                written = trainer.export(Path(folder) / "trained", form, to)
                assert written.exists()
                assert written.is_relative_to(to), f"{form} was not written into its folder"


class StageConformance(ComponentConformance):
    kind = "stages"

    def test_its_problems_can_be_drawn_from(self) -> None:
        stage = self.make()
        assert isinstance(stage, SpecifyStage | ImplementStage)
        if isinstance(stage, SpecifyStage):
            problem: Any = stage.specify(TASK, TrustingSandbox())
        else:
            problem = stage.implement(TASK, SPECIFICATION, TrustingSandbox())
        drawn = run(problem.draw(make_context(scripted_model()), 3))
        assert len(drawn) == 3
        value = drawn[0].value
        assert value is not None, drawn[0].failure
        assert problem.canonical(value) == problem.canonical(value)
        run(problem.check(value))


class CheckConformance(ComponentConformance):
    kind = "checks"

    def test_it_finds_no_error_in_correct_code(self) -> None:
        check: Check = self.make()
        subject = Subject(task=TASK, ir=SPECIFICATION, code=RIGHT)
        findings = run(check.examine(subject, TrustingSandbox()))
        assert not [finding for finding in findings if finding.severity == "error"]

    def test_it_bears_an_ir_without_code(self) -> None:
        check: Check = self.make()
        run(check.examine(Subject(task=TASK, ir=SPECIFICATION), TrustingSandbox()))
