"""The same training on Modal: the data goes there, the adapter comes back.

Checkpoints stay on a volume, so that a call which was cut short is gone on from by the next one.
"""
# Modal's annotations are partial.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

import hashlib
import json
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from importlib import import_module
from importlib.metadata import requires
from pathlib import Path
from typing import Any

from lift_sys.errors import AuthenticationFailed, InputError, LiftError, ProviderUnavailable
from lift_sys.interfaces import Trained

from .folder import MAY_CHANGE, digest_of_files
from .here import train_here
from .plugin import LoraOptions

Files = dict[str, bytes]
Call = Callable[[Mapping[str, Any], Files, str], Awaitable[Files]]
_KEPT = "/kept"
_INPUTS = ("data", "validation")
_RESULT = "trained.json"
_SHOWN = 500
_NOT_BACK = {"checkpoint.pt"}


async def train_on_modal(options: LoraOptions, workdir: Path) -> Trained:
    """Raises InputError where there is no modal, or the base is on this machine alone."""
    if _is_here(options.base):
        raise InputError(
            f"Modal cannot read the folder {options.base}",
            remedy="give the name of a model on the hub, or train with `where: local`",
        )
    app, function = declared(options)

    failed = import_module("modal.exception").Error

    async def call(document: Mapping[str, Any], files: Files, folder: str) -> Files:
        try:
            async with app.run():
                return await function.remote.aio(document, files, folder)
        except failed as error:
            raise refusal(error, options) from error

    return await fetched(options, workdir, call, f"{_KEPT}/runs")


async def fetched(options: LoraOptions, workdir: Path, call: Call, kept: str) -> Trained:
    """What the call trained, written into the folder as if it had been trained here."""
    paths = {name: getattr(options, name) for name in _INPUTS}
    files = {name: path.read_bytes() for name, path in paths.items() if path is not None}
    document = options.model_dump(mode="json", exclude={*_INPUTS, "where"})
    folder = f"{kept}/{_named(options, paths)}"
    back = await call(document, files, folder)
    result = json.loads(back.pop(_RESULT))
    for name, content in back.items():
        (workdir / name).parent.mkdir(parents=True, exist_ok=True)
        (workdir / name).write_bytes(content)
    path = workdir / result["path"]
    return Trained(path=path, metrics=result["metrics"], digest=result["digest"])


def _is_here(base: str) -> bool:
    return Path(base).exists()


def _named(options: LoraOptions, paths: Mapping[str, Path | None]) -> str:
    """Of these options and this data: a second call finds the first one's checkpoint, and one
    with other options does not meet it."""
    name = options.base.rpartition("/")[2]
    deciding = options.model_dump(mode="json", exclude=MAY_CHANGE)
    text = json.dumps([deciding, digest_of_files(*paths.values())], sort_keys=True)
    return f"{name}-rank-{options.rank}-{hashlib.sha256(text.encode()).hexdigest()[:12]}"


def refusal(error: Exception, options: LoraOptions) -> LiftError:
    """What Modal says, with what to do about it."""
    kind, said, own = type(error).__name__, str(error).strip()[:_SHOWN], options.modal
    if kind in ("AuthError", "PermissionDeniedError"):
        remedy = "run `modal setup`, or set MODAL_TOKEN_ID and MODAL_TOKEN_SECRET"
        return AuthenticationFailed(f"Modal does not let us in: {said}", remedy=remedy)
    if kind == "FunctionTimeoutError":
        return InputError(
            f"the training was not done within {own.hours:g} hours on Modal",
            remedy="the same command goes on from its last checkpoint; `modal: {hours: ...}` gives "
            "it more",
        )
    if kind == "NotFoundError" and own.secret is not None:
        return InputError(
            f"Modal does not find it: {said}",
            remedy=f"`modal secret create {own.secret} HF_TOKEN=...`, or mend `secret`",
        )
    if kind in ("InvalidError", "NotFoundError", "RequestSizeError", "ImageBuildError"):
        return InputError(f"Modal refuses it: {said}", remedy="mend what stands under `modal`")
    return ProviderUnavailable(
        f"the training on Modal was broken off ({kind}): {said}",
        remedy="the same command goes on from its last checkpoint",
    )


async def train_there(document: Mapping[str, Any], files: Files, folder: str) -> Files:
    """What runs on Modal; also a function that runs anywhere."""
    inputs = Path(folder) / "inputs"
    inputs.mkdir(parents=True, exist_ok=True)
    paths: dict[str, Path] = {}
    for name, content in files.items():
        paths[name] = inputs / f"{name}.jsonl"
        paths[name].write_bytes(content)
    options = LoraOptions.model_validate({**document, **paths})
    workdir = Path(folder) / "trained"
    trained = await train_here(options, workdir)
    result = {
        "path": str(trained.path.relative_to(workdir)),
        "metrics": dict(trained.metrics),
        "digest": trained.digest,
    }
    found = [path for path in sorted(workdir.rglob("*")) if path.is_file()]
    back = {
        str(path.relative_to(workdir)): path.read_bytes()
        for path in found
        if path.name not in _NOT_BACK
    }
    return {**back, _RESULT: json.dumps(result).encode()}


def declared(options: LoraOptions) -> tuple[Any, Any]:
    """The app and its function; nothing is sent anywhere. Raises InputError without modal."""
    modal = _modal()
    own = options.modal
    wanted = [*(requires("lift-sys") or ()), *(requires("lift-sys-lora") or ())]
    extras = ("extra == 'four-bit'",) if options.load_in_4bit else ()
    image = (
        modal.Image.debian_slim(python_version=f"{sys.version_info[0]}.{sys.version_info[1]}")
        .uv_pip_install(*_packages(wanted, extras))
        .env({"HF_HOME": f"{_KEPT}/hub"})
        .add_local_python_source("lift_sys", "lift_sys_lora", ignore=["**/__pycache__"])
    )
    app = modal.App("lift-sys-lora")
    function = app.function(
        image=image,
        gpu=own.gpu,
        timeout=round(3600 * own.hours),
        volumes={_KEPT: modal.Volume.from_name(own.volume, create_if_missing=True)},
        secrets=[modal.Secret.from_name(own.secret)] if own.secret else [],
        name="train",
        serialized=True,
    )(train_there)
    return app, function


def _packages(wanted: Sequence[str], extras: Sequence[str]) -> list[str]:
    """Our own two come as source, as they are here."""
    stated = [line.partition(";") for line in wanted if not line.startswith("lift-sys")]
    return [
        name.strip()
        for name, _, condition in stated
        if "extra" not in condition or condition.strip().replace('"', "'") in extras
    ]


def _modal() -> Any:
    try:
        return import_module("modal")
    except ImportError:
        raise InputError(
            "`where: modal` wants the modal package, which is not installed",
            remedy="pip install 'lift-sys-lora[modal]', then `modal setup`",
        ) from None
