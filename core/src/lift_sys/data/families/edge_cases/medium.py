"""What is easily forgotten: nothing, one, too few, too many, zero, the limits: the medium ones."""

import random

from ..concept import Args, Catalogue, Concept, Param
from ..draw import Draw
from ..making import args, around, effect, lists, single, whole
from ..pieces import number_test, numbers_near
from .shared import a_default, a_list, or_none, said_of

CATALOGUE = Catalogue("edge_cases")


@CATALOGUE.add("medium")
def clamp(draw: Draw) -> Concept:
    fixed = draw.pick((False, True, True))
    name = draw.name("value", "x", "number", "n", "reading")
    p = Param(name, "int", "number", "number")
    if not fixed:
        low, high = (
            Param(draw.name("low", "minimum", "lower"), "int", "lower limit", "lower limit"),
            Param(draw.name("high", "maximum", "upper"), "int", "upper limit", "upper limit"),
        )
        a, b, params = low.name, high.name, (p, low, high)
        needs: tuple[str, ...] = (f"{a} <= {b}",)
        edges = (
            (5, 0, 10),
            (0, 0, 10),
            (10, 0, 10),
            (-1, 0, 10),
            (11, 0, 10),
            (3, 3, 3),
            (4, 3, 3),
            (-5, -3, -1),
            (0, -3, -1),
        )
        ask = ((5, 0, 10), (-1, 0, 10), (11, 0, 10), (10, 0, 10))
        said = ("the given lower limit", "the given upper limit")
    else:
        first = draw.number(-40, 60)
        second = first + draw.number(1, 80)
        a, b, params, needs = str(first), str(second), (p,), ()
        edges = single(
            (first - 1, first, first + 1, second - 1, second, second + 1, first - 50, second + 50)
        )
        ask = single((first - 1, first, second, second + 1))
        said = (a, b)

    def ordinary(dice: random.Random) -> Args:
        if fixed:
            return (around((int(a), int(b)), 30)(dice),)
        low = dice.randint(-20, 20)
        return (dice.randint(-40, 60), low, low + dice.randint(0, 30))

    return Concept(
        name=draw.name("clamp", "limit_to_range", "bound", "keep_in_range"),
        params=params,
        returns="int",
        summary=f"Keep a number between {a} and {b}, both included",
        body=f"if {name} < {a}:\n    return {a}\nif {name} > {b}:\n    return {b}\nreturn {name}",
        effects=(
            effect(f"return {a}", f"{name} < {a}"),
            effect(f"return {b}", f"{name} > {b}"),
            effect("return the number unchanged, both limits included", f"{a} <= {name} <= {b}"),
        ),
        laws=(f"result == max({a}, min({name}, {b}))",),
        ask=ask,
        edges=edges,
        ordinary=ordinary,
        needs=needs,
        words={"low": said[0], "high": said[1]},
    )


@CATALOGUE.add("medium")
def extreme_or_default(draw: Draw) -> Concept:
    test, default, p = number_test(draw), a_default(draw), a_list(draw)
    largest = draw.pick((True, False))
    x, fold, word = p.name, *(("max", "largest") if largest else ("min", "smallest"))
    matches = f"[n for n in {x} if {test.of('n')}]"
    near = [*test.edges, 3]
    return Concept(
        name=draw.name(
            f"{word}_{test.slug}", f"{fold}_{test.slug}", f"find_{word}", f"{word}_or_default"
        ),
        params=(p,),
        returns=or_none("int", default),
        summary=f"Find the {word} number that {test.phrase.one}, or {default}",
        body=f"matching = {matches}\nif not matching:\n    return {default}\nreturn {fold}(matching)",
        effects=(
            effect(
                f"return {default}", f"not any({test.of('n')} for n in {x})", returns=(default,)
            ),
            effect(
                f"return the {word} of the numbers that {test.phrase.many}",
                f"any({test.of('n')} for n in {x})",
            ),
        ),
        laws=(f"result == {fold}({matches}, default={default})",),
        ask=(([],), (near[:4],)),
        edges=(
            ([],),
            (near,),
            (near[::-1],),
            *(([edge],) for edge in test.edges[:4]),
            ([0, 0],),
            (list(numbers_near(test.edges)),),
        ),
        ordinary=args(lists(around(test.edges))),
        words={"t": test.said, "word": word, "d": said_of(default)},
    )


@CATALOGUE.add("medium")
def percentage(draw: Draw) -> Concept:
    default = draw.pick((0.0, None, -1.0))
    if draw.pick((True, False)):
        default = float(draw.number(-99, 99))
    digits = draw.pick((0, 1, 2, 3))
    scale = draw.pick((100, 100, 1, 1000))
    a = Param(draw.name("part", "done", "hits", "passed"), "int", "number of hits", "hits")
    b = Param(draw.name("whole", "total", "attempts", "count"), "int", "total number", "total")
    x, y = a.name, b.name
    formula = (
        f"round({scale} * {x} / {y}, {digits})" if scale != 1 else f"round({x} / {y}, {digits})"
    )
    what = {
        100: "percentage",
        1: "share (a fraction, not a percentage)",
        1000: "per-mille value (times 1000)",
    }[scale]
    places = {
        0: "to 0 decimal places (still a float)",
        1: "to 1 decimal place",
        2: "to 2 decimal places",
        3: "to 3 decimal places",
    }[digits]
    return Concept(
        name=draw.name("percentage", "share_of", "rate", "success_rate"),
        params=(a, b),
        returns=or_none("float", default),
        summary=f"Compute what {what} the hits are of the total, {default} for a total of 0",
        body=f"if {y} == 0:\n    return {default}\nreturn {formula}",
        effects=(
            effect(f"return {default}", f"{y} == 0", returns=(default,)),
            effect(f"return the {what}, rounded {places}", f"{y} > 0", hint=formula),
        ),
        laws=(f"result == ({default} if {y} == 0 else {formula})",),
        needs=(f"0 <= {x}", f"0 <= {y}"),
        ask=((1, 3), (0, 5), (0, 0)),
        edges=((0, 0), (3, 0), (0, 1), (1, 1), (1, 3), (2, 3), (1, 7), (5, 8), (7, 2)),
        ordinary=args(whole(0, 40), whole(1, 60)),
        words={"what": what, "places": places, "d": said_of(default)},
    )


@CATALOGUE.add("medium", held_out=True)
def wrap_number(draw: Draw) -> Concept:
    low = draw.pick((0, 1, 1))
    k = draw.number(3, 60)
    p = Param(draw.name("n", "value", "step", "slot"), "int", "number", "number")
    x, high = p.name, low + k - 1
    return Concept(
        name=draw.name("wrap_around", "cycle_position", "wrap"),
        params=(p,),
        returns="int",
        summary=f"Wrap a number into {low} to {high}",
        body=f"return {x} % {k}" if low == 0 else f"return ({x} - 1) % {k} + 1",
        effects=(
            effect(
                f"return the number itself within {low} to {high}; beyond that counting goes round, so that {low} follows {high}"
            ),
        ),
        laws=(f"{low} <= result <= {high}", f"(result - {x}) % {k} == 0"),
        ask=single((low, high, high + 1, low - 1)),
        edges=single((low, high, high + 1, low - 1, 0, -k, 2 * k, 2 * k + 1, -1, k - 1)),
        ordinary=args(whole(-3 * k, 4 * k)),
        words={"low": str(low), "high": str(high), "up": str(high + 1), "down": str(low - 1)},
    )
