"""Dictionaries, tuples and pairs: looking up, merging, counting, grouping: the easy ones."""

from ..concept import Catalogue, Concept, Param
from ..draw import Draw
from ..making import args, around, effect, lines, of
from ..pieces import number_test
from .shared import KEYS, a_default, a_dict, said_of, some_entries

CATALOGUE = Catalogue("data_structures")


@CATALOGUE.add("easy")
def look_up(draw: Draw) -> Concept:
    default, k = a_default(draw), draw.number(1, 50) if draw.pick((True, False)) else 0
    p = a_dict(draw)
    key = Param(draw.name("key", "name", "label"), "str", "key", "key")
    d, x = p.name, key.name
    found = f"{d}[{x}] + {k}" if k else f"{d}[{x}]"
    also = (f" plus {k}", f" increased by {k}") if k else ("",)
    return Concept(
        name=draw.name("look_up", "get_or_default", "value_for", "find_value"),
        params=(p, key),
        returns="int | None" if default is None else "int",
        summary=f"Look up a key{f' and add {k}' if k else ''}, {default} where it is missing",
        body=f"if {x} not in {d}:\n    return {default}\nreturn {found}",
        effects=(
            effect(f"return {default}", f"{x} not in {d}", returns=(default,)),
            effect(f"return the value of the key{also[0]}, also where that is 0", f"{x} in {d}"),
        ),
        laws=(f"result == ({found} if {x} in {d} else {default})",),
        ask=(({"a": 4}, "a"), ({"a": 4}, "b"), ({}, "a")),
        edges=(
            ({}, "a"),
            ({"a": 0}, "a"),
            ({"a": 1}, "b"),
            ({"a": 1, "b": 2}, "b"),
            ({"a": -k}, "a"),
            ({"": 3}, ""),
        ),
        ordinary=args(some_entries, of(*KEYS)),
        words={"d": said_of(default), "also": also},
    )


@CATALOGUE.add("easy")
def total_of_values(draw: Draw) -> Concept:
    test, p = number_test(draw), a_dict(draw)
    fold = draw.pick(("sum", "count"))
    d = p.name
    body = (
        f"return sum(v for v in {d}.values() if {test.of('v')})"
        if fold == "sum"
        else f"return sum(1 for v in {d}.values() if {test.of('v')})"
    )
    law = (
        f"sum([v for v in {d}.values() if {test.of('v')}])"
        if fold == "sum"
        else f"len([k for k in {d} if {test.of(f'{d}[k]')}])"
    )
    what = (
        ("the sum of the values", "the total of all values")
        if fold == "sum"
        else ("the number of values", "the count of the values")
    )
    values = [*test.edges[:3], 5]
    return Concept(
        name=draw.name(f"{fold}_{test.slug}", f"{fold}_values", f"{fold}_of_{test.slug}"),
        params=(p,),
        returns="int",
        summary=f"Find {what[0]} that {test.phrase.many}",
        body=body,
        effects=(effect(f"return {what[0]} that {test.phrase.many}; keys do not matter"),),
        laws=(f"result == {law}",),
        ask=((dict(zip("abcd", values, strict=False)),), ({},)),
        edges=(
            ({},),
            *(({"a": edge},) for edge in test.edges[:4]),
            (dict(zip("abcdefghij", (*test.edges, 0, 7), strict=False)),),
        ),
        ordinary=lambda dice: (
            {key: around(test.edges)(dice) for key in dice.sample(KEYS, dice.randint(1, 5))},
        ),
        words={"t": test.said, "what": what},
    )


@CATALOGUE.add("easy")
def change_pair(draw: Draw) -> Concept:
    a, b = draw.numbers(2, 2, 40)
    how = draw.pick(("swap", "keep"))
    first, second = draw.pick((("+", "-"), ("*", "+"), ("-", "*"), ("+", "*"), ("+", "+")))
    said = {"+": "plus", "-": "minus", "*": "times"}
    p = Param(
        draw.name("pair", "point", "couple"), "tuple[int, int]", "pair (tuple) of two ints", "pair"
    )
    x = p.name
    one, two = f"{x}[0] {first} {a}", f"{x}[1] {second} {b}"
    answer = f"({two}, {one})" if how == "swap" else f"({one}, {two})"
    order = (
        "in swapped order, the changed second element first"
        if how == "swap"
        else "in the same order"
    )
    orders = (
        (
            "and swap the two: the changed second element comes first",
            "and return them in swapped order (the changed second one first)",
        )
        if how == "swap"
        else ("and keep the order", "in the same order")
    )
    return Concept(
        name=draw.name("change_pair", "shift_pair", "adjust", "transform_pair"),
        params=(p,),
        returns="tuple[int, int]",
        summary=f"Return the first element {said[first]} {a} and the second {said[second]} {b}, {order}",
        body=f"return {answer}",
        effects=(
            effect(
                f"return a new tuple of the first element {said[first]} {a} and the second {said[second]} {b}, {order}"
            ),
        ),
        laws=(f"result == {answer}",),
        ask=(((1, 2),), ((0, 0),)),
        edges=(((0, 0),), ((1, 2),), ((-1, 5),), ((b, a),), ((7, 7),)),
        ordinary=lambda dice: ((dice.randint(-50, 50), dice.randint(-50, 50)),),
        words={"one": f"{said[first]} {a}", "two": f"{said[second]} {b}", "order": orders},
    )


@CATALOGUE.add("easy", held_out=True)
def rename_key(draw: Draw) -> Concept:
    old, new = draw.labels(2)
    k = draw.number(0, 40)
    p = a_dict(draw)
    d = p.name
    return Concept(
        name=draw.name("with_key", "set_key", "put_entry"),
        params=(p,),
        returns="dict[str, int]",
        summary=f"Return a copy in which {new!r} is {k} and {old!r} is missing",
        body=lines(
            f"changed = dict({d})",
            f"changed.pop({old!r}, None)",
            f"changed[{new!r}] = {k}",
            "return changed",
        ),
        effects=(
            effect(
                f"return a new dict without the key {old!r} and with the value {k} for {new!r}; all other entries stay, the argument is not changed"
            ),
        ),
        laws=(
            f"{old!r} not in result and result[{new!r}] == {k}",
            f"all(result[key] == {d}[key] for key in {d} if key not in ({old!r}, {new!r}))",
            f"set(result) == (set({d}) | {{{new!r}}}) - {{{old!r}}}",
        ),
        ask=(({},), ({old: 1, "a": 2},)),
        edges=(({},), ({old: 1},), ({new: 5},), ({old: 1, new: 2, "a": 3},), ({"a": k},)),
        ordinary=lambda dice: (
            {
                key: dice.randint(0, 60)
                for key in dice.sample((*KEYS, old, new), dice.randint(1, 6))
            },
        ),
        words={"old": f"«{old}»", "new": f"«{new}»", "k": str(k)},
    )
