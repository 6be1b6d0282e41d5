"""Edge cases: the plain functions."""

from ..concept import Catalogue, Concept, Param
from ..data_structures.shared import said_of
from ..draw import Draw
from ..making import args, effect, lines, lists, loop, whole
from .shared import a_list, of_list

CATALOGUE = Catalogue("edge_cases", since=3)


def _or_none(p: Param, name: str, which: str, what: str, found: str) -> Concept:
    return of_list(p).concept(
        name,
        returns="int | None",
        summary=f"Return the {which} {what}, or None for an empty list",
        body=lines(f"if not {p.name}:", "    return None", f"return {found}"),
        effects=["return None if the list is empty", f"return the {which} {what} otherwise"],
        laws=(f"result == ({found} if {p.name} else None)",),
        words={"which": which},
    )


@CATALOGUE.add("easy")
def first_or_none(draw: Draw) -> Concept:
    which, p = draw.pick(("first", "first", "last")), a_list(draw)
    found = f"{p.name}[{0 if which == 'first' else -1}]"
    names = (f"{which}_element", f"get_{which}", f"{which}_item", f"{which}_or_none", which)
    return _or_none(p, draw.name(*names), which, "element", found)


@CATALOGUE.add("easy")
def largest_or_none(draw: Draw) -> Concept:
    which, p = draw.pick(("largest", "smallest")), a_list(draw)
    call = "max" if which == "largest" else "min"
    names = (f"{which}_number", f"find_{call}", f"get_{call}", f"{which}_or_none", f"{call}imum")
    return _or_none(p, draw.name(*names), which, "number", f"{call}({p.name})")


@CATALOGUE.add("easy")
def index_of_value(draw: Draw) -> Concept:
    p, value = a_list(draw), draw.name("value", "target", "x", "item", "element")
    x, default = p.name, draw.pick((-1, -1, None))
    return Concept(
        name=draw.name("find_index", "index_of", "find_value", "position_of", "search", "find"),
        params=(p, Param(value, "int", draw.name("value", "number", "integer"), "value")),
        returns="int | None" if default is None else "int",
        summary=f"Find the index where the value first stands, or {default}",
        body=lines(
            f"for i, n in enumerate({x}):",
            f"    if n == {value}:",
            "        return i",
            f"return {default}",
        ),
        effects=(
            effect(
                "return the index of the first element that equals the value", f"{value} in {x}"
            ),
            effect(f"return {default}", f"{value} not in {x}", returns=(default,)),
        ),
        laws=(f"result == ([i for i, n in enumerate({x}) if n == {value}] or [{default}])[0]",),
        ask=(([4, 5, 4], 4), ([], 1), ([1, 2], 3)),
        edges=(([], 0), ([0], 0), ([1, 2, 2], 2), ([2, 1], 1), ([5, 5], 5), ([1], 4)),
        ordinary=args(lists(whole(0, 9)), whole(0, 9)),
        words={"d": said_of(default)},
        constraints=(loop("first", "the first match counts"),),
    )


@CATALOGUE.add("easy")
def clamp_to_bounds(draw: Draw) -> Concept:
    x = draw.name("value", "number", "x", "n")
    low, high = draw.dice.choice(
        (("low", "high"), ("minimum", "maximum"), ("lower", "upper"), ("lo", "hi"), ("a", "b"))
    )
    bounded = f"{low} if {x} < {low} else {high} if {x} > {high} else {x}"
    return Concept(
        name=draw.name("clamp", "limit", "keep_in_range", "clip", "restrict", "bounded"),
        params=(
            Param(x, "int", draw.name("number", "value", "integer"), "number"),
            Param(low, "int", draw.name("lower bound", "minimum", "lower limit"), "lower bound"),
            Param(high, "int", draw.name("upper bound", "maximum", "upper limit"), "upper bound"),
        ),
        returns="int",
        summary="Bring a number into the range between two bounds",
        body=f"return max({low}, min({x}, {high}))",
        effects=(
            effect(f"return {low}", f"{x} < {low}"),
            effect(f"return {high}", f"{x} > {high}"),
            effect(f"return {x}", f"{low} <= {x} <= {high}"),
        ),
        laws=(f"result == ({bounded})",),
        needs=(f"{low} <= {high}",),
        ask=((5, 1, 3), (0, 1, 3), (2, 1, 3)),
        edges=((1, 1, 3), (3, 1, 3), (4, 1, 3), (0, 0, 0), (-5, -3, -1), (-2, -3, -1), (9, 2, 2)),
        ordinary=lambda dice: (dice.randint(-20, 20), dice.randint(-15, 0), dice.randint(0, 15)),
    )
