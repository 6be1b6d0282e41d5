"""`lift modal`: the app of a pipeline's provider `modal`."""

import json
import sys
from collections.abc import Awaitable, Callable, Sequence
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any, TypeVar

import click
import modal

from lift_sys.errors import InputError
from lift_sys.pipeline.edge import run_async
from lift_sys.pipeline.load import load
from lift_sys.plugins import PluginManager

from .adapters import Adapter, adapter_in
from .deploying import Deployment, Status
from .plugin import ModalOptions

T = TypeVar("T")
_FORM = 1
"""Version of the `--json` form."""


def _of_a_file(command: Callable[..., Any]) -> Callable[..., Any]:
    for decorate in (
        click.option(
            "--set",
            "overrides",
            multiple=True,
            metavar="KEY=VALUE",
            help="Change one value of the pipeline, such as providers.served.serve.gpu=H100.",
        ),
        click.option("--provider", metavar="NAME", help="Which, where FILE has several."),
        click.argument("file", metavar="FILE", type=click.Path(path_type=Path)),
    ):
        command = decorate(command)
    return command


@click.group(name="modal")
def command() -> None:
    """Deploy, look at and stop the app on Modal that a pipeline's provider `modal` calls."""


@command.command("deploy")
@_of_a_file
@click.option(
    "--adapter",
    "adapters",
    multiple=True,
    metavar="NAME=FOLDER",
    help="A LoRA adapter to serve beside those of FILE. May be given several times.",
)
@click.option(
    "--warm-up",
    is_flag=True,
    help="Fetch the weights and start a container, which is paid for, to see that it works.",
)
def deploy(
    file: Path,
    provider: str | None,
    overrides: Sequence[str],
    adapters: Sequence[str],
    warm_up: bool,
) -> None:
    """Deploy what FILE says, in place of what was deployed under the same name."""
    options = options_in(file, provider, overrides)
    found = _adapters(options, adapters)

    async def work(deployment: Deployment) -> None:
        await deployment.deploy(found, warm_up=warm_up, tell=_tell)

    with redirect_stdout(sys.stderr), modal.enable_output():
        _run(options, work)
    click.echo(f"{options.app}: {', '.join([options.model, *(one.name for one in found)])}")


@command.command("status")
@_of_a_file
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def status(file: Path, provider: str | None, overrides: Sequence[str], as_json: bool) -> int:
    """Tell whether it is deployed, how many containers are up, and what they serve.

    No container is started for it. Exit status: 0 deployed and well, 4 not so.
    """
    options = options_in(file, provider, overrides)
    found = _run(options, Deployment.status)
    if as_json:
        click.echo(json.dumps({"version": _FORM, **found.model_dump(mode="json")}))
    else:
        click.echo(_said(found))
    return 0 if found.deployed and found.healthy is not False else 4


@command.command("stop")
@_of_a_file
def stop(file: Path, provider: str | None, overrides: Sequence[str]) -> None:
    """Stop the app and its containers; the volume stays, with weights and adapters."""
    options = options_in(file, provider, overrides)
    stopped = _run(options, Deployment.stop)
    click.echo(f"{options.app}: {'stopped' if stopped else 'it was not deployed'}")


def options_in(file: Path, provider: str | None, overrides: Sequence[str]) -> ModalOptions:
    """Raises ConfigError, and InputError where the file has none or several such providers."""
    with redirect_stdout(sys.stderr):
        manager = PluginManager.installed()
        resolved = load(file, overrides=overrides, registry=manager, every_provider=True)
    known = {
        name: options
        for name, definition in resolved.providers.items()
        if isinstance(options := resolved.of(definition).options, ModalOptions)
    }
    if provider is not None and provider not in known:
        raise InputError(
            f"{file} has no provider {provider!r} with `use: modal`",
            remedy=f"one of {', '.join(known) or 'none'}",
        )
    if not known:
        raise InputError(
            f"{file} has no provider with `use: modal`",
            remedy="write one under `providers:`; the README of lift-sys-modal has an example",
        )
    first = known[provider or next(iter(known))]
    others = [one for one in known.values() if _address(one) == _address(first)]
    if provider is None and len(others) < len(known):
        raise InputError(
            f"{file} has several apps on Modal", remedy=f"say which: --provider {next(iter(known))}"
        )
    if any(_served(one) != _served(first) for one in others):
        raise InputError(
            f"{file} says of the app {first.app} more than one thing",
            remedy="give its providers the same model, revision, template and `serve`",
        )
    together = {name: folder for one in others for name, folder in one.adapters.items()}
    return first.model_copy(update={"adapters": together})


def _address(options: ModalOptions) -> object:
    return options.app, options.environment


def _served(options: ModalOptions) -> object:
    return options.model, options.revision, options.template, options.serve


def _adapters(options: ModalOptions, stated: Sequence[str]) -> tuple[Adapter, ...]:
    folders = dict(options.adapters)
    for text in stated:
        name, equals, folder = text.partition("=")
        if not (name and equals and folder):
            raise InputError(f"--adapter {text} has not the form NAME=FOLDER")
        folders[name] = Path(folder)
    checked = ModalOptions.model_validate({"model": options.model, "adapters": folders})
    found = [adapter_in(name, Path(at), options.model) for name, at in checked.adapters.items()]
    if options.adapter is not None and options.adapter not in folders:
        raise InputError(
            f"the provider uses the adapter {options.adapter!r}, which is not among those deployed",
            remedy=f"name its folder: --adapter {options.adapter}=FOLDER, or under `adapters`",
        )
    return tuple(found)


def _run(options: ModalOptions, work: Callable[[Deployment], Awaitable[T]]) -> T:
    async def whole() -> T:
        deployment = Deployment(options)
        try:
            return await work(deployment)
        finally:
            await deployment.aclose()

    return run_async(whole())


def _tell(text: str) -> None:
    click.echo(text, err=True)


def _said(found: Status) -> str:
    if not found.deployed:
        return f"{found.app}: not deployed"
    if found.containers is None:
        return f"{found.app}: deployed; Modal does not say how many containers are up"
    if not found.containers:
        return f"{found.app}: deployed, no container is up; the next call waits for a cold start"
    well = "vLLM answers" if found.healthy else f"vLLM does not answer {found.detail}".rstrip()
    return f"{found.app}: deployed, {found.containers} up, {well}: {', '.join(found.serves)}"
