"""`lift train`: trains a model as a file says, and hands it to those who serve it."""

import sys
from collections.abc import Generator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, redirect_stdout
from errno import EDQUOT, ENOSPC
from pathlib import Path

import click

from ..errors import InputError
from ..interfaces import Estimate, Exporter, Trained, Trainer
from ..nearest import nearest
from ..pipeline.edge import run_async
from ..pipeline.training import Training, load_training
from ..plugins import PluginManager
from ..store import Curves
from ._folder_lock import alone_in
from ._stores import PLACE, store_option
from ._terminal import columns, err, line, out, out_json
from ._train_curves import chosen, rows_of_points, rows_of_trainings
from ._train_watched import Watch

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
@click.option(
    "--store",
    "where",
    envvar=PLACE,
    metavar="PLACE",
    help="A store that keeps the curves too; in place of the file's `record:`.",
)
@click.option("--quiet", is_flag=True, help="No progress.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def run(
    training_file: Path,
    overrides: Sequence[str],
    only_estimate: bool,
    where: str | None,
    quiet: bool,
    as_json: bool,
) -> None:
    """Train, after telling how long it will take and what it costs."""
    with redirect_stdout(sys.stderr):
        training, trainer = _loaded(training_file, overrides)
        estimate = trainer.estimate()
        trained = None
        if not only_estimate:
            err(line(f"{_told(estimate)}; folder {training.folder}"))
            with _curves(where or training.record) as curves:
                watch = Watch(training.folder, estimate.steps, curves, quiet)
                trained = _train(trainer, training.folder, watch)
    if trained is None:
        _show_estimate(estimate, as_json)
    else:
        _show_trained(trained, as_json)


def _curves(where: str | None) -> AbstractContextManager[Curves | None]:
    """Opened before anything starts: a place that is none is told at once."""
    return nullcontext() if where is None else Curves.open(where, create=True)


def _train(trainer: Trainer, folder: Path, watch: Watch) -> Trained:
    with _disk_told(folder, "; the same command goes on where it stopped"), alone_in(folder):
        try:
            return run_async(watch.over(trainer.train(folder)))
        except KeyboardInterrupt:
            err(line(f"the same command goes on with what is in {folder}"))
            raise


@contextmanager
def _disk_told(folder: Path, then: str = "") -> Generator[None]:
    """Raises InputError for what keeps a file from being read or written."""
    try:
        yield
    except OSError as error:
        if error.filename is None and error.errno not in (ENOSPC, EDQUOT):
            raise
        where = error.filename or folder
        if isinstance(error, FileNotFoundError):
            remedy = "put it back, or name another folder"
        elif error.errno in (ENOSPC, EDQUOT):
            remedy = "make room there, or name another folder"
        else:
            remedy = "give yourself the right to it, or name another folder"
        raise InputError(f"cannot use {where}: {error.strerror}", remedy=remedy + then) from error


@command.command("curves")
@click.argument("training", metavar="[FOLDER]", required=False)
@store_option
@click.option("--json", "as_json", is_flag=True, help="Print every point as JSON.")
def curves_command(training: str | None, where: str, as_json: bool) -> None:
    """Show the recorded curves of the training in FOLDER; without one, list the trainings."""
    with Curves.open(where) as curves:
        if training is None:
            rows = rows_of_trainings(curves.trainings())
        else:
            points = curves.of(chosen(curves, training))
            if as_json:
                for point in points:
                    out_json(point._asdict())
                return
            rows = [*rows_of_points(points)]
    for row in columns(rows, indent=""):
        out(row)


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
        training, trainer = _loaded(training_file, overrides)
        folder = training.folder
        if not isinstance(trainer, Exporter):
            raise InputError("this trainer exports nothing", remedy=f"its model is in {folder}")
        forms = trainer.forms()
        chosen = form or next(iter(forms))
        if chosen not in forms:
            raise InputError(f"there is no form {chosen!r}", remedy=nearest(chosen, list(forms)))
        with _disk_told(to):
            written = trainer.export(folder, chosen, to)
    out(str(written))


def _loaded(file: Path, overrides: Sequence[str]) -> tuple[Training, Trainer]:
    manager = PluginManager.installed()
    training = load_training(file, manager, overrides=overrides)
    return training, training.trainer(manager)


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
