"""Dictionaries, tuples and pairs: looking up, merging, counting, grouping."""

import random
from typing import Any

from .concept import Catalogue, Concept, Param
from .draw import Draw
from .making import args, around, effect, lines, lists, loop, of, texts, whole
from .pieces import number_test, text_test

CATALOGUE = Catalogue("data_structures")
_KEYS = ("a", "b", "c", "kim", "lee", "zoe")


def _dict(draw: Draw) -> Param:
    name, noun = draw.dice.choice(
        (
            ("scores", "dict of scores by name"),
            ("prices", "dict of prices by name"),
            ("stock", "dict of amounts by name"),
            ("data", "dict from strings to ints"),
            ("counts", "dict from strings to ints"),
        )
    )
    return Param(name, "dict[str, int]", noun, "dict")


def _entries(dice: random.Random) -> dict[str, int]:
    return {key: dice.randint(-20, 60) for key in dice.sample(_KEYS, dice.randint(1, 5))}


def _default(draw: Draw) -> int | None:
    return None if draw.pick((True, False, False)) else draw.number(-99, 99)


def _said(default: object) -> tuple[str, ...]:
    return (str(default), f"`{default}`")


@CATALOGUE.add("easy")
def look_up(draw: Draw) -> Concept:
    default, k = _default(draw), draw.number(1, 50) if draw.pick((True, False)) else 0
    p = _dict(draw)
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
        ordinary=args(_entries, of(*_KEYS)),
        words={"d": _said(default), "also": also},
    )


@CATALOGUE.add("easy")
def total_of_values(draw: Draw) -> Concept:
    test, p = number_test(draw), _dict(draw)
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
            {key: around(test.edges)(dice) for key in dice.sample(_KEYS, dice.randint(1, 5))},
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
    p = _dict(draw)
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
                for key in dice.sample((*_KEYS, old, new), dice.randint(1, 6))
            },
        ),
        words={"old": f"«{old}»", "new": f"«{new}»", "k": str(k)},
    )


@CATALOGUE.add("medium")
def min_max(draw: Draw) -> Concept:
    largest_first = draw.pick((False, False, True))
    third = draw.pick(("", "", "difference", "count"))
    nothing: Any = None
    if draw.pick((True, False)):
        nothing = tuple(draw.numbers(2, -9, 30)) if third else (0, 0)
    name = draw.name("numbers", "values", "data", "readings", "scores")
    p = Param(name, "list[int]", "list of integers", "list")
    pair = [f"max({name})", f"min({name})"] if largest_first else [f"min({name})", f"max({name})"]
    extra = {"": [], "difference": [f"max({name}) - min({name})"], "count": [f"len({name})"]}[third]
    if extra and nothing is not None:
        nothing = (*nothing, 0)
    answer = f"({', '.join((*pair, *extra))})"
    parts = ["largest", "smallest"] if largest_first else ["smallest", "largest"]
    told = (
        f"({', '.join(parts)}"
        + {"": ")", "difference": ", difference of the two)", "count": ", number of elements)"}[
            third
        ]
    )
    size = 2 + len(extra)
    kind = f"tuple[{', '.join(['int'] * size)}]"
    return Concept(
        name=draw.name("get_min_max", "min_max", "extremes", "range_of"),
        params=(p,),
        returns=f"{kind} | None" if nothing is None else kind,
        summary=f"Return the tuple {told}, {nothing} for an empty list",
        body=f"if not {name}:\n    return {nothing}\nreturn {answer}",
        effects=(
            effect(f"return {nothing}", f"not {name}", returns=(None,) if nothing is None else ()),
            effect(f"return the tuple {told}", f"len({name}) > 0"),
        ),
        laws=(f"result == ({answer} if {name} else {nothing})",),
        ask=(([],), ([5],), ([3, 1, 2],)),
        edges=(
            ([],),
            ([0],),
            ([5],),
            ([1, 2],),
            ([2, 1],),
            ([-3, -9, -4],),
            ([7, 7, 7],),
            ([4, -1, 9, 0],),
        ),
        ordinary=args(lists(whole(-40, 70), least=1)),
        words={"told": told, "d": _said(nothing)},
    )


@CATALOGUE.add("medium")
def merge(draw: Draw) -> Concept:
    clash = draw.pick(("second", "second", "first", "larger", "smaller", "sum", "scaled"))
    k = draw.number(2, 12) if clash == "scaled" else 0
    only = draw.pick((False, False, True)) and clash not in ("second", "first")
    a = Param(draw.name("first", "left", "a", "base"), "dict[str, int]", "first dict", "first dict")
    b = Param(
        draw.name("second", "right", "b", "update"), "dict[str, int]", "second dict", "second dict"
    )
    x, y = a.name, b.name
    both = {
        "second": f"{y}[key]",
        "first": f"{x}[key]",
        "larger": f"max({x}[key], {y}[key])",
        "smaller": f"min({x}[key], {y}[key])",
        "sum": f"{x}[key] + {y}[key]",
        "scaled": f"{x}[key] + {k} * {y}[key]",
    }[clash]
    told = {
        "second": ("the second one wins", "the value of the second counts"),
        "first": ("the first one wins", "the value of the first counts"),
        "larger": ("the larger value is taken", "the greater of both values is used"),
        "smaller": ("the smaller value is taken", "the lesser of both values is used"),
        "sum": ("the two values are added", "their sum is used"),
        "scaled": (
            f"the value is that of the first plus {k} times that of the second",
            f"{k} times the second value is added to the first",
        ),
    }[clash]
    if only:
        body = f"return {{key: {both} for key in {x} if key in {y}}}"
        scope = (
            "only keys that are in both are kept",
            "keys that are in just one of them are left out",
        )
    else:
        scope = ("all other keys are kept", "keys of just one of them are taken over")
        body = {
            "second": f"return {{**{x}, **{y}}}",
            "first": f"return {{**{y}, **{x}}}",
        }.get(clash) or lines(
            f"merged = {{**{x}, **{y}}}",
            f"for key in {x}:",
            f"    if key in {y}:",
            f"        merged[key] = {both}",
            "return merged",
        )
    keys = f"set({x}) & set({y})" if only else f"set({x}) | set({y})"
    return Concept(
        name=draw.name("merge_dicts", "merge", "combine", "join_dicts")
        if not only
        else draw.name("common_entries", "intersect", "merge_common"),
        params=(a, b),
        returns="dict[str, int]",
        summary=f"Merge two dicts; where a key is in both {told[0]}; {scope[0]}",
        body=body,
        effects=(
            effect(f"return a new dict; where a key is in both dicts, {told[0]}"),
            effect(scope[0]),
            effect("neither argument is changed"),
        ),
        laws=(
            f"set(result) == {keys}",
            f"all(result[key] == ({both} if key in {x} and key in {y} else {x}[key] if key in {x} else {y}[key]) for key in result)",
        ),
        ask=(({"a": 1, "b": 2}, {"b": 5, "c": 3}), ({}, {}), ({"a": 4}, {"a": 1})),
        edges=(
            ({}, {}),
            ({"a": 1}, {}),
            ({}, {"a": 1}),
            ({"a": 1}, {"a": 2}),
            ({"a": 2}, {"a": 1}),
            ({"a": 0}, {"a": 0}),
            ({"a": 1, "b": 2}, {"b": -3, "c": 4}),
        ),
        ordinary=args(_entries, _entries),
        words={"told": told, "scope": scope},
    )


@CATALOGUE.add("medium")
def filter_dict(draw: Draw) -> Concept:
    by = draw.pick(("value", "value", "key"))
    test = number_test(draw) if by == "value" else text_test(draw)
    keep = draw.pick(("dict", "keys", "dict"))
    p = _dict(draw)
    d = p.name
    condition = test.of("value") if by == "value" else test.of("key")
    what = {
        "dict": ("a new dict with the entries", "a dict of only those entries"),
        "keys": ("a sorted list of the keys", "the keys, in alphabetical order, of the entries"),
    }[keep]
    said = tuple(
        type(phrase)(f"whose {by} {phrase.one}", f"whose {by} {phrase.one}") for phrase in test.said
    )
    if keep == "dict":
        body = f"return {{key: value for key, value in {d}.items() if {condition}}}"
        law = f"result == {{key: value for key, value in {d}.items() if {condition}}}"
    else:
        body = f"return sorted(key for key, value in {d}.items() if {condition})"
        law = f"result == sorted([key for key in {d} if {condition.replace('value', f'{d}[key]')}])"
    plain = said[0].one.replace("«", "'").replace("»", "'")
    sample = (
        dict(zip("abcd", test.edges[:4], strict=False))
        if by == "value"
        else {text: place for place, text in enumerate(test.texts[:4])}
    )
    whole_sample = (
        dict(zip("jihgfedcba", (*test.edges, 0, 9), strict=False))
        if by == "value"
        else {text: place for place, text in enumerate((*test.texts, "", "zz"))}
    )

    def ordinary(dice: random.Random) -> tuple[Any, ...]:
        if by == "value":
            return (
                {key: around(test.edges)(dice) for key in dice.sample(_KEYS, dice.randint(1, 5))},
            )
        return ({texts(test.texts)(dice): dice.randint(-9, 40) for _ in range(dice.randint(1, 5))},)

    return Concept(
        name=draw.name("filter_dict", f"select_by_{by}", f"keep_{test.slug}")
        if keep == "dict"
        else draw.name("matching_keys", f"keys_by_{by}", f"keys_{test.slug}"),
        params=(p,),
        returns="dict[str, int]" if keep == "dict" else "list[str]",
        summary=f"Return {what[0]} {plain}",
        body=body,
        effects=(effect(f"return {what[0]} {plain}; the argument is not changed"),),
        laws=(law,),
        ask=((sample,), ({},)),
        edges=(
            ({},),
            (sample,),
            (whole_sample,),
            *(({key: value},) for key, value in list(whole_sample.items())[:5]),
        ),
        ordinary=ordinary,
        words={"t": said, "what": what[:1]},
        constraints=(loop("all", "every entry is looked at"),),
    )


@CATALOGUE.add("medium")
def tally(draw: Draw) -> Concept:
    kind = draw.pick(("items", "letters", "lengths", "first letters", "last letters"))
    least = draw.number(1, 3)
    weight = draw.number(1, 9)
    spec = {
        "items": (
            Param(
                draw.name("words", "names", "items", "votes"),
                "list[str]",
                "list of strings",
                "list",
            ),
            "item",
            "",
            "each string",
            "string",
        ),
        "letters": (
            Param(draw.name("text", "word", "s"), "str", "string", "string"),
            "item",
            "",
            "each character",
            "character",
        ),
        "lengths": (
            Param(draw.name("words", "names", "texts"), "list[str]", "list of strings", "list"),
            "len(item)",
            "",
            "each length of a string",
            "length",
        ),
        "first letters": (
            Param(draw.name("words", "names", "titles"), "list[str]", "list of strings", "list"),
            "item[0]",
            " if item",
            "each first letter of a string (empty strings are skipped)",
            "letter",
        ),
        "last letters": (
            Param(draw.name("words", "names", "titles"), "list[str]", "list of strings", "list"),
            "item[-1]",
            " if item",
            "each last letter of a string (empty strings are skipped)",
            "letter",
        ),
    }[kind]
    p, key, guard, each, thing = spec
    x = p.name
    body = ["counts = {}", f"for item in {x}:"]
    indent = "    "
    if guard:
        body += ["    if item != '':"]
        indent = "        "
    body += [f"{indent}counts[{key}] = counts.get({key}, 0) + {weight}"]
    last = (
        "return counts"
        if least == 1
        else f"return {{key: count for key, count in counts.items() if count >= {least * weight}}}"
    )
    occurrences = f"[{key} for item in {x}{guard}]"
    times = "how often it occurs" if weight == 1 else f"{weight} times how often it occurs"
    only = (
        ("",)
        if least == 1
        else (
            f". Leave out what occurs fewer than {least} times",
            f", but only for what occurs at least {least} times",
        )
    )
    sample: tuple[Any, ...] = (
        (
            (["ab", "cd", "ab", "ax"],),
            ([],),
            (["a"],),
            (["ab", "ab", "ab", "ba"],),
            (["", "a", ""],),
            (["one", "two", "three", "one", "two", "one"],),
        )
        if kind != "letters"
        else (("abca",), ("",), ("a",), ("AaAA",), ("hello world",), ("zzz",))
    )
    kinds = "int" if kind == "lengths" else "str"
    return Concept(
        name=draw.name("tally", "count_each", "frequencies", f"count_{kind.replace(' ', '_')}"),
        params=(p,),
        returns=f"dict[{kinds}, int]",
        summary=f"Map {each} to {times}" + (f", from {least} occurrences on" if least > 1 else ""),
        body=lines(*body, last),
        effects=(
            effect(f"count in a dict: {each} is a key, {times} its value"),
            effect(
                "return the dict"
                if least == 1
                else f"return only the entries of what occurs at least {least} times"
            ),
        ),
        laws=(
            f"result == {{key: {'' if weight == 1 else f'{weight} * '}{occurrences}.count(key) for key in {occurrences} if {occurrences}.count(key) >= {least}}}"
            if least > 1
            else f"result == {{key: {'' if weight == 1 else f'{weight} * '}{occurrences}.count(key) for key in {occurrences}}}",
        ),
        ask=sample[:2],
        edges=sample,
        ordinary=(
            lambda dice: (
                [
                    dice.choice(("ab", "ba", "abc", "b", "", "cab"))
                    for _ in range(dice.randint(1, 8))
                ],
            )
        )
        if kind != "letters"
        else (lambda dice: ("".join(dice.choice("abcA ") for _ in range(dice.randint(1, 9))),)),
        words={"each": each, "times": times, "only": only, "thing": thing},
    )


@CATALOGUE.add("medium", held_out=True)
def pairs_to_dict(draw: Draw) -> Concept:
    k = draw.number(1, 40)
    skip = draw.number(-5, 30)
    p = Param(
        draw.name("pairs", "moves", "bookings", "entries"),
        "list[tuple[str, int]]",
        "list of (name, amount) pairs",
        "list",
    )
    x = p.name
    return Concept(
        name=draw.name("balances", "totals_by_name", "account_totals"),
        params=(p,),
        returns="dict[str, int]",
        summary=f"Total the amounts above {skip} by name, each total starting at {k}",
        body=lines(
            "totals = {}",
            f"for name, amount in {x}:",
            f"    if amount > {skip}:",
            f"        totals[name] = totals.get(name, {k}) + amount",
            "return totals",
        ),
        effects=(
            effect(f"leave out pairs whose amount is not above {skip}"),
            effect(f"return a dict from each remaining name to {k} plus the sum of its amounts"),
        ),
        laws=(
            f"result == {{name: {k} + sum([a for n, a in {x} if n == name and a > {skip}]) for name, amount in {x} if amount > {skip}}}",
        ),
        ask=(([],), ([("a", skip + 1), ("a", skip + 2), ("b", skip)],)),
        edges=(
            ([],),
            ([("a", skip)],),
            ([("a", skip + 1)],),
            ([("a", skip - 1), ("b", skip + 5)],),
            ([("b", skip + 1), ("a", skip + 2), ("b", skip + 3)],),
        ),
        ordinary=lambda dice: (
            [(dice.choice("abc"), skip + dice.randint(-4, 20)) for _ in range(dice.randint(1, 6))],
        ),
        words={"k": str(k), "skip": str(skip)},
    )


@CATALOGUE.add("hard")
def group_by(draw: Draw) -> Concept:
    kind = draw.pick(("first letter", "length", "remainder", "tens"))
    sort = draw.pick((True, False))
    numbers = kind in ("remainder", "tens")
    k = draw.number(2, 9) if numbers else 0
    p = (
        Param(draw.name("numbers", "values"), "list[int]", "list of integers", "list")
        if numbers
        else Param(draw.name("words", "names"), "list[str]", "list of strings", "list")
    )
    x = p.name
    limit = 0 if numbers else draw.number(1, 6)
    key = {
        "first letter": "item[0]",
        "length": "len(item)",
        "remainder": f"item % {k}",
        "tens": f"item // {10 * k}",
    }[kind]
    told = {
        "first letter": ("their first character", "the character they begin with"),
        "length": ("their length", "how many characters they have"),
        "remainder": (f"their remainder when divided by {k}", f"what they are modulo {k}"),
        "tens": (
            f"how often {10 * k} goes into them (floor division)",
            f"their floor division by {10 * k}",
        ),
    }[kind]
    guard = "" if numbers else f" if len(item) >= {limit}"
    skip = (
        ("",)
        if numbers
        else (
            f". Leave out strings shorter than {limit}",
            f", without strings of fewer than {limit} characters",
        )
    )
    order = (
        ("each group sorted", "with every group in sorted order")
        if sort
        else ("each group in the original order", "keeping the original order within each group")
    )
    inner = (
        ["    groups.setdefault({key}, []).append(item)".replace("{key}", key)]
        if numbers
        else [f"    if len(item) >= {limit}:", f"        groups.setdefault({key}, []).append(item)"]
    )
    last = (
        "return {key: sorted(group) for key, group in groups.items()}" if sort else "return groups"
    )
    members = f"[other for other in {x} if {(f'len(other) >= {limit} and ' if not numbers else '')}{key.replace('item', 'other')} == {key}]"
    if sort:
        members = f"sorted({members})"
    sample: tuple[Any, ...] = (
        (
            ([5, k, 2 * k + 5, 1, 10 * k],),
            ([],),
            ([0],),
            ([-1, -k, k],),
            ([9, 8, 9, 8 + k, 3],),
            ([10 * k - 1, 10 * k, 10 * k + 1, 3],),
        )
        if numbers
        else (
            (["pear", "plum", "apple", "fig"],),
            ([],),
            (["a" * limit],),
            (["a" * (limit - 1), "b" * limit] if limit > 1 else ["b"],),
            (["bb", "ab", "ba", "aa", "ab"],),
            (["zoo", "zebra", "antler", "ant", "bananas", "avocado", "apricots"],),
        )
    )
    return Concept(
        name=draw.name(
            "group_by",
            f"by_{kind.replace(' ', '_')}",
            "group_items",
            f"group_by_{kind.replace(' ', '_')}",
        ),
        params=(p,),
        returns=f"dict[{'str' if kind == 'first letter' else 'int'}, list[{'int' if numbers else 'str'}]]",
        summary=f"Group by {told[0]}, {order[0]}",
        body=lines("groups = {}", f"for item in {x}:", *inner, last),
        effects=(
            *([] if numbers else [effect(f"leave out strings shorter than {limit}")]),
            effect(f"put each item into the group of {told[0]}"),
            effect(f"return a dict from that to the list of its items, {order[0]}"),
        ),
        laws=(f"result == {{{key}: {members} for item in {x}{guard}}}",),
        ask=sample[:2],
        edges=sample,
        ordinary=(lambda dice: ([dice.randint(-12, 40) for _ in range(dice.randint(1, 7))],))
        if numbers
        else (
            lambda dice: (
                [
                    dice.choice(
                        (
                            "pear",
                            "plum",
                            "apple",
                            "fig",
                            "kiwi",
                            "p",
                            "banana",
                            "ab",
                            "grape",
                            "cherries",
                        )
                    )
                    for _ in range(dice.randint(1, 7))
                ],
            )
        ),
        words={
            "told": told,
            "order": order,
            "skip": skip,
            "things": "numbers" if numbers else "strings",
        },
    )


@CATALOGUE.add("hard")
def top_keys(draw: Draw) -> Concept:
    k = draw.number(2, 6)
    lowest = draw.pick((False, True))
    least = draw.number(-10, 30)
    p = _dict(draw)
    d = p.name
    way, other = ("lowest", "at most") if lowest else ("highest", "at least")
    compare = "<=" if lowest else ">="
    sort = (
        f"(value, key) for key, value in {d}.items()"
        if lowest
        else f"(-value, key) for key, value in {d}.items()"
    )
    order = "from the lowest value up" if lowest else "from the highest value down"
    return Concept(
        name=draw.name(
            f"{way}_keys",
            f"{'bottom' if lowest else 'top'}_{k}",
            "ranking",
            "best_keys" if not lowest else "worst_keys",
        ),
        params=(p,),
        returns="list[str]",
        summary=f"List up to {k} keys with the {way} values that are {other} {least}, ties by alphabet",
        body=lines(
            f"ranked = sorted({sort} if value {compare} {least})",
            f"return [key for _, key in ranked[:{k}]]",
        ),
        effects=(
            effect(f"leave out entries whose value is not {other} {least}"),
            effect(f"order the keys {order}; keys of equal value stand in alphabetical order"),
            effect(f"return the first {k} of them, or all where there are fewer"),
        ),
        laws=(
            f"result == sorted([key for key in {d} if {d}[key] {compare} {least}], key=lambda key: ({'' if lowest else '-'}{d}[key], key))[:{k}]",
        ),
        ask=(({"b": least, "a": least, "c": least + (-1 if lowest else 1)},), ({},)),
        edges=(
            ({},),
            ({"a": least},),
            ({"a": least + (1 if lowest else -1)},),
            (dict.fromkeys("fedcba", least),),
            ({key: least - 3 + place for place, key in enumerate("gbdface")},),
            ({key: least + 3 - place for place, key in enumerate("gbdface")},),
            (dict.fromkeys("hgfedcba", least),),
        ),
        ordinary=lambda dice: (
            {
                key: least + dice.randint(-3, 3)
                for key in dice.sample("abcdefgh", dice.randint(1, 8))
            },
        ),
        words={"k": str(k), "way": way, "least": f"{other} {least}", "order": order},
    )


@CATALOGUE.add("hard")
def most_common(draw: Draw) -> Concept:
    default = draw.label()
    tie = draw.pick(("first", "alphabet", "longest"))
    rare = draw.pick((False, False, True))
    least = draw.number(1, 3)
    p = Param(draw.name("words", "names", "votes", "items"), "list[str]", "list of strings", "list")
    x = p.name
    way = "least" if rare else "most"
    sign = "" if rare else "-"
    told = {
        "first": ("the one that comes first in the list", "whichever appears first"),
        "alphabet": ("the alphabetically first one", "the one that is first in the alphabet"),
        "longest": (
            "the longest of them, and of equally long ones the first in the list",
            "the longest (if still tied, the earliest in the list)",
        ),
    }[tie]
    key = {
        "first": f"({sign}{x}.count(item), {x}.index(item))",
        "alphabet": f"({sign}{x}.count(item), item)",
        "longest": f"({sign}{x}.count(item), -len(item), {x}.index(item))",
    }[tie]
    pool = f"[item for item in {x} if {x}.count(item) >= {least}]" if least > 1 else x
    body = (
        lines(
            f"candidates = {pool}",
            "if not candidates:",
            f"    return {default!r}",
            f"return min(candidates, key=lambda item: {key})",
        )
        if least > 1
        else lines(
            f"if not {x}:", f"    return {default!r}", f"return min({x}, key=lambda item: {key})"
        )
    )
    only = (
        ("",)
        if least == 1
        else (
            f". Only strings that occur at least {least} times count",
            f", looking only at strings that occur {least} times or more",
        )
    )
    return Concept(
        name=draw.name(
            f"{way}_common",
            f"{way}_frequent",
            "winner" if not rare else "rarest",
            "favourite" if not rare else "rare_item",
        ),
        params=(p,),
        returns="str",
        summary=f"Find the {way} frequent string, {told[0]} on a tie; {default!r} if there is none",
        body=body,
        effects=(
            effect(f"return exactly {default!r}", f"not {pool}", returns=(default,)),
            effect(
                f"return the string that occurs {way} often{only[0].replace('. Only', '; only')}; on a tie {told[0]}",
                f"len({pool}) > 0",
            ),
        ),
        laws=(f"result == (sorted({pool}, key=lambda item: {key})[0] if {pool} else {default!r})",),
        ask=(([],), (["b", "a", "b", "a", "ccc"],)),
        edges=(
            ([],),
            (["x"],),
            (["b", "a"],),
            (["b", "a", "a", "b"],),
            (["dd", "c", "c", "dd", "a"],),
            (["c", "dd", "dd", "c"],),
            (["q", "q", "q", "a", "a", "bb"],),
            (["a", "bb", "a", "bb", "ccc", "ccc", "a"],),
            (["ee", "ff", "g"],),
            (["b", "a", "cc"] * 3,),
            (["b", "b", "cc", "a"] * 3,),
            (["dd", "cc", "b"] * 3 + ["b"],),
        ),
        ordinary=lambda dice: (
            [dice.choice(("a", "b", "cc", "dd", "eee")) for _ in range(dice.randint(1, 9))],
        ),
        words={"way": way, "tie": told, "only": only, "d": f"«{default}»"},
    )


@CATALOGUE.add("hard", held_out=True)
def invert(draw: Draw) -> Concept:
    k = draw.number(1, 25)
    least = draw.number(1, 3)
    join = draw.pick(("sorted list", "count", "first"))
    p = _dict(draw)
    d = p.name
    bucket = f"value // {k}" if k > 1 else "value"
    told = {
        "sorted list": "a sorted list of the keys",
        "count": "the number of keys",
        "first": "the alphabetically first of the keys",
    }[join]
    fold = {"sorted list": "sorted(keys)", "count": "len(keys)", "first": "min(keys)"}[join]
    kind = {"sorted list": "list[str]", "count": "int", "first": "str"}[join]
    by = f"value // {k} (floor division)" if k > 1 else "value"
    at = f"{d}[key] // {k}" if k > 1 else f"{d}[key]"
    keys = f"[other for other in {d} if {at.replace('key', 'other')} == {at}]"
    return Concept(
        name=draw.name("invert", "keys_by_value", "turn_around"),
        params=(p,),
        returns=f"dict[int, {kind}]",
        summary=f"Map each {by} to {told} that have it, where there are at least {least}",
        body=lines(
            "groups = {}",
            f"for key, value in {d}.items():",
            f"    groups.setdefault({bucket}, []).append(key)",
            f"return {{group: {fold} for group, keys in groups.items() if len(keys) >= {least}}}",
        ),
        effects=(
            effect(f"collect the keys by {by}"),
            effect(
                f"return a dict from that to {told} with it"
                + (f"; leave out groups of fewer than {least} keys" if least > 1 else "")
            ),
        ),
        laws=(
            f"result == {{{at}: {fold.replace('keys', keys)} for key in {d} if len({keys}) >= {least}}}",
        ),
        ask=(({},), ({"b": k, "a": k, "c": 3 * k},)),
        edges=(
            ({},),
            ({"a": 0},),
            ({"b": k, "a": k},),
            ({"b": k, "a": k, "c": k},),
            ({"a": k - 1, "b": k},),
            ({"z": -1, "a": -1, "m": 0},),
            ({"d": 2 * k, "c": 2 * k, "b": 0, "a": 0},),
        ),
        ordinary=lambda dice: (
            {
                key: dice.randint(-1, 2) * k + dice.randint(0, min(1, k - 1))
                for key in dice.sample("abcdefg", dice.randint(1, 7))
            },
        ),
        words={
            "told": told,
            "by": by,
            "least": "" if least == 1 else f". Groups of fewer than {least} keys are left out",
        },
    )
