"""Labels by conditions that exclude each other, told in whatever order: which label belongs to which
condition has to be read, and is not where it stands."""

import random
from collections.abc import Callable, Sequence
from itertools import pairwise

from ..concept import Args, Catalogue, Concept, Param
from ..control_flow.shared import a_measure, a_number, by_branches, with_words
from ..draw import Draw
from ..making import args, around, cases, lists, single, texts, whole
from ..string_manipulation.shared import a_text
from .shared import numbers

FLOWS = Catalogue("control_flow", since=3)
TEXTS = Catalogue("string_manipulation", since=3)
LISTS = Catalogue("list_operations", since=3)
CATALOGUES = (FLOWS, TEXTS, LISTS)
_ORDERS = 4
"""In which the conditions of one function are told."""

Piece = tuple[str, tuple[str, ...]]
"""A condition as an expression, and how it is said."""


def _labelled(
    draw: Draw,
    names: tuple[str, ...],
    params: tuple[Param, ...],
    summary: str,
    pieces: Sequence[Piece],
    edges: tuple[Args, ...],
    ordinary: Callable[[random.Random], Args],
) -> Concept:
    """The code asks in the order of the pieces, and the last one is all the rest."""
    labels = draw.labels(len(pieces))
    branches = [(expression, label) for (expression, _), label in zip(pieces, labels, strict=True)]
    said = [
        (draw.dice.choice(ways), label) for (_, ways), label in zip(pieces, labels, strict=True)
    ]
    concept = by_branches(
        draw.name(*names),
        params,
        summary,
        [*branches[:-1], (None, labels[-1])],
        [when for when, _ in said],
        edges,
        ask=edges[:4],
        ordinary=ordinary,
    )
    orders = [draw.dice.sample(said, len(said)) for _ in range(_ORDERS)]
    told = [cases(order[:-1], order[-1][1]) for order in orders]
    forms = ("cases", "table", "more", "more_table")
    return with_words(
        concept,
        {
            **{form: tuple(way for each in told for way in each[form]) for form in forms},
            "all": tuple(way for order in orders for way in _all_of(order)),
        },
    )


def _all_of(said: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """Each with its condition, none as the rest."""
    quoted = [(when, f"«{label}»") for when, label in said]
    *labels, last = [label for _, label in quoted]
    whens = ", ".join(when for when, _ in quoted)
    return (
        ", ".join(f"{label} if {when}" for when, label in quoted),
        "; ".join(f"{when}: {label}" for when, label in quoted),
        ", ".join(f"{label} ({when})" for when, label in quoted),
        ", ".join(f"when {when} it's {label}" for when, label in quoted),
        " / ".join(f"{label} = {when}" for when, label in quoted),
        f"one of {', '.join(labels)} and {last}, for these cases in turn: {whens}",
    )


def _it_is(*said: str) -> tuple[str, ...]:
    return tuple(f"it is {each}" for each in said)


_NEGATIVE = _it_is("negative", "below zero", "less than 0", "smaller than zero")
_ZERO = _it_is("zero", "0", "equal to 0")


@FLOWS.add("medium")
def kinds_by_sign(draw: Draw) -> Concept:
    """Zero, positive, and of the negative numbers the even and the odd."""
    p = a_number(draw)
    n = p.name
    pieces = [
        (f"{n} == 0", _ZERO),
        (f"{n} > 0", _it_is("positive", "above zero", "greater than 0")),
        (f"{n} % 2 == 0", _it_is("negative and even", "an even number below zero")),
        (f"{n} % 2 != 0", _it_is("negative and odd", "an odd number below zero")),
    ]
    return _labelled(
        draw,
        ("number_kind", "sign_and_parity", "describe_number", f"kind_of_{n}"),
        (p,),
        "Tell zero, positive, negative even and negative odd numbers apart",
        pieces,
        single((0, 3, -2, -3, 1, -1, 8)),
        args(whole(-40, 40)),
    )


@FLOWS.add("medium")
def kinds_by_limits(draw: Draw) -> Concept:
    """Below zero, zero, and the positive numbers in bands."""
    p = a_measure(draw)
    x = p.name
    limits = draw.numbers(draw.pick((1, 2)), 5, 90)
    between = [
        (f"{x} <= {high}", _it_is(f"more than {low} and at most {high}", f"{low + 1} to {high}"))
        for low, high in pairwise((0, *limits))
    ]
    pieces = [
        (f"{x} < 0", _NEGATIVE),
        (f"{x} == 0", _ZERO),
        *between,
        (f"{x} > {limits[-1]}", _it_is(f"above {limits[-1]}", f"more than {limits[-1]}")),
    ]
    near = [limit + by for limit in limits for by in (0, 1, -1)]
    return _labelled(
        draw,
        (f"{x}_band", f"classify_{x}", f"{x}_class", f"label_{x}"),
        (p,),
        f"Choose a label for the {x}: negative, zero, or a band above",
        pieces,
        single((-1, 0, *near, 1, limits[-1] + 30)),
        args(around((0, *limits), 20)),
    )


@FLOWS.add("medium")
def kinds_by_parity(draw: Draw) -> Concept:
    """Small ones, and of the others the even and the odd."""
    p, k = a_number(draw), draw.number(4, 60, note="limit ")
    n = p.name
    pieces = [
        (f"{n} < {k}", _it_is(f"below {k}", f"less than {k}", f"smaller than {k}")),
        (f"{n} % 2 == 0", _it_is(f"even and at least {k}", f"an even number from {k} on")),
        (f"{n} % 2 != 0", _it_is(f"odd and at least {k}", f"an odd number from {k} on")),
    ]
    return _labelled(
        draw,
        ("pick_label", "size_and_parity", "number_group", f"group_of_{n}"),
        (p,),
        f"Tell numbers below {k}, even ones and odd ones apart",
        pieces,
        single((k - 1, k, k + 1, 0, k + 2, -4)),
        args(around((k, k + 5), 20)),
    )


@FLOWS.add("easy")
def kinds_by_comparison(draw: Draw) -> Concept:
    a, b = draw.dice.choice((("a", "b"), ("home", "away"), ("x", "y"), ("mine", "yours")))
    pieces = [
        (f"{a} > {b}", (f"{a} is greater than {b}", f"{a} is more than {b}", f"{a} > {b}")),
        (f"{a} < {b}", (f"{a} is less than {b}", f"{b} is more than {a}", f"{a} < {b}")),
        (f"{a} == {b}", (f"{a} equals {b}", "both are equal", f"{a} and {b} are the same")),
    ]
    nouns = ("first number", "second number")
    return _labelled(
        draw,
        ("compare", "who_wins", "comparison", "result_of", "outcome"),
        tuple(Param(name, "int", noun, noun) for name, noun in zip((a, b), nouns, strict=True)),
        "Say which of two numbers is greater, or that they are equal",
        pieces,
        ((5, 3), (3, 5), (4, 4), (0, 0), (-2, 1), (7, -7)),
        args(whole(-9, 9), whole(-9, 9)),
    )


@TEXTS.add("medium")
def kinds_by_length(draw: Draw) -> Concept:
    p = a_text(draw)
    x = p.name
    low, high = draw.numbers(2, 3, 14)
    pieces = [
        (f"{x} == ''", _it_is("empty", "an empty text")),
        (f"len({x}) < {low}", _it_is(f"shorter than {low} characters but not empty")),
        (f"len({x}) <= {high}", (f"it has {low} to {high} characters",)),
        (
            f"len({x}) > {high}",
            (f"it has more than {high} characters", f"it is longer than {high}"),
        ),
    ]
    samples = ["", "a", *("moraluvegiptokasen"[:size] for size in (low - 1, low, high, high + 1))]
    return _labelled(
        draw,
        ("length_label", "size_of_text", "judge_length", f"{x}_size"),
        (p,),
        "Choose a label by how long a text is",
        pieces,
        single(samples),
        args(texts(samples)),
    )


@LISTS.add("easy")
def kinds_by_size(draw: Draw) -> Concept:
    p, k = numbers(draw), draw.number(3, 7, note="limit ")
    x = p.name
    pieces = [
        (f"not {x}", _it_is("empty", "an empty list")),
        (f"len({x}) == 1", ("it has one element", "there is exactly one element in it")),
        (f"len({x}) <= {k}", (f"it has 2 to {k} elements",)),
        (f"len({x}) > {k}", (f"it has more than {k} elements", f"there are more than {k}")),
    ]
    made = [[*range(size)] for size in (0, 1, 2, k, k + 1, k + 4)]
    return _labelled(
        draw,
        ("size_label", "how_full", "describe_list", f"{x}_size"),
        (p,),
        "Choose a label by how many elements a list has",
        pieces,
        single(made),
        args(lists(whole(0, 9), most=9)),
    )
