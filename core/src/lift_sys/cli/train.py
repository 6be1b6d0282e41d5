"""`lift train`: trains a model as a file says, and hands it to those who serve it."""

import sys
from collections.abc import Sequence
from contextlib import redirect_stdout
from pathlib import Path

import click

from ..errors import InputError
from ..interfaces import Estimate, Exporter, Trained, Trainer
from ..nearest import nearest
from ..pipeline.edge import run_async
from ..pipeline.training import load_training
from ..plugins import PluginManager
from ._terminal import columns, err, line, out, out_json

_file_argument = click.argument("training_file", metavar="FILE", type=click.Path(path_type=Path))
_set_option = click.option(
    "--set",
    "overrides",
    multiple=True,
    metavar="KEY=VALUE",
    help="Change one value of the file, such as trainer.steps=100. May be given several times.",
)


class _FileOrCommand(click.Group):
    """`lift train FILE` is short for `lift train run FILE`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and args[0] not in ("--help", "-h"):
            args = ["run", *args]
        return super().parse_args(ctx, args)


@click.group(name="train", cls=_FileOrCommand)
def command() -> None:
    """Train a model as FILE says: `lift train FILE`. An interrupted training goes on where it
    stopped when the same command is given again."""


@command.command("run")
@_file_argument
@_set_option
@click.option("--estimate", "only_estimate", is_flag=True, help="Tell time and cost, and stop.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def run(training_file: Path, overrides: Sequence[str], only_estimate: bool, as_json: bool) -> None:
    """Train, after telling how long it will take and what it costs."""
    with redirect_stdout(sys.stderr):
        folder, trainer = _loaded(training_file, overrides)
        estimate = trainer.estimate()
        trained = None if only_estimate else _train(trainer, folder, estimate)
    if trained is None:
        _show_estimate(estimate, as_json)
    else:
        _show_trained(trained, as_json)


def _train(trainer: Trainer, folder: Path, estimate: Estimate) -> Trained:
    err(line(f"{_told(estimate)}; folder {folder}"))
    folder.mkdir(parents=True, exist_ok=True)
    return run_async(trainer.train(folder))


@command.command("export")
@_file_argument
@_set_option
@click.option(
    "--to",
    "to",
    required=True,
    metavar="FOLDER",
    type=click.Path(path_type=Path),
    help="Where the model is written.",
)
@click.option("--form", metavar="NAME", help="What for; without one, the trainer's usual one.")
def export(training_file: Path, overrides: Sequence[str], to: Path, form: str | None) -> None:
    """Write the model that FILE trained into FOLDER, in the form that its users read."""
    with redirect_stdout(sys.stderr):
        folder, trainer = _loaded(training_file, overrides)
        if not isinstance(trainer, Exporter):
            raise InputError("this trainer exports nothing", remedy=f"its model is in {folder}")
        forms = trainer.forms()
        chosen = form or next(iter(forms))
        if chosen not in forms:
            raise InputError(f"there is no form {chosen!r}", remedy=nearest(chosen, list(forms)))
        written = trainer.export(folder, chosen, to)
    out(str(written))


def _loaded(file: Path, overrides: Sequence[str]) -> tuple[Path, Trainer]:
    manager = PluginManager.installed()
    training = load_training(file, manager, overrides=overrides)
    return training.folder, training.trainer(manager)


def _told(estimate: Estimate) -> str:
    minutes, seconds = divmod(round(estimate.seconds), 60)
    time = f"{minutes // 60} h {minutes % 60:02} min" if minutes else f"{seconds} s"
    cost = f"${estimate.usd:.2f}" if estimate.usd else "no cost"
    return f"about {time}, {cost}, {estimate.steps:,} steps ({estimate.detail})"


def _show_estimate(estimate: Estimate, as_json: bool) -> None:
    if as_json:
        out_json(estimate.model_dump(mode="json"))
    else:
        out(line(_told(estimate)))


def _show_trained(trained: Trained, as_json: bool) -> None:
    if as_json:
        out_json(trained.model_dump(mode="json"))
        return
    for row in columns([[name, f"{value:.4g}"] for name, value in trained.metrics.items()]):
        out(row)
    out(f"digest  {trained.digest}")
    out(f"model   {trained.path}")
