"""Adapters, new or read from their files."""
# The annotations of transformers and peft are partial.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

import warnings
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from peft import LoraConfig, PeftModel, get_peft_model, prepare_model_for_kbit_training

from lift_sys.errors import InputError

from .plugin import LoraOptions


def new_adapter(model: Any, options: LoraOptions) -> PeftModel:
    """To be trained; its first weights come from the seed."""
    targets = options.targets
    config = LoraConfig(
        r=options.rank,
        lora_alpha=options.alpha or 2 * options.rank,
        lora_dropout=options.dropout,
        target_modules=targets if isinstance(targets, str) else list(targets),
        task_type="CAUSAL_LM",
    )
    with _peft():
        if options.load_in_4bit:
            model = prepare_model_for_kbit_training(
                model, use_gradient_checkpointing=options.checkpointing
            )
        elif options.checkpointing:
            model.activation_checkpointing_enable({"use_reentrant": False})
            model.enable_input_require_grads()
        torch.manual_seed(options.seed)
        try:
            adapted: Any = get_peft_model(model, config)
        except ValueError as error:
            raise InputError(
                f"the adapter cannot be made: {error}",
                remedy=f"`targets: all-linear`, or some of {', '.join(_linear_layers(model))}",
            ) from error
    return adapted


def _linear_layers(model: Any) -> list[str]:
    found = [name for name, each in model.named_modules() if isinstance(each, torch.nn.Linear)]
    return sorted({name.rpartition(".")[2] for name in found})


def read_adapter(model: Any, folder: Path) -> PeftModel:
    with _peft():
        return PeftModel.from_pretrained(model, str(folder)).eval()


@contextmanager
def _peft() -> Generator[None]:
    """It asks transformers in words that these have given up."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "`is_gradient_checkpointing`", FutureWarning)
        yield
