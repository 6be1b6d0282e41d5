"""The base model and its tokenizer; what keeps them from coming is said with a remedy."""
# The annotations of torch and transformers are partial.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

from importlib.util import find_spec
from typing import Any

import torch
from transformers import (
    AutoConfig,
    AutoModelForCausalLM,
    AutoTokenizer,
    BitsAndBytesConfig,
    PreTrainedModel,
    PreTrainedTokenizerBase,
)

from lift_sys.errors import InputError

from .plugin import LoraOptions

_DTYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16}


def device_of(options: LoraOptions) -> torch.device:
    if options.device != "auto":
        return _asked_for(options.device)
    if torch.cuda.is_available():
        return torch.device("cuda")
    return torch.device("mps" if torch.backends.mps.is_available() else "cpu")


def _asked_for(name: str) -> torch.device:
    try:
        return torch.empty(0, device=name).device
    except (RuntimeError, AssertionError) as error:
        raise InputError(
            f"the device {name!r} cannot be used: {str(error).splitlines()[0]}",
            remedy="leave `device` out, or name one that torch has on this machine",
        ) from error


def dtype_of(options: LoraOptions) -> torch.dtype:
    if options.dtype != "auto":
        return _DTYPES[options.dtype]
    return torch.float32 if device_of(options).type == "cpu" else torch.bfloat16


def load_tokenizer(options: LoraOptions) -> PreTrainedTokenizerBase:
    try:
        tokenizer: Any = AutoTokenizer.from_pretrained(options.base, revision=options.revision)
    except (OSError, ValueError, TypeError) as error:
        raise _unloadable(options.base, error) from error
    if tokenizer.eos_token_id is None:
        raise InputError(
            f"the tokenizer of {options.base} has no token that ends a text",
            remedy="set eos_token in its tokenizer_config.json",
        )
    return tokenizer


def load_config(options: LoraOptions) -> Any:
    try:
        return AutoConfig.from_pretrained(options.base, revision=options.revision)
    except (OSError, ValueError) as error:
        raise _unloadable(options.base, error) from error


def load_base(options: LoraOptions, *, quantized: bool = False) -> PreTrainedModel:
    """On its device, in its type; `quantized`: in 4 bits, where the options say so."""
    device, given = device_of(options), dict[str, Any]()
    if quantized and options.load_in_4bit:
        _needs_for_four_bits(device)
        given["quantization_config"] = BitsAndBytesConfig(
            load_in_4bit=True,
            bnb_4bit_quant_type="nf4",
            bnb_4bit_use_double_quant=True,
            bnb_4bit_compute_dtype=dtype_of(options),
        )
        given["device_map"] = {"": str(device)}
    try:
        model: Any = AutoModelForCausalLM.from_pretrained(
            options.base, revision=options.revision, dtype=dtype_of(options), **given
        )
    except (OSError, ValueError) as error:
        raise _unloadable(options.base, error) from error
    if "device_map" not in given:
        model = model.to(device)
    model.config.use_cache = False
    return model


def _needs_for_four_bits(device: torch.device) -> None:
    if device.type != "cuda":
        raise InputError(
            f"load_in_4bit wants a CUDA device, and this is {device}",
            remedy="leave it out, or train with `where: modal`",
        )
    if find_spec("bitsandbytes") is None:
        raise InputError(
            "load_in_4bit wants bitsandbytes, which is not installed",
            remedy="pip install 'lift-sys-lora[four-bit]'",
        )


def _unloadable(base: str, error: Exception) -> InputError:
    said = str(error).strip()
    first = said.splitlines()[0] if said else type(error).__name__
    told = said.lower()
    if "gated" in told or "401" in told or "403" in told:
        remedy = "ask for access on its page, then set HF_TOKEN to a token of that account"
    elif any(sign in told for sign in ("not a local folder", "404", "not found", "repo id")):
        remedy = "mend `base`: a folder with config.json, or OWNER/NAME on the hub"
    elif "connect" in told or "offline" in told or "cached" in told:
        remedy = "download it where there is a network, and give its folder as `base`"
    else:
        remedy = "check that it is a causal language model that transformers knows"
    return InputError(f"{base} cannot be loaded: {first}", remedy=remedy)


__all__ = ["device_of", "dtype_of", "load_base", "load_config", "load_tokenizer"]
