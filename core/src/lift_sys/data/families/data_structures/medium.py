"""Dictionaries, tuples and pairs: looking up, merging, counting, grouping: the medium ones."""

import random
from typing import Any

from ..concept import Catalogue, Concept, Param
from ..draw import Draw
from ..making import args, around, effect, lines, lists, loop, texts, whole
from ..pieces import number_test, text_test
from .shared import KEYS, a_dict, said_of, some_entries

CATALOGUE = Catalogue("data_structures")


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
        words={"told": told, "d": said_of(nothing)},
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
        ordinary=args(some_entries, some_entries),
        words={"told": told, "scope": scope},
    )


@CATALOGUE.add("medium")
def filter_dict(draw: Draw) -> Concept:
    by = draw.pick(("value", "value", "key"))
    test = number_test(draw) if by == "value" else text_test(draw)
    keep = draw.pick(("dict", "keys", "dict"))
    p = a_dict(draw)
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
                {key: around(test.edges)(dice) for key in dice.sample(KEYS, dice.randint(1, 5))},
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
    body += [f"{indent}counts[{key}] = counts.get({key}, 0) + 1"]
    value = "count" if weight == 1 else f"{weight} * count"
    enough = "" if least == 1 else f" if count >= {least}"
    last = (
        "return counts"
        if least == weight == 1
        else f"return {{key: {value} for key, count in counts.items(){enough}}}"
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
