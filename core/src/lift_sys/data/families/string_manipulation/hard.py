"""Texts: counting, changing, cutting, looking for marks: the hard ones."""

from ..concept import Catalogue, Concept
from ..draw import Draw
from ..making import effect, lines, position, single
from .shared import a_separator, a_text, said_of

CATALOGUE = Catalogue("string_manipulation")


@CATALOGUE.add("hard")
def between_marks(draw: Draw) -> Concept:
    first, second = draw.pick(
        (
            ("[", "]"),
            ("(", ")"),
            ("{", "}"),
            ("#", ";"),
            ("<", ">"),
            ("*", "*"),
            ("/", "."),
            (":", ","),
        )
    )
    nothing = draw.label() if draw.pick((True, True, False)) else ""
    p = a_text(draw)
    x = p.name
    default = f"«{nothing}»" if nothing else "an empty string"
    return Concept(
        name=draw.name("between", "extract_between", "inner_text", "text_between"),
        params=(p,),
        returns="str",
        summary=f"Return what stands between the first {first!r} and the next {second!r}, or {nothing!r}",
        body=lines(
            f"start = {x}.find({first!r})",
            "if start == -1:",
            f"    return {nothing!r}",
            f"end = {x}.find({second!r}, start + 1)",
            "if end == -1:",
            f"    return {nothing!r}",
            f"return {x}[start + 1:end]",
        ),
        effects=(
            effect(
                f"return {nothing!r}",
                f"{second!r} not in {x}.partition({first!r})[2]",
                returns=(nothing,),
            ),
            effect(
                f"return what stands between the first {first!r} and the first {second!r} after it",
                f"{second!r} in {x}.partition({first!r})[2]",
                hint=f"find({second!r}, start + 1)",
            ),
        ),
        laws=(
            f"result == ({x}.partition({first!r})[2].partition({second!r})[0] if {second!r} in {x}.partition({first!r})[2] else {nothing!r})",
        ),
        ask=single((f"a{first}bc{second}d", f"a{second}b{first}c", "abc")),
        edges=single(
            (
                "",
                first,
                second,
                first + second,
                f"{first}a{second}",
                f"x{second}y{first}z{second}w",
                f"{first}a{first}b{second}c{second}",
                f"a{first}b",
                f"a{second}b",
                f"a{first}b{second}{first}c{second}",
                "plain",
            )
        ),
        ordinary=lambda dice: (
            "".join(
                dice.choice((first, second, "a", "b", "cd", " ", "e"))
                for _ in range(dice.randint(1, 9))
            ),
        ),
        words={"a": f"«{first}»", "b": f"«{second}»", "d": default},
        constraints=(
            position(f"the {second!r} that counts is the first one after the first {first!r}"),
        ),
    )


@CATALOGUE.add("hard")
def run_lengths(draw: Draw) -> Concept:
    order = draw.pick(("after", "before"))
    mark = draw.pick(("", "-", ",", ";", "|", " "))
    least = draw.number(1, 4)
    p = a_text(draw)
    x = p.name
    count = "str(count)" if least == 1 else f"(str(count) if count >= {least} else '')"
    token = f"char + {count}" if order == "after" else f"{count} + char"
    joint = (
        f"joined by «{mark}»"
        if mark not in ("", " ")
        else ("joined by a space" if mark else "written one after another")
    )
    note = "" if least == 1 else f"; the number is left out for runs shorter than {least}"
    notes = (
        ("",)
        if least == 1
        else (
            f"; leave the number out for runs shorter than {least}",
            f" (no number if the run has fewer than {least} characters)",
        )
    )
    where = "followed by" if order == "after" else "preceded by"
    return Concept(
        name=draw.name("compress", "run_length", "encode_runs", "rle"),
        params=(p,),
        returns="str",
        summary=f"Write each run of equal characters as the character {where} its length{note}",
        body=lines(
            "parts = []",
            "i = 0",
            f"while i < len({x}):",
            f"    char = {x}[i]",
            "    count = 1",
            f"    while i + count < len({x}) and {x}[i + count] == char:",
            "        count += 1",
            f"    parts.append({token})",
            "    i += count",
            f"return {mark!r}.join(parts)",
        ),
        effects=(
            effect("go through the runs of equal neighbouring characters in order"),
            effect(f"write each as its character once, {where} how often it stands there{note}"),
            effect(f"return these joined with {mark!r}; an empty string for an empty text"),
        ),
        laws=(
            f"(result == '') == ({x} == '')",
            f"{x} == '' or result[{0 if order == 'after' else -1}] == {x}[{0 if order == 'after' else -1}]",
        ),
        ask=single(("aaab", "abc", "")),
        edges=single(
            ("", "a", "aa", "aab", "abb", "aaaab", "ababa", "aaaaaaaaaaaab", "bbbaaa", "xyz", "AAa")
        ),
        ordinary=lambda dice: (
            "".join(dice.choice("abc") * dice.randint(1, 5) for _ in range(dice.randint(1, 5))),
        ),
        words={"where": where, "joint": joint, "note": notes},
    )


@CATALOGUE.add("hard")
def shift_letters(draw: Draw) -> Concept:
    forward = draw.number(1, 25)
    # 3 back is 23 forward: one behaviour, told in one of two ways.
    back = draw.dice.random() < 0.5
    k = 26 - forward if back else forward
    other = draw.pick(("keep", "drop"))
    p = a_text(draw, "text", "message", "s", "word")
    x = p.name
    sign = "-" if back else "+"
    shifted = f"chr((ord(c) - ord('a') {sign} {k}) % 26 + ord('a'))"
    keep = ["    else:", "        shifted += c"] if other == "keep" else []
    rest = (
        ("all other characters stay as they are", "everything else is left alone")
        if other == "keep"
        else ("all other characters are left out", "anything else is dropped")
    )
    return Concept(
        name=draw.name("shift_letters", "caesar", "rotate_letters", "encode"),
        params=(p,),
        returns="str",
        summary=f"Shift each lower-case letter a to z by {k} {'back' if back else 'forward'}; {rest[0]}",
        body=lines(
            "shifted = ''",
            f"for c in {x}:",
            "    if 'a' <= c <= 'z':",
            f"        shifted += {shifted}",
            *keep,
            "return shifted",
        ),
        effects=(
            effect(
                f"replace each letter from a to z by the one {k} places {'before' if back else 'after'} it, where {'z comes before a' if back else 'a follows z'}"
            ),
            effect(rest[0]),
            effect("return the new text"),
        ),
        laws=(
            f"result == ''.join([{shifted} if 'a' <= c <= 'z' else {'c' if other == 'keep' else repr('')} for c in {x}])",
        ),
        ask=single(("abc xyz", "Az!")),
        edges=single(("", "a", "z", "abcxyz", "Hello, World", "AZ", "`{", "mn op 12")),
        ordinary=lambda dice: (
            "".join(dice.choice("abcmxyz ABZ!3") for _ in range(dice.randint(1, 10))),
        ),
        words={
            "k": str(k),
            "way": ("back", "backwards") if back else ("forward", "ahead"),
            "wrap": "before a comes z" if back else "after z comes a",
            "rest": rest,
        },
    )


@CATALOGUE.add("hard", held_out=True)
def longest_part(draw: Draw) -> Concept:
    separator = a_separator(draw)
    last = draw.pick((True, False))
    shortest = draw.pick((True, False))
    least = draw.number(1, 4)
    nothing = draw.label()
    p = a_text(draw)
    x = p.name
    kind, tie = "shortest" if shortest else "longest", "last" if last else "first"
    sign = ("<=" if last else "<") if shortest else (">=" if last else ">")
    return Concept(
        name=draw.name(f"{kind}_part", f"find_{kind}", f"{kind}_piece"),
        params=(p,),
        returns="str",
        summary=f"Find the {kind} part of at least {least} characters between {separator!r}, or {nothing!r}",
        body=lines(
            "best = None",
            f"for part in {x}.split({separator!r}):",
            f"    if len(part) >= {least} and (best is None or len(part) {sign} len(best)):",
            "        best = part",
            f"return {nothing!r} if best is None else best",
        ),
        effects=(
            effect(
                f"return {nothing!r}",
                f"all(len(part) < {least} for part in {x}.split({separator!r}))",
                returns=(nothing,),
            ),
            effect(
                f"return the {kind} of the parts that have at least {least} characters, the {tie} one of several",
                f"any(len(part) >= {least} for part in {x}.split({separator!r}))",
            ),
        ),
        laws=(
            f"result == {nothing!r} or len(result) == {'min' if shortest else 'max'}([len(part) for part in {x}.split({separator!r}) if len(part) >= {least}], default=0)",
        ),
        ask=single((f"{'a' * least}{separator}{'b' * least}{separator}c", "")),
        edges=single(
            (
                "",
                separator,
                "a" * least,
                "a" * (least - 1),
                separator.join(("ab", "cd", "e")),
                separator.join(("abcde", "fghij", "klm")),
                separator.join(("x" * (least + 1), "y" * least, "z" * least, "w" * (least + 1))),
            )
        ),
        ordinary=lambda dice: (
            separator.join(
                "".join(dice.choice("abc") for _ in range(dice.randint(0, 6)))
                for _ in range(dice.randint(1, 5))
            ),
        ),
        words={
            "kind": kind,
            "tie": tie,
            "least": str(least),
            "d": f"«{nothing}»",
            "sep": said_of(separator),
        },
    )
