"""What a function is given, and what all functions that are given the same have in common."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from ...ir import Effect, Explicit
from .concept import Args, Concept, Param, Words
from .draw import Draw
from .making import effect


@dataclass(frozen=True, slots=True)
class Given:
    """The part of a concept that several families share."""

    params: tuple[Param, ...]
    ask: tuple[Args, ...]
    edges: tuple[Args, ...]
    ordinary: Callable[[random.Random], Args]
    words: Mapping[str, Words] = field(default_factory=dict[str, Words])
    constraints: tuple[Explicit, ...] = ()
    needs: tuple[str, ...] = ()

    def concept(
        self,
        name: str,
        *,
        returns: str,
        summary: str,
        body: str,
        effects: Sequence[Effect | str],
        laws: tuple[str, ...] = (),
        words: Mapping[str, Words] | None = None,
        constraints: tuple[Explicit, ...] = (),
    ) -> Concept:
        """With what is one family's own; words come to the shared ones, constraints replace them.

        Without laws, the body is one expression and the result equals it.
        """
        return Concept(
            name=name,
            params=self.params,
            returns=returns,
            summary=summary,
            body=body,
            effects=tuple(effect(each) if isinstance(each, str) else each for each in effects),
            laws=laws or (f"result == {body.removeprefix('return ')}",),
            ask=self.ask,
            edges=self.edges,
            ordinary=self.ordinary,
            words={**self.words, **(words or {})},
            constraints=constraints or self.constraints,
            needs=self.needs,
        )


def a_list_of_ints(draw: Draw, *names: str) -> Param:
    return Param(draw.name(*names), "list[int]", "list of integers", "list")
