"""Registers the scorer; light on purpose."""

from typing import Annotated

from pydantic import Field, StringConstraints

from lift_sys.interfaces import ProviderRef
from lift_sys.plugins import Component, Options, hookimpl

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]


class JudgeOptions(Options):
    provider: ProviderRef
    """The entry of `providers:` that judges; its calls are paid from the same budget."""
    rubric: tuple[Line, ...] = Field(
        default=(
            "It does what the request says, in every case the request speaks of.",
            "Texts and numbers the request gives are there letter by letter, not reworded.",
            "Edge cases (empty, None, zero, negative, borders of a range) come out right.",
            "It returns a value on every path, and nothing the request does not ask for.",
        ),
        min_length=1,
        max_length=20,
    )
    """What the judge goes by, the weightiest first."""
    pairs: int = Field(default=12, ge=1, le=500)
    """The most pairs that are compared for one set; each is asked in both orders."""
    length_control: float = Field(default=1.0, ge=0, le=10)
    """How much less a win counts for being longer than the loser; 0: nothing less."""
    max_tokens: int = Field(default=400, ge=16, le=8192)
    """The longest reply."""
    temperature: float | None = Field(default=0.0, ge=0)
    """None: the model's own default."""


@hookimpl
def lift_sys_scorers() -> list[Component]:
    return [
        Component(
            name="judge",
            factory="lift_sys_judge.scorer:Judge",
            summary="A model compares the candidates in pairs, each pair in both orders",
            options=JudgeOptions,
        )
    ]
