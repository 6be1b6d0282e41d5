"""Types: telling them apart, converting, reading texts, None and bool: the hard ones."""

from ..concept import Catalogue, Concept, Param
from ..draw import Draw
from ..making import effect, every_path, lines, single
from .shared import ANYTHING, a_text, a_thing, anything

CATALOGUE = Catalogue("type_operations")


@CATALOGUE.add("hard")
def sum_of_numbers(draw: Draw) -> Concept:
    kinds = draw.pick(("int", "int and float", "int and digits"))
    k, start = draw.number(1, 60), draw.number(0, 90)
    cap = draw.pick(("above", "below"))
    sign = ">" if cap == "above" else "<"
    p = Param(
        draw.name("items", "values", "cells", "mixed"),
        "list[object]",
        "list of mixed values",
        "list",
    )
    x = p.name
    number = "isinstance(i, int)" if kinds != "int and float" else "isinstance(i, (int, float))"
    digits = kinds == "int and digits"
    told = {
        "int": ("the ints", "all integers"),
        "int and float": ("the ints and floats", "all numbers (int or float)"),
        "int and digits": (
            "the ints, and strings of the digits 0 to 9 read as ints,",
            "all integers, also those written as strings of digits 0-9,",
        ),
    }[kinds]
    body = lines(
        f"total = {start}",
        f"for i in {x}:",
        "    if isinstance(i, bool):",
        "        continue",
        *(
            ["    if isinstance(i, str) and i.isascii() and i.isdigit():", "        i = int(i)"]
            if digits
            else []
        ),
        f"    if {number} and i {sign} {k}:",
        "        total += i",
        "return total",
    )
    base = f"sum([i for i in {x} if {number} and not isinstance(i, bool) and i {sign} {k}])"
    law = (
        base
        if not digits
        else f"{base} + sum([int(i) for i in {x} if isinstance(i, str) and i.isascii() and i.isdigit() and int(i) {sign} {k}])"
    )
    kind = "float" if kinds == "int and float" else "int"
    return Concept(
        name=draw.name("sum_numbers", "total_of_numbers", "add_numeric", "sum_mixed"),
        params=(p,),
        returns=kind if kind == "int" else "int | float",
        summary=f"Add {told[0]} {cap} {k} to {start}, without True and False".replace(",,", ","),
        body=body,
        effects=(
            effect(
                "leave out True and False, although they are ints", order="before int is tested"
            ),
            effect(
                f"add {told[0]} that are {cap} {k} to a total that starts at {start}; everything else is passed over"
            ),
            effect("return the total"),
        ),
        laws=(f"result == {start} + {law}",),
        ask=(([],), ([k, k + 1, k - 1, True, str(k + 5), None],)),
        edges=(
            ([],),
            ([True, False],),
            ([k],),
            ([k + 1],),
            ([k - 1],),
            ([str(k + 1)],),
            ([str(k - 1)],),
            ([k + 0.5, k - 0.5],),
            ([None, "x", [k + 9]],),
            ([-k, 0, 1],),
            (["", "-5", "1.5", "٣"],),
        ),
        ordinary=lambda dice: (
            [
                dice.choice(
                    (
                        dice.randint(k - 6, k + 6),
                        dice.randint(-9, 99),
                        True,
                        None,
                        str(dice.randint(0, 99)),
                        "ab",
                        k + 2.5,
                        k - 1.5,
                    )
                )
                for _ in range(dice.randint(1, 7))
            ],
        ),
        words={"told": told, "cap": f"{cap} {k}", "start": str(start)},
    )


@CATALOGUE.add("hard")
def normalise(draw: Draw) -> Concept:
    nothing, yes, no, other = draw.labels(4)
    text = draw.pick(("strip", "upper", "lower"))
    number = draw.pick(("add", "str", "mul"))
    k = 0 if number == "str" else draw.number(2, 30)
    p = a_thing(draw)
    x = p.name
    of_text = f"{x}.{text}()"
    said_text = {
        "strip": "the string without whitespace at both ends",
        "upper": "the string in upper case",
        "lower": "the string in lower case",
    }[text]
    of_number = {"add": f"str({x} + {k})", "str": f"str({x})", "mul": f"str({x} * {k})"}[number]
    said_number = {
        "add": f"the int plus {k} as a string",
        "str": "the int as a string",
        "mul": f"the int times {k} as a string",
    }[number]
    rest = f"«{other}» for everything else"
    told = (
        f"«{nothing}» for None, «{yes}» for True, «{no}» for False, {said_number} for an int, {said_text} for a string, and {rest}",
        f"None gives «{nothing}», True gives «{yes}», False gives «{no}», an int gives {said_number}, a string gives {said_text}, and anything else gives «{other}»",
    )
    kept_told = (
        f"None to «{nothing}»; True to «{yes}»; False to «{no}»; an int to {said_number}; a string to {said_text}; whatever else to «{other}»",
    )
    return Concept(
        name=draw.name("normalise", "to_label", "describe_value", "as_text"),
        params=(p,),
        returns="str",
        summary="Turn a value of any type into a text, by its type",
        body=lines(
            f"if {x} is None:",
            f"    return {nothing!r}",
            f"if isinstance({x}, bool):",
            f"    return {yes!r} if {x} else {no!r}",
            f"if isinstance({x}, int):",
            f"    return {of_number}",
            f"if isinstance({x}, str):",
            f"    return {of_text}",
            f"return {other!r}",
        ),
        effects=(
            effect(f"return exactly {nothing!r}", f"{x} is None", returns=(nothing,)),
            effect(
                f"return exactly {yes!r}",
                f"{x} is True",
                returns=(yes,),
                order="before int is tested: bool is a kind of int",
            ),
            effect(
                f"return exactly {no!r}",
                f"{x} is False",
                returns=(no,),
                order="before int is tested",
            ),
            effect(f"return {said_number}", f"isinstance({x}, int)"),
            effect(f"return {said_text}", f"isinstance({x}, str)"),
            effect(f"return exactly {other!r} otherwise", returns=(other,)),
        ),
        laws=(
            f"result == ({nothing!r} if {x} is None else {yes!r} if {x} is True else {no!r} if {x} is False else {of_number} if isinstance({x}, int) else {of_text} if isinstance({x}, str) else {other!r})",
        ),
        ask=single((None, True, False, 5, " Ab ", 2.5)),
        edges=single((*ANYTHING, " Ab ", "cD")),
        ordinary=anything,
        words={"told": told, "kept": kept_told},
        constraints=(every_path("a text on every path"),),
    )


@CATALOGUE.add("hard")
def read_pairs(draw: Draw) -> Concept:
    between, inside = draw.pick(
        ((";", "="), (",", ":"), ("&", "="), ("|", ":"), (" ", "="), (";", ":"), (",", "="))
    )
    default = draw.number(-99, 99) if draw.pick((True, False)) else None
    same = draw.pick(("last", "first", "sum"))
    p = a_text(draw, "text", "line", "settings", "s")
    x = p.name
    bad = (
        (
            "leave out every part whose value is not made of the digits 0 to 9 alone",
            "ignore parts whose value isn't only digits 0-9",
        )
        if default is None
        else (
            f"a value that is not made of the digits 0 to 9 alone becomes {default}",
            f"use {default} for values that aren't only digits 0-9",
        )
    )
    twice = {
        "last": (
            "If a key comes twice, the last one wins",
            "Later parts overwrite earlier ones with the same key",
        ),
        "first": (
            "If a key comes twice, the first one stays",
            "The first of several parts with the same key counts",
        ),
        "sum": (
            "Values of the same key are added up",
            "If a key comes twice, its values are summed",
        ),
    }[same]
    put = {
        "last": ["    pairs[key] = number"],
        "first": ["    if key not in pairs:", "        pairs[key] = number"],
        "sum": ["    pairs[key] = pairs.get(key, 0) + number"],
    }[same]
    head = (
        [
            "    if not (value.isascii() and value.isdecimal()):",
            "        continue",
            "    number = int(value)",
        ]
        if default is None
        else [
            "    digits = value.isascii() and value.isdecimal()",
            f"    number = int(value) if digits else {default}",
        ]
    )
    samples = [
        f"a{inside}1{between}b{inside}22",
        f"a{inside}1{between}a{inside}5",
        f"a{inside}x{between}b{inside}3",
        f"a{between}b{inside}2",
        "",
        inside,
        f"a{inside}{between}",
        f"k{inside}1{inside}2",
        f"{between}{between}z{inside}9",
        f"a{inside}-4",
        f"b{inside}007{between}a{inside}0",
    ]
    return Concept(
        name=draw.name("read_pairs", "parse_settings", "parse_pairs", "to_dict"),
        params=(p,),
        returns="dict[str, int]",
        summary=f"Read pairs of a key and a whole number, written key{inside}value and separated by {between!r}",
        body=lines(
            "pairs = {}",
            f"for part in {x}.split({between!r}):",
            f"    key, mark, value = part.partition({inside!r})",
            "    if mark == '':",
            "        continue",
            *head,
            *put,
            "return pairs",
        ),
        effects=(
            effect(
                f"split the text at {between!r}, and each part at its first {inside!r}; leave out parts without {inside!r}"
            ),
            effect(bad[0]),
            effect(f"return a dictionary from key to number; {twice[0][0].lower() + twice[0][1:]}"),
        ),
        laws=(
            f"all(key in [part.partition({inside!r})[0] for part in {x}.split({between!r}) if {inside!r} in part] for key in result)",
            f"{inside!r} in {x} or result == {{}}",
            *(["all(number >= 0 for number in result.values())"] if default is None else []),
        ),
        ask=single(samples[:4]),
        edges=single(samples),
        ordinary=lambda dice: (
            between.join(
                dice.choice("abk")
                + dice.choice((inside, inside, inside, ""))
                + dice.choice(("1", "20", "3", "x", "", "4b", "0"))
                for _ in range(dice.randint(1, 5))
            ),
        ),
        words={
            "between": f"«{between}»",
            "inside": f"«{inside}»",
            "bad": bad,
            "twice": twice,
            "sample": f"key{inside}value",
        },
    )


@CATALOGUE.add("hard", held_out=True)
def flatten_once(draw: Draw) -> Concept:
    kinds = draw.pick(("list", "(list, tuple)"))
    other = draw.pick(("keep", "drop"))
    k = draw.number(2, 25)
    p = Param(
        draw.name("items", "nested", "values", "data"),
        "list[object]",
        "list in which some elements are lists or tuples themselves",
        "list",
    )
    x = p.name
    told = "lists" if kinds == "list" else "lists and tuples"
    number = "isinstance(i, int) and not isinstance(i, bool)"
    rest = (
        ("anything else is kept as it is", "all other elements stay unchanged")
        if other == "keep"
        else ("anything else is left out", "all other elements are dropped")
    )
    tail = ["    else:", "        flat.append(i)"] if other == "keep" else []
    return Concept(
        name=draw.name("flatten_once", "spread_out", "unpack_lists"),
        params=(p,),
        returns="list[object]",
        summary=f"Put the elements of inner {told} in their place and add {k} to ints; {rest[0]}",
        body=lines(
            "flat = []",
            f"for i in {x}:",
            f"    if isinstance(i, {kinds}):",
            "        flat.extend(i)",
            f"    elif {number}:",
            f"        flat.append(i + {k})",
            *tail,
            "return flat",
        ),
        effects=(
            effect(
                f"replace each inner {'list' if kinds == 'list' else 'list or tuple'} by its elements, one level deep and unchanged"
            ),
            effect(f"increase each int at the top by {k}; True and False are no ints here"),
            effect(rest[0]),
        ),
        laws=(
            f"result == sum([list(i) if isinstance(i, {kinds}) else [i + {k}] if {number} else {'[i]' if other == 'keep' else '[]'} for i in {x}], [])",
        ),
        ask=(([1, [2, 3], "a", True],), ([],)),
        edges=(
            ([],),
            ([[]],),
            ([0],),
            ([True, None],),
            ([[1, [2]], (3, 4)],),
            ([(5,), "xy"],),
            ([-k, [k]],),
            ([{"a": 1}, 2.5],),
        ),
        ordinary=lambda dice: (
            [
                dice.choice(
                    (
                        dice.randint(-9, 40),
                        [dice.randint(0, 9)],
                        [1, "b"],
                        (2, 3),
                        "ab",
                        None,
                        False,
                        [],
                    )
                )
                for _ in range(dice.randint(1, 6))
            ],
        ),
        words={"told": told, "k": str(k), "rest": rest},
    )
