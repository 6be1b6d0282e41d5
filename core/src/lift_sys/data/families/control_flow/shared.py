"""What the families of this category share."""

import random
from collections.abc import Callable, Mapping
from dataclasses import replace

from ..concept import Args, Concept, Param, Words
from ..draw import Draw
from ..making import (
    Branch,
    cases,
    every_path,
    ladder_body,
    ladder_effects,
    ladder_law,
)

MEASURES = (
    "score",
    "level",
    "temperature",
    "speed",
    "age",
    "amount",
    "count",
    "pressure",
    "distance",
    "weight",
)


def a_measure(draw: Draw) -> Param:
    name = draw.name(*MEASURES)
    return Param(name, "int", f"{draw.name('whole ', 'integer ', '')}{name}", name)


def a_number(draw: Draw) -> Param:
    return Param(
        draw.name("n", "number", "value", "x", "num"),
        "int",
        draw.name("number", "integer"),
        "number",
    )


def by_branches(
    name: str,
    params: tuple[Param, ...],
    summary: str,
    branches: list[Branch],
    said: list[str],
    edges: tuple[Args, ...],
    *,
    ask: tuple[Args, ...],
    ordinary: Callable[[random.Random], Args],
) -> Concept:
    """A function that returns one of several literals."""
    labels = [label for _, label in branches]
    return Concept(
        name=name,
        params=params,
        returns="str",
        summary=summary,
        body=ladder_body(branches),
        effects=ladder_effects(branches),
        laws=(ladder_law(branches),),
        ask=ask,
        edges=edges,
        ordinary=ordinary,
        words={
            **cases(list(zip(said, labels, strict=False)), labels[-1]),
            **{f"l{place}": f"«{label}»" for place, label in enumerate(labels)},
        },
        constraints=(every_path("one of the literals on every path"),),
    )


def with_words(concept: Concept, words: Mapping[str, Words]) -> Concept:
    return replace(concept, words={**concept.words, **words})


RULES = {
    "digit": (
        "not any(c.isdigit() for c in {x})",
        ("it contains no digit", "there is no digit in it", "it has no number in it"),
    ),
    "upper": (
        "not any(c.isupper() for c in {x})",
        (
            "it contains no uppercase letter",
            "it has no capital letter",
            "no letter in it is uppercase",
        ),
    ),
    "lower": (
        "not any(c.islower() for c in {x})",
        (
            "it contains no lowercase letter",
            "it has no small letter",
            "no letter in it is lowercase",
        ),
    ),
    "space": ("' ' in {x}", ("it contains a space", "there is a space in it")),
}

WANTED = {
    "digit": "a digit",
    "upper": "an uppercase letter",
    "lower": "a lowercase letter",
    "space": "no space",
}
"""What keeps each of the rules."""
