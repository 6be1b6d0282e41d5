"""What is easily forgotten: nothing, one, too few, too many, zero, the limits."""

import random

from .concept import Args, Catalogue, Concept, Param
from .draw import Draw
from .making import args, around, effect, lines, lists, of, single, texts, whole
from .pieces import number_test, numbers_near

CATALOGUE = Catalogue("edge_cases")


def _list(draw: Draw) -> Param:
    return Param(
        draw.name("items", "values", "numbers", "queue", "entries"),
        "list[int]",
        "list of integers",
        "list",
    )


def _default(draw: Draw) -> int | None:
    """None, or some number."""
    return None if draw.pick((True, False, False)) else draw.number(-99, 99)


def _said(default: object) -> tuple[str, ...]:
    return (str(default), f"`{default}`")


def _or_none(kind: str, default: object) -> str:
    return f"{kind} | None" if default is None else kind


@CATALOGUE.add("easy")
def end_element(draw: Draw) -> Concept:
    last, default, p = draw.pick((False, True)), _default(draw), _list(draw)
    x, which = p.name, "last" if last else "first"
    place = -1 if last else 0
    return Concept(
        name=draw.name(f"{which}_element", f"{which}_or_default", f"get_{which}", f"{which}_item"),
        params=(p,),
        returns=_or_none("int", default),
        summary=f"Return the {which} element, or {default} for an empty list",
        body=f"if not {x}:\n    return {default}\nreturn {x}[{place}]",
        effects=(
            effect(f"return {default}", f"not {x}", returns=(default,)),
            effect(f"return the {which} element, falsy ones included", f"len({x}) > 0"),
        ),
        laws=(f"result == ({x}[{place}] if {x} else {default})",),
        ask=(([],), ([7, 8, 9],), ([0],)),
        edges=(([],), ([0],), ([5],), ([1, 2],), ([0, 3],), ([3, 0],), ([2, 2, 1],)),
        ordinary=args(lists(whole(-20, 60), least=1)),
        words={"which": which, "d": _said(default)},
    )


@CATALOGUE.add("easy")
def safe_divide(draw: Draw) -> Concept:
    default = draw.pick((None, 0.0, 1.0))
    if draw.pick((False, True)):
        default = draw.number(-50, 99) + 0.5
    exact = draw.pick((True, False))
    kind = "float" if exact else "int"
    if not exact and default is not None:
        default = int(default)
    a = Param(draw.name("a", "total", "amount", "dividend"), "int", "first number", "first number")
    b = Param(draw.name("b", "parts", "count", "divisor"), "int", "second number", "second number")
    sign = "/" if exact else "//"
    how = ("", "") if exact else (", rounded down to a whole number", " with floor division (//)")
    return Concept(
        name=draw.name("safe_divide", "divide_or_default", "ratio", "divide"),
        params=(a, b),
        returns=_or_none(kind, default),
        summary=f"Divide two numbers{' by floor division' if not exact else ''}, {default} for a zero divisor",
        body=f"if {b.name} == 0:\n    return {default}\nreturn {a.name} {sign} {b.name}",
        effects=(
            effect(f"return {default}", f"{b.name} == 0", returns=(default,)),
            effect(f"return {a.name} {sign} {b.name}", f"{b.name} != 0"),
        ),
        laws=(f"result == ({default} if {b.name} == 0 else {a.name} {sign} {b.name})",),
        ask=((7, 2), (1, 0), (0, 5)),
        edges=((0, 0), (5, 0), (-7, 0), (0, 3), (7, 2), (-7, 2), (7, -2), (6, 3), (1, 1)),
        ordinary=args(whole(-60, 90), of(*range(-9, 0), *range(1, 10))),
        words={"d": _said(default), "how": how},
    )


@CATALOGUE.add("easy")
def text_or_default(draw: Draw) -> Concept:
    default, strip = draw.label(), draw.pick((True, False))
    p = Param(
        draw.name("text", "name", "title", "value"), "str", draw.name("string", "text"), "text"
    )
    x = p.name
    empty = f"{x}.strip() == ''" if strip else f"{x} == ''"
    answer = f"{x}.strip()" if strip and draw.pick((True, False)) else x
    trimmed = answer != x
    blank = (
        (
            "is empty or only whitespace",
            "is blank (nothing but whitespace)",
            "has no visible character",
        )
        if strip
        else ("is empty", "is the empty string", "has length 0")
    )
    back = (
        ("the text without whitespace at both ends", "the text with surrounding whitespace removed")
        if trimmed
        else ("the text unchanged", "the text as it is")
    )
    return Concept(
        name=draw.name("text_or_default", "or_default", f"clean_{x}", f"{x}_or_fallback"),
        params=(p,),
        returns="str",
        summary=f"Return {default!r} where the text {blank[0]}, else {back[0]}",
        body=f"if {empty}:\n    return {default!r}\nreturn {answer}",
        effects=(
            effect(f"return exactly {default!r}", empty, returns=(default,)),
            effect(f"return {back[0]}", f"not ({empty})"),
        ),
        laws=(f"result == ({default!r} if {empty} else {answer})",),
        ask=single(("", "  ", " ab ")),
        edges=single(("", " ", "   ", "\t\n", "a", " a", "b ", " c d ", default)),
        ordinary=args(texts(("Ann", " Bo ", "old house", "x  ", "  y"))),
        words={"d": f"«{default}»", "blank": blank, "back": back},
    )


@CATALOGUE.add("easy")
def none_or_value(draw: Draw) -> Concept:
    default = draw.number(-99, 99)
    p = Param(
        draw.name("value", "amount", "setting", "number"), "int | None", "number or None", "value"
    )
    x = p.name
    add = draw.number(1, 50) if draw.pick((True, False)) else 0
    answer = f"{x} + {add}" if add else x
    back = (
        (f"the number plus {add}", f"the number increased by {add}")
        if add
        else ("the number itself", "the number unchanged")
    )
    return Concept(
        name=draw.name(
            "value_or_default",
            "with_default",
            f"{x}_or_{'minus_' if default < 0 else ''}{abs(default)}",
            "coalesce",
        ),
        params=(p,),
        returns="int",
        summary=f"Return {default} for None, else {back[0]}",
        body=f"if {x} is None:\n    return {default}\nreturn {answer}",
        effects=(
            effect(f"return {default}", f"{x} is None", returns=(default,)),
            effect(
                f"return {back[0]}; 0 is a number like any other",
                f"{x} is not None",
                hint="compare with `is None`, not by truth",
            ),
        ),
        laws=(f"result == ({default} if {x} is None else {answer})",),
        ask=single((None, 0, 5)),
        edges=single((None, 0, 1, -1, default, -add)),
        ordinary=args(whole(-80, 80)),
        words={"d": _said(default), "back": back},
    )


@CATALOGUE.add("easy", held_out=True)
def element_at(draw: Draw) -> Concept:
    k, default, p = draw.number(1, 7), _default(draw), _list(draw)
    x = p.name
    return Concept(
        name=draw.name("element_at", "get_at", f"item_{k}"),
        params=(p,),
        returns=_or_none("int", default),
        summary=f"Return the element at index {k}, or {default} where the list is too short",
        body=f"if len({x}) <= {k}:\n    return {default}\nreturn {x}[{k}]",
        effects=(
            effect(f"return {default}", f"len({x}) <= {k}", returns=(default,)),
            effect(f"return the element at index {k}", f"len({x}) > {k}"),
        ),
        laws=(f"result == ({x}[{k}] if len({x}) > {k} else {default})",),
        ask=(([],), (list(range(10, 11 + k)),), (list(range(k)),)),
        edges=(
            ([],),
            (list(range(k)),),
            (list(range(5, k + 6)),),
            (list(range(k + 3, 0, -1)),),
            ([0] * (k + 1),),
        ),
        ordinary=args(lists(whole(-20, 60), least=max(1, k - 1), most=k + 4)),
        words={"k": str(k), "d": _said(default)},
    )


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
    test, default, p = number_test(draw), _default(draw), _list(draw)
    largest = draw.pick((True, False))
    x, fold, word = p.name, *(("max", "largest") if largest else ("min", "smallest"))
    matches = f"[n for n in {x} if {test.of('n')}]"
    near = [*test.edges, 3]
    return Concept(
        name=draw.name(
            f"{word}_{test.slug}", f"{fold}_{test.slug}", f"find_{word}", f"{word}_or_default"
        ),
        params=(p,),
        returns=_or_none("int", default),
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
        words={"t": test.said, "word": word, "d": _said(default)},
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
        returns=_or_none("float", default),
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
        words={"what": what, "places": places, "d": _said(default)},
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


@CATALOGUE.add("hard")
def middle_element(draw: Draw) -> Concept:
    default, p = _default(draw), _list(draw)
    even = draw.pick(("left", "right", "sum", "larger", "smaller"))
    x = p.name
    pair = f"{x}[middle - 1]", f"{x}[middle]"
    answer = {
        "left": pair[0],
        "right": pair[1],
        "sum": f"{pair[0]} + {pair[1]}",
        "larger": f"max({pair[0]}, {pair[1]})",
        "smaller": f"min({pair[0]}, {pair[1]})",
    }[even]
    said = {
        "left": ("the left one of the two in the middle", "the first of both middle elements"),
        "right": ("the right one of the two in the middle", "the second of both middle elements"),
        "sum": ("the sum of the two in the middle", "both middle elements added together"),
        "larger": (
            "the larger one of the two in the middle",
            "the greater of both middle elements",
        ),
        "smaller": (
            "the smaller one of the two in the middle",
            "the lesser of both middle elements",
        ),
    }[even]
    law = answer.replace("middle", f"len({x}) // 2")
    return Concept(
        name=draw.name("middle_element", "middle_of", "get_middle", "center"),
        params=(p,),
        returns=_or_none("int", default),
        summary=f"Return the middle element, {said[0]} for an even length, {default} for an empty list",
        body=lines(
            f"if not {x}:",
            f"    return {default}",
            f"middle = len({x}) // 2",
            f"if len({x}) % 2 == 1:",
            f"    return {x}[middle]",
            f"return {answer}",
        ),
        effects=(
            effect(f"return {default}", f"not {x}", returns=(default,)),
            effect("return the element in the middle", f"len({x}) % 2 == 1"),
            effect(f"return {said[0]}", f"{x} and len({x}) % 2 == 0"),
        ),
        laws=(
            f"result == ({default} if not {x} else {x}[len({x}) // 2] if len({x}) % 2 == 1 else {law})",
        ),
        ask=(([],), ([5],), ([4, 9],), ([1, 2, 3],)),
        edges=(
            ([],),
            ([5],),
            ([9, 4],),
            ([4, 9],),
            ([3, 1, 2],),
            ([1, 7, 3, 8],),
            ([8, 3, 7, 1],),
            ([6, 2, 2, 6],),
            ([5, 4, 3, 2, 1],),
        ),
        ordinary=args(lists(whole(-20, 40), least=1)),
        words={"even": said, "d": _said(default)},
    )


@CATALOGUE.add("hard")
def average_without_none(draw: Draw) -> Concept:
    low = draw.number(-20, 30)
    high = low + draw.number(10, 100)
    default = draw.pick((None, 0.0))
    if draw.pick((True, False)):
        default = float(draw.number(-99, 99))
    p = Param(
        draw.name("readings", "measurements", "values", "samples"),
        "list[int | None]",
        draw.name("list of readings", "list of measurements") + " in which some are None",
        "list",
    )
    x = p.name
    valid = f"[r for r in {x} if r is not None and {low} <= r <= {high}]"
    return Concept(
        name=draw.name("mean_of_valid", "average_valid", "clean_average", "robust_mean"),
        params=(p,),
        returns=_or_none("float", default),
        summary=f"Average the readings from {low} to {high}, without None; {default} if there are none",
        body=f"valid = {valid}\nif not valid:\n    return {default}\nreturn sum(valid) / len(valid)",
        effects=(
            effect(
                f"leave out None and whatever is below {low} or above {high}; 0 is a reading like any other",
                order="before anything is added",
            ),
            effect(f"return {default}", f"not {valid}", returns=(default,)),
            effect("return the average of the others", f"len({valid}) > 0"),
        ),
        laws=(f"result == (sum({valid}) / len({valid}) if {valid} else {default})",),
        ask=(([],), ([None, low, high],), ([low - 1, high + 1],)),
        edges=(
            ([],),
            ([None],),
            ([low],),
            ([high],),
            ([low - 1],),
            ([high + 1],),
            ([None, low, high, low - 1, high + 1],),
            ([low + 1, None, low + 2],),
            ([0, None],),
        ),
        ordinary=lambda dice: (
            [
                dice.choice((None, dice.randint(low - 5, high + 5), dice.randint(low, high)))
                for _ in range(dice.randint(1, 8))
            ],
        ),
        words={"low": str(low), "high": str(high), "d": _said(default)},
    )


@CATALOGUE.add("hard")
def checked_value(draw: Draw) -> Concept:
    low = draw.number(-20, 40)
    high = low + draw.number(5, 80)
    error = draw.pick(("ValueError", "IndexError", "KeyError", "OverflowError"))
    kind = draw.pick(("add", "mul", "sub"))
    k = draw.number(2, 30)
    p = Param(draw.name("value", "n", "amount", "level"), "int", "number", "number")
    x = p.name
    answer = {"add": f"{x} + {k}", "mul": f"{x} * {k}", "sub": f"{x} - {k}"}[kind]
    said = {
        "add": f"the number plus {k}",
        "mul": f"the number times {k}",
        "sub": f"the number minus {k}",
    }[kind]
    message = draw.label()
    return Concept(
        name=draw.name("checked", "convert_checked", "strict_value", "require_range"),
        params=(p,),
        returns="int",
        summary=f"Return {said}, or raise {error} outside {low} to {high}",
        body=f"if {x} < {low} or {x} > {high}:\n    raise {error}({message!r})\nreturn {answer}",
        effects=(
            effect(
                f"raise {error} with the message {message!r}",
                f"{x} < {low} or {x} > {high}",
                raises=error,
            ),
            effect(f"return {said}", f"{low} <= {x} <= {high}"),
        ),
        laws=(f"result == {answer}",),
        ask=single((low, high, low - 1, high + 1)),
        edges=single(
            (
                low - 1,
                low,
                low + 1,
                high - 1,
                high,
                high + 1,
                low - 40,
                high + 40,
                (low + high) // 2,
            )
        ),
        ordinary=args(around((low, high), 20)),
        words={
            "low": str(low),
            "high": str(high),
            "error": (error, f"a {error}".replace("a O", "an O").replace("a I", "an I")),
            "back": said,
            "msg": f"«{message}»",
        },
    )


@CATALOGUE.add("hard", held_out=True)
def ends_of_list(draw: Draw) -> Concept:
    k, default, p = draw.number(2, 5), draw.pick((None, -1, 0)), _list(draw)
    part = draw.pick(("largest minus smallest", "sum", "last minus first"))
    more = draw.number(2, 40)
    x = p.name
    tail = f"{x}[-{k}:]"
    answer = {
        "largest minus smallest": f"max({tail}) - min({tail})",
        "sum": f"sum({tail})",
        "last minus first": f"{x}[-1] - {x}[-{k}]",
    }[part]
    said = {
        "largest minus smallest": "their largest minus their smallest",
        "sum": "their sum",
        "last minus first": "the last of them minus the first of them",
    }[part]
    return Concept(
        name=draw.name("recent_change", "tail_value", "latest_summary"),
        params=(p,),
        returns=_or_none("int", default),
        summary=f"Take the last {k} numbers and return {said}, at most {more}; {default} for fewer than {k}",
        body=f"if len({x}) < {k}:\n    return {default}\nreturn min({answer}, {more})",
        effects=(
            effect(f"return {default}", f"len({x}) < {k}", returns=(default,)),
            effect(
                f"of the last {k} numbers, return {said}, but never more than {more}",
                f"len({x}) >= {k}",
            ),
        ),
        laws=(f"result == ({default} if len({x}) < {k} else min({answer}, {more}))",),
        ask=(([],), (list(range(1, k + 2)),), ([3] * (k - 1),)),
        edges=(
            ([],),
            ([9] * (k - 1),),
            (list(range(k)),),
            (list(range(k, -1, -1)),),
            ([100, *range(k)],),
            ([50] * k,),
            ([0, *[1] * (k - 1), more + 5],),
            ([-60, 60, *range(k)],),
        ),
        ordinary=args(lists(whole(-30, 40), least=k - 1, most=k + 4)),
        words={"k": str(k), "said": said, "more": str(more), "d": _said(default)},
    )
