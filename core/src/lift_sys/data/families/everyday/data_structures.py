"""Data structures: the plain functions."""

from ..concept import Catalogue, Concept, Param
from ..data_structures.shared import some_entries
from ..draw import Draw
from ..making import args, effect, lines
from .shared import a_list, of_list

CATALOGUE = Catalogue("data_structures", since=3)


@CATALOGUE.add("easy")
def smallest_and_largest(draw: Draw) -> Concept:
    p = a_list(draw)
    return of_list(p, least=1).concept(
        draw.name(
            "get_min_max", "min_max", "smallest_and_largest", "extremes", "bounds", "min_and_max"
        ),
        returns="tuple[int, int]",
        summary="Return the smallest and the largest number",
        body=f"return (min({p.name}), max({p.name}))",
        effects=["return the tuple (smallest, largest)"],
    )


@CATALOGUE.add("easy")
def count_each_plain(draw: Draw) -> Concept:
    p = a_list(draw)
    x = p.name
    return of_list(p).concept(
        draw.name(
            "count_each", "count_items", "frequencies", "occurrences", "count_elements", "tally"
        ),
        returns="dict[int, int]",
        summary="Count how often each element occurs",
        body=lines(
            "counts = {}", f"for n in {x}:", "    counts[n] = counts.get(n, 0) + 1", "return counts"
        ),
        effects=["return a dict from element to its count"],
        laws=(f"result == {{n: {x}.count(n) for n in {x}}}",),
    )


@CATALOGUE.add("easy")
def merge_plain(draw: Draw) -> Concept:
    a, b = draw.dice.choice((("first", "second"), ("a", "b"), ("left", "right"), ("d1", "d2")))
    return Concept(
        name=draw.name("merge_dicts", "merge", "combine_dicts", "join_dicts", "merged"),
        params=(
            Param(a, "dict[str, int]", draw.name("first dict", "first dictionary"), "first dict"),
            Param(
                b, "dict[str, int]", draw.name("second dict", "second dictionary"), "second dict"
            ),
        ),
        returns="dict[str, int]",
        summary="Merge two dicts; where a key is in both, the second one counts",
        body=f"return {{**{a}, **{b}}}",
        effects=(
            effect(
                "return a new dict with the entries of both; the value of the second one counts"
            ),
            effect("neither argument is changed"),
        ),
        laws=(f"result == {{**{a}, **{b}}}",),
        ask=(({"a": 1, "b": 2}, {"b": 5, "c": 3}), ({}, {})),
        edges=(
            ({}, {}),
            ({"a": 1}, {}),
            ({}, {"a": 1}),
            ({"a": 1}, {"a": 2}),
            ({"a": 0}, {"a": 0}),
        ),
        ordinary=args(some_entries, some_entries),
    )
