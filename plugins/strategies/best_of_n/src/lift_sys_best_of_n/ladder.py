"""Variations to try, one after another, where draws do not differ."""

from collections.abc import Iterable, Sequence
from typing import Any

from lift_sys.interfaces import Candidate, Round, Variation

ORDINARY = Variation()


class Ladder:
    def __init__(self, steps: Iterable[Variation], variants: Sequence[str]) -> None:
        self._steps = iter(steps)
        self._variants = variants
        self._taken = [ORDINARY]

    def climb(self, drawn: Sequence[Candidate[Any]]) -> Variation | None:
        """The next step that changes anything; None: there is none."""
        for step in self._steps:
            fitting = self._fitting(step, drawn)
            if fitting not in self._taken:
                self._taken.append(fitting)
                return fitting
        return None

    def _fitting(self, step: Variation, drawn: Sequence[Candidate[Any]]) -> Variation:
        left_out: list[str] = []
        if step.variant is not None and step.variant not in self._variants:
            left_out.append("variant")
        # What is put together from other candidates, as an attempt is, tells no temperature.
        known = [one.origin.temperature for one in drawn if one.origin is not None]
        if step.temperature is not None and known and set(known) == {step.temperature}:
            left_out.append("temperature")
        return step.model_copy(update=dict.fromkeys(left_out))


def is_alike(done: Round, distinct: float, largest_refuted: int) -> bool:
    """Whether too many of a round's draws are copies, or agree on what the checks refute.

    That right answers agree is no fault, so agreement in behaviour alone is none.
    """
    if not done.valid or not distinct:
        return False
    return done.texts / done.valid < distinct or (
        largest_refuted > 1 and largest_refuted / done.valid > 1 - distinct
    )


def how(vary: Variation) -> str:
    """In words, after "with"."""
    told = {
        "temperature": vary.temperature,
        "few-shot choice": vary.few_shot or None,
        "variant": vary.variant,
    }
    return ", ".join(f"{name} {value}" for name, value in told.items() if value is not None)
