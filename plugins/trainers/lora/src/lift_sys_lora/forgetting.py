"""What of plain code is forgotten: how surprised the model is by it, before and after."""

import math
import tomllib
from importlib.resources import files
from typing import Any

from .encoding import Encoded, Encoder
from .network import mean_loss
from .rows import Row


def plain_code(encoder: Encoder) -> list[Encoded]:
    """Code as it stands in files: no questions, no template."""
    text = (files("lift_sys_lora") / "plain_code.toml").read_text(encoding="utf-8")
    return [_encoded(task["prompt"], task["completion"], encoder) for task in _tasks(text)]


def _tasks(text: str) -> list[dict[str, str]]:
    return tomllib.loads(text)["task"]


def _encoded(prompt: str, completion: str, encoder: Encoder) -> Encoded:
    row = Row((), completion, "plain code")
    return Encoded(encoder.tokens(prompt), encoder.tokens(completion), row)


def perplexity(model: Any, rows: list[Encoded], padding: int) -> float:
    """Of a token, on average; 1 would be no surprise at all."""
    return math.exp(min(mean_loss(model, rows, 4, padding), 700.0))
