"""What is easily forgotten: nothing, one, too few, too many, zero, the limits: the easy ones."""

from ..concept import Catalogue, Concept, Param
from ..draw import Draw
from ..making import args, effect, lists, of, single, texts, whole
from .shared import a_default, a_list, or_none, said_of

CATALOGUE = Catalogue("edge_cases")


@CATALOGUE.add("easy")
def end_element(draw: Draw) -> Concept:
    last, default, p = draw.pick((False, True)), a_default(draw), a_list(draw)
    x, which = p.name, "last" if last else "first"
    place = -1 if last else 0
    return Concept(
        name=draw.name(f"{which}_element", f"{which}_or_default", f"get_{which}", f"{which}_item"),
        params=(p,),
        returns=or_none("int", default),
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
        words={"which": which, "d": said_of(default)},
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
        returns=or_none(kind, default),
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
        words={"d": said_of(default), "how": how},
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
        words={"d": said_of(default), "back": back},
    )


@CATALOGUE.add("easy", held_out=True)
def element_at(draw: Draw) -> Concept:
    k, default, p = draw.number(1, 7), a_default(draw), a_list(draw)
    x = p.name
    return Concept(
        name=draw.name("element_at", "get_at", f"item_{k}"),
        params=(p,),
        returns=or_none("int", default),
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
        words={"k": str(k), "d": said_of(default)},
    )
