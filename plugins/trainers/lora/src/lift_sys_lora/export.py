"""The trained model as its users take it, compared once more before it is put there."""
# The annotations of torch, transformers and peft are partial.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lift_sys.errors import InputError

from .adapters import read_adapter
from .comparing import Outputs, agree, tolerated_by
from .folder import RESULT, Folder, digest_of, read_json, write_json
from .lesson_plan import material
from .loading import load_base
from .plugin import LoraOptions
from .sweeping import BEST

CARD = "card.json"
FORMS: Mapping[str, str] = {
    "adapter": "the adapter alone: vLLM, transformers and Modal load it beside the base",
    "merged": "base and adapter as one model, for all that serve Hugging Face models",
}


def export(options: LoraOptions, workdir: Path, form: str, to: Path) -> Path:
    """Raises InputError, and LiftError where the files do not say what the model said."""
    if form not in FORMS:
        raise InputError(f"there is no form {form!r}", remedy=f"one of {', '.join(FORMS)}")
    if to.exists() and any(to.iterdir()):
        raise InputError(f"{to} is not empty", remedy="give another folder")
    folder = _best(workdir)
    result = folder.result()
    if result is None:
        raise InputError(
            f"there is no trained model in {workdir}", remedy="train it: `lift train FILE`"
        )
    _check(folder, result)
    to.parent.mkdir(parents=True, exist_ok=True)
    partial = to.with_name(f"{to.name}.part")
    shutil.rmtree(partial, ignore_errors=True)
    if form == "adapter":
        shutil.copytree(folder.adapter, partial)
    else:
        _merge(options, folder.adapter, partial)
    write_json(partial / CARD, _card(options, form, result, to))
    if to.exists():
        to.rmdir()
    partial.rename(to)
    return to


def _best(workdir: Path) -> Folder:
    """Of a sweep, or the only one."""
    note = workdir / BEST
    if not note.exists():
        return Folder(workdir)
    return Folder(workdir / str(read_json(note).get("folder", "")))


def _check(folder: Folder, result: Mapping[str, Any]) -> None:
    """Raises InputError where the adapter is not the one that was measured."""
    try:
        same = digest_of(folder.adapter) == result.get("digest")
    except FileNotFoundError:
        same = False
    if not same:
        raise InputError(
            f"{folder.adapter} is not what was trained",
            remedy=f"delete {RESULT} beside it and train again: it is made anew from the "
            "checkpoint",
        )


def _merge(options: LoraOptions, adapter: Path, to: Path) -> None:
    read = material(options)
    rows, ends = read.validation[: options.compared], read.encoder.ends
    served: Any = read_adapter(load_base(options), adapter)
    right = Outputs.of(served, rows, ends)
    merged = served.merge_and_unload()
    merged.config.use_cache = True
    merged.save_pretrained(str(to))
    read.encoder.tokenizer.save_pretrained(str(to))
    written = load_base(options.model_copy(update={"base": str(to), "revision": None}))
    agree(right, Outputs.of(written, rows, ends), tolerated_by(options), "the merged model")


def _card(
    options: LoraOptions, form: str, result: Mapping[str, Any], to: Path
) -> Mapping[str, Any]:
    return {
        "form": form,
        "base": options.base,
        "revision": options.revision,
        "stages": options.stages,
        "dialect": options.dialect,
        "options": options.model_dump(mode="json"),
        **result,
        "use": _uses(options, form, to),
    }


def _uses(options: LoraOptions, form: str, to: Path) -> Mapping[str, str]:
    """How each kind of provider takes it."""
    name, folder, dialect = "tuned", to.resolve(), f"dialect: {options.dialect}"
    if form == "merged":
        transformers = f"{{use: transformers, model: {folder}, {dialect}}}"
        server = f"vllm serve {folder} --served-model-name {name}"
        modal = (
            f"modal volume put lift-sys-models {folder} /merged/{name}; "
            f"then {{use: modal, model: /models/merged/{name}, {dialect}}}"
        )
    else:
        transformers = (
            f"{{use: transformers, model: {options.base}, "
            f"adapters: {{{name}: {folder}}}, adapter: {name}, {dialect}}}"
        )
        server = (
            f"vllm serve {options.base} --enable-lora --max-lora-rank {options.rank} "
            f"--lora-modules {name}={folder}"
        )
        modal = (
            f"lift modal deploy PIPELINE --adapter {name}={folder}; "
            f"in it {{use: modal, model: {options.base}, adapter: {name}, {dialect}}}"
        )
    asked = f"{{use: openai, model: {name}, base_url: http://HOST:8000/v1, {dialect}}}"
    return {
        "transformers": transformers,
        "vLLM": f"{server}; then {asked}",
        "Modal": modal,
        "embedded": "not at all: it runs models of the trainer `scratch` alone",
    }
