"""What is easily forgotten: nothing, one, too few, too many, zero, the limits: the hard ones."""

from ..concept import Catalogue, Concept, Param
from ..draw import Draw
from ..making import args, around, effect, lines, lists, single, whole
from .shared import a_default, a_list, or_none, said_of

CATALOGUE = Catalogue("edge_cases")


@CATALOGUE.add("hard")
def middle_element(draw: Draw) -> Concept:
    default, p = a_default(draw), a_list(draw)
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
        returns=or_none("int", default),
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
        words={"even": said, "d": said_of(default)},
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
        returns=or_none("float", default),
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
        words={"low": str(low), "high": str(high), "d": said_of(default)},
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
    k, default, p = draw.number(2, 5), draw.pick((None, -1, 0)), a_list(draw)
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
        returns=or_none("int", default),
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
        words={"k": str(k), "said": said, "more": str(more), "d": said_of(default)},
    )
