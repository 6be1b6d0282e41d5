"""Models, tokenizers and adapters, read from disk or from the hub."""
# The annotations of torch and transformers are partial.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

import gc
import warnings
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import torch
from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer

from lift_sys.errors import AuthenticationFailed, ProviderError, UnusableModel
from lift_sys.interfaces import Health

from .plugin import TransformersOptions

_DTYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16}


@dataclass(slots=True)
class Loaded:
    name: str
    tokenizer: Any
    model: Any
    device: torch.device
    context: int
    vocabulary: int
    """Scores that the model gives, which may be more than its tokenizer has tokens."""
    ends: tuple[int, ...]
    """Tokens that end a reply."""
    _adapters: dict[Path, str] = field(default_factory=dict[Path, str])

    @contextmanager
    def with_adapter(self, folder: Path | None) -> Generator[Any]:
        """The model, with this adapter or with none. Raises ProviderError."""
        if folder is None and not self._adapters:
            yield self.model
        elif folder is None:
            with self.model.disable_adapter():
                yield self.model
        else:
            if folder not in self._adapters:
                self._load_adapter(folder)
            self.model.set_adapter(self._adapters[folder])
            yield self.model

    def _load_adapter(self, folder: Path) -> None:
        peft = _peft()
        name = f"adapter-{len(self._adapters)}"
        try:
            with warnings.catch_warnings():
                # PEFT asks transformers in words that these have given up.
                warnings.filterwarnings("ignore", "`is_gradient_checkpointing`", FutureWarning)
                if self._adapters:
                    self.model.load_adapter(str(folder), name)
                else:
                    self.model = peft.PeftModel.from_pretrained(
                        self.model, str(folder), adapter_name=name
                    )
        except (OSError, ValueError, KeyError, RuntimeError) as error:
            raise UnusableModel(
                f"the adapter in {folder} cannot be loaded: {_first_line(error)}",
                remedy=f"give a folder with a LoRA adapter of {self.name}",
            ) from error
        self.model.eval()
        self._adapters[folder] = name

    def unload(self) -> None:
        self.model = self.tokenizer = None
        gc.collect()
        if self.device.type == "cuda":
            torch.cuda.empty_cache()


def load(options: TransformersOptions) -> Loaded:
    """Raises ProviderError."""
    device = device_of(options)
    try:
        tokenizer: Any = AutoTokenizer.from_pretrained(options.model, revision=options.revision)
        model: Any = AutoModelForCausalLM.from_pretrained(
            options.model, revision=options.revision, dtype=_dtype(options, device)
        )
        model = model.to(device).eval()
    except (OSError, ValueError, RuntimeError) as error:
        raise unloadable(options.model, error) from error
    tokenizer.padding_side = "left"
    stated: Any = model.generation_config.eos_token_id
    ends = stated if isinstance(stated, list) else [stated]
    known = {*ends, tokenizer.eos_token_id} - {None}
    return Loaded(
        name=options.model,
        tokenizer=tokenizer,
        model=model,
        device=device,
        context=int(getattr(model.config, "max_position_embeddings", None) or 2**31),
        vocabulary=model.get_output_embeddings().weight.shape[0],
        ends=tuple(sorted(known)),
    )


def found(options: TransformersOptions) -> Health:
    """Whether it could be loaded, from its config alone."""
    try:
        device = device_of(options)
        torch.empty(1, device=device)
        config: Any = AutoConfig.from_pretrained(options.model, revision=options.revision)
        if options.adapter is not None:
            _check_adapter(options.adapters[options.adapter])
    except ProviderError as error:
        return Health(ok=False, detail=str(error))
    except (OSError, ValueError) as error:
        return Health(ok=False, detail=str(unloadable(options.model, error)))
    except (AssertionError, RuntimeError) as error:
        return Health(ok=False, detail=f"{options.device} cannot be used: {_first_line(error)}")
    return Health(ok=True, detail=f"{options.model} ({config.model_type}) on {device}")


def device_of(options: TransformersOptions) -> torch.device:
    if options.device != "auto":
        return torch.device(options.device)
    if torch.cuda.is_available():
        return torch.device("cuda")
    return torch.device("mps" if torch.backends.mps.is_available() else "cpu")


def _dtype(options: TransformersOptions, device: torch.device) -> torch.dtype:
    if options.dtype != "auto":
        return _DTYPES[options.dtype]
    return torch.float32 if device.type == "cpu" else torch.bfloat16


def _check_adapter(folder: Path) -> None:
    if not (folder / "adapter_config.json").is_file():
        raise UnusableModel(
            f"{folder} has no adapter_config.json", remedy="give a folder that PEFT wrote"
        )


def _peft() -> Any:
    if find_spec("peft") is None:
        raise UnusableModel(
            "an adapter wants peft, which is not installed",
            remedy="pip install 'lift-sys-transformers[adapters]'",
        )
    return import_module("peft")


def unloadable(model: str, error: Exception) -> ProviderError:
    cause = f"{model} cannot be loaded: {_first_line(error)}"
    told = str(error).lower()
    if "gated" in told or "401" in told or "403" in told:
        return AuthenticationFailed(
            cause, remedy="ask for access on its page, then set HF_TOKEN to a token of that account"
        )
    if any(sign in told for sign in ("not a local folder", "404", "not found", "repo id")):
        return UnusableModel(
            cause, remedy="mend `model`: a folder with config.json, or OWNER/NAME on the hub"
        )
    if any(sign in told for sign in ("connect", "offline", "cached")):
        return UnusableModel(
            cause, remedy="download it where there is a network, and give its folder as `model`"
        )
    return UnusableModel(
        cause, remedy="check that it is a causal language model that transformers knows"
    )


def _first_line(error: Exception) -> str:
    said = str(error).strip()
    return said.splitlines()[0] if said else type(error).__name__


__all__ = ["Loaded", "device_of", "found", "load", "unloadable"]
