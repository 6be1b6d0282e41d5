"""Texts: counting, changing, cutting, looking for marks: the easy ones."""

from ..concept import Catalogue, Concept
from ..draw import Draw
from ..making import args, effect, single, texts
from ..pieces import text_change
from .shared import a_separator, a_text, said_of

CATALOGUE = Catalogue("string_manipulation")


@CATALOGUE.add("easy")
def count_words(draw: Draw) -> Concept:
    longer = draw.pick((False, True, True))
    k = draw.number(1, 9) if longer else 0
    p = a_text(draw, "text", "sentence", "s", "line")
    x = p.name
    words = {
        "what": (
            "words of more than {k} letters",
            "words longer than {k} characters",
            "words with at least {k1} characters",
        )
        if longer
        else ("words", "individual words"),
    }
    said = tuple(each.format(k=k, k1=k + 1) for each in words["what"])
    condition = f" if len(word) > {k}" if longer else ""
    body = (
        f"return sum(1 for word in {x}.split(){condition})"
        if longer
        else f"return len({x}.split())"
    )
    long, short = "a" * (k + 1), "a" * k
    return Concept(
        name=draw.name(
            "count_words",
            "word_count",
            "number_of_words",
            "words_in" if not longer else "count_long_words",
        ),
        params=(p,),
        returns="int",
        summary=f"Count the {said[0]}",
        body=body,
        effects=(
            effect(
                f"return how many {said[0]} the text has; words are separated by spaces, several spaces count as one",
                hint="split() without an argument",
            ),
        ),
        laws=(f"result == len([word for word in {x}.split(){condition}])",),
        ask=single(("", f"{long} {short}x  {long}", "   ")),
        edges=single(
            (
                "",
                " ",
                short,
                long,
                f"{long} {long}",
                f" {long}  {short} ",
                f"{short} {long}b {long}c",
                "one two  three",
            )
        ),
        ordinary=lambda dice: (
            " ".join(
                dice.choice(
                    ("a", "to", "sun", "moon", "river", "garden", "morning", "elephants", long)
                )
                for _ in range(dice.randint(0, 7))
            ),
        ),
        words={"what": said},
    )


@CATALOGUE.add("easy")
def count_letter(draw: Draw) -> Concept:
    letters = "".join(sorted(draw.dice.sample("abcdefghilmnoprstu", draw.pick((1, 2, 3)))))
    if draw.pick((False, False, True)):
        letters = "aeiou"
    either = draw.pick((True, False))
    draw.note(letters, is_open=letters != "aeiou")
    p = a_text(draw)
    source = f"{p.name}.lower()" if either else p.name
    listed = [f"«{letter}»" for letter in letters]
    joined = listed[0] if len(listed) == 1 else ", ".join(listed[:-1]) + " or " + listed[-1]
    said = (
        ("vowels (a, e, i, o, u)", "vowels a, e, i, o and u")
        if letters == "aeiou"
        else (
            f"characters that are {joined}",
            f"letters {joined}" if len(listed) > 1 else f"occurrences of {joined}",
        )
    )
    how = (
        ("ignoring case", "upper case counts too", "no matter whether upper or lower case")
        if either
        else ("lower case only", "capital letters don't count", "case-sensitive")
    )
    test = f"c in {letters!r}" if len(letters) > 1 else f"c == {letters!r}"
    return Concept(
        name=draw.name(
            "count_vowels" if letters == "aeiou" else f"count_{letters}",
            "count_letters",
            "letter_count",
        ),
        params=(p,),
        returns="int",
        summary=f"Count the {said[0].replace('«', '').replace('»', '')}, {how[0]}",
        body=f"return sum(1 for c in {source} if {test})",
        effects=(effect(f"return how many characters are one of {', '.join(letters)}, {how[0]}"),),
        laws=(f"result == sum({source}.count(letter) for letter in {letters!r})",),
        ask=single(("", letters + letters.upper())),
        edges=single(
            (
                "",
                letters,
                letters.upper(),
                "xyz",
                letters[0] * 3,
                f"{letters[-1]} {letters[0].upper()}",
                "hello WORLD",
            )
        ),
        ordinary=lambda dice: (
            "".join(
                dice.choice(letters + letters.upper() + "bdg xyzk")
                for _ in range(dice.randint(1, 12))
            ),
        ),
        words={"what": said, "how": how},
    )


@CATALOGUE.add("easy")
def change_text(draw: Draw) -> Concept:
    change, p = text_change(draw), a_text(draw, "text", "word", "s", "name")
    x = p.name
    letters = change.expression.split("'")[1::2]
    near = "".join(letters) or "abc"
    edges = single(
        ("", "a", "Ab", "HELLO world", "abcdefgh", near + near, near.upper() + "x", "x y")
    )
    return Concept(
        name=draw.name(f"text_{change.slug}", f"make_{change.slug}", "change_text", "convert"),
        params=(p,),
        returns="str",
        summary=f"Return the text {change.said[0]}".replace("«", "'").replace("»", "'"),
        body=f"return {change.of(x)}",
        effects=(
            effect(
                f"return a new string: the text {change.said[0]}".replace("«", "'").replace(
                    "»", "'"
                )
            ),
        ),
        laws=(f"result == {change.of(x)}",),
        ask=single(("", "Ab c" + near)),
        edges=edges,
        ordinary=args(
            texts(("stone", "Nora", "RIVER", "last try", near, near + "lo", "ai" + near))
        ),
        words={"c": change.said},
    )


@CATALOGUE.add("easy", held_out=True)
def repeat_text(draw: Draw) -> Concept:
    k = draw.number(2, 9)
    separator = a_separator(draw)
    p = a_text(draw, "text", "word", "unit", "s")
    x = p.name
    return Concept(
        name=draw.name("repeat_text", "repeat_joined", "echo"),
        params=(p,),
        returns="str",
        summary=f"Repeat the text {k} times with {separator!r} between the copies",
        body=f"return {separator!r}.join([{x}] * {k})",
        effects=(
            effect(
                f"return {k} copies of the text joined with {separator!r}; nothing stands before the first or after the last"
            ),
        ),
        laws=(f"result == ({x} + {separator!r}) * {k - 1} + {x}",),
        ask=single(("ab", "")),
        edges=single(("", "a", separator, "x y", "ab" + separator)),
        ordinary=args(texts(("ho", "go", "na", "tick"))),
        words={"k": str(k), "sep": said_of(separator)},
    )
