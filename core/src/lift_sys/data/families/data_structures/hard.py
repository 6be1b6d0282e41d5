"""Dictionaries, tuples and pairs: looking up, merging, counting, grouping: the hard ones."""

from typing import Any

from ..concept import Catalogue, Concept, Param
from ..draw import Draw
from ..making import effect, lines
from .shared import a_dict

CATALOGUE = Catalogue("data_structures")


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
    p = a_dict(draw)
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
    p = a_dict(draw)
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
