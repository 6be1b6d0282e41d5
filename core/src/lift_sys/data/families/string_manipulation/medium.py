"""Texts: counting, changing, cutting, looking for marks: the medium ones."""

from ..concept import Catalogue, Concept
from ..draw import Draw
from ..making import effect, lines, single
from ..pieces import text_test
from .shared import a_text

CATALOGUE = Catalogue("string_manipulation")


@CATALOGUE.add("medium")
def title_case(draw: Draw) -> Concept:
    separator = draw.pick((" ", " ", "-", "_"))
    rest = draw.pick(("lower", "keep"))
    limit = draw.number(2, 5) if draw.pick((True, False)) else 0
    p = a_text(draw, "text", "title", "s", "phrase")
    x = p.name
    tail = "word[1:].lower()" if rest == "lower" else "word[1:]"
    capital = f"word[:1].upper() + {tail}"
    each = f"{capital} if len(word) >= {limit} else word" if limit else capital
    said_rest = (
        ("and the rest of the word lower case", "with all other letters in lower case")
        if rest == "lower"
        else ("and leave the other letters as they are", "without touching the other letters")
    )
    said_limit = (
        f"[words shorter than {limit} characters stay as they are]",
        f"[leave words of fewer than {limit} characters unchanged]",
    )
    name = {" ": "spaces", "-": "dashes", "_": "underscores"}[separator]
    return Concept(
        name=draw.name("to_title_case", "title_case", "capitalize_words", "as_title"),
        params=(p,),
        returns="str",
        summary=f"Capitalize each word{f' of at least {limit} characters' if limit else ''}",
        body=f"words = {x}.split({separator!r})\nreturn {separator!r}.join({each} for word in words)"
        if not limit
        else lines(
            "changed = []",
            f"for word in {x}.split({separator!r}):",
            f"    if len(word) >= {limit}:",
            f"        word = {capital}",
            "    changed.append(word)",
            f"return {separator!r}.join(changed)",
        ),
        effects=(
            effect(
                f"split the text at each {separator!r} and join the words with it again, so all separators stay"
            ),
            effect(
                f"make the first letter of each word{f' of at least {limit} characters' if limit else ''} upper case; {'the rest lower case' if rest == 'lower' else 'the rest stays'}"
            ),
        ),
        laws=(f"result == {separator!r}.join([{each} for word in {x}.split({separator!r})])",),
        ask=single((f"the oLD{separator}man", "")),
        edges=single(
            (
                "",
                separator,
                "a",
                f"ab{separator}cDE{separator}fghi",
                f"{separator}{separator}x",
                f"MANY{separator}woRDS{separator}to do",
                "already Fine",
                f"abc{separator}de",
            )
        ),
        ordinary=lambda dice: (
            separator.join(
                dice.choice(("the", "OLD", "man", "sEa", "of", "a", "stories", "Up", "in"))
                for _ in range(dice.randint(1, 6))
            ),
        ),
        words={
            "rest": said_rest,
            "seps": name,
            "limit": tuple(f"; {each[1:-1]}" for each in said_limit) if limit else ("",),
        },
    )


@CATALOGUE.add("medium")
def mark_after_mark(draw: Draw) -> Concept:
    first, second = draw.pick(
        (
            ("@", "."),
            ("@", "."),
            ("#", "."),
            ("@", ":"),
            (":", "/"),
            ("/", "."),
            ("=", ";"),
            ("$", ","),
        )
    )
    between = draw.number(2, 5) if draw.pick((False, True, True)) else 1
    p = a_text(draw, "address", "text", "s", "value")
    x = p.name
    known = first == "@" and second == "."
    thing = "e-mail address" if known and between == 1 else "code"
    minimum = "at least one character" if between == 1 else f"at least {between} characters"
    return Concept(
        name=draw.name("is_valid", "check_address", "looks_valid")
        if thing == "code"
        else draw.name("is_valid_email", "looks_like_email", "check_email"),
        params=(p,),
        returns="bool",
        summary=f"Check that exactly one {first!r} has a text before it and, after {minimum}, a {second!r} with something behind",
        body=lines(
            f"if {x}.count({first!r}) != 1:",
            "    return False",
            f"before, after = {x}.split({first!r})",
            f"place = after.rfind({second!r})",
            f"return before != '' and place >= {between} and place < len(after) - 1",
        ),
        effects=(
            effect("return False", f"{x}.count({first!r}) != 1", returns=(False,)),
            effect(
                f"return whether something stands before the {first!r}, and the last {second!r} behind it has {minimum} between the two and something after it",
                f"{x}.count({first!r}) == 1",
                hint=f"rfind({second!r}) in what follows the {first!r}",
            ),
        ),
        laws=(
            f"result == ({x}.count({first!r}) == 1 and {x}.find({first!r}) >= 1 and {between} <= {x}.partition({first!r})[2].rfind({second!r}) < len({x}.partition({first!r})[2]) - 1)",
        ),
        ask=single(
            (
                f"ab{first}cdefg{second}h",
                f"{first}abcde{second}f",
                f"ab{first}{second}c",
                f"ab{second}c{first}d",
            )
        ),
        edges=single(
            (
                "",
                first,
                second,
                f"a{first}{'b' * between}{second}c",
                f"a{first}{'b' * (between - 1)}{second}c",
                f"{first}{'b' * between}{second}c",
                f"a{first}{'b' * between}{second}",
                f"a{first}b{first}cd{second}e",
                f"a{second}b{first}cdef",
                f"a{first}{'b' * between}{second}c{second}",
                f"a{first}bcdef",
                f"a{first}{second}{'b' * between}{second}c",
                "abc",
                f"a{first}{'b' * between}{second}c{second}d",
            )
        ),
        ordinary=lambda dice: (
            dice.choice(("a", "ab", ""))
            + dice.choice((first, first, second, ""))
            + "".join(dice.choice("bcde") for _ in range(dice.randint(0, 5)))
            + dice.choice((second, second, "", first))
            + dice.choice(("c", "com", "", second)),
        ),
        words={"a": f"«{first}»", "b": f"«{second}»", "min": minimum, "thing": thing},
    )


@CATALOGUE.add("medium")
def select_words(draw: Draw) -> Concept:
    test = text_test(draw)
    separator = draw.pick((" ", "-", ", ", "/", ""))
    p = a_text(draw, "text", "sentence", "s", "line")
    x = p.name
    glue = {
        " ": "with single spaces",
        "-": "with «-»",
        ", ": "with «, » (comma and space)",
        "/": "with «/»",
        "": "directly, with nothing in between",
    }[separator]
    pool = [word for word in test.texts if word and " " not in word]
    return Concept(
        name=draw.name("select_words", "pick_words", f"words_{test.slug}", "keep_words"),
        params=(p,),
        returns="str",
        summary=f"Keep the words that {test.phrase.many} and join them".replace("«", "'").replace(
            "»", "'"
        ),
        body=f"words = [word for word in {x}.split() if {test.of('word')}]\nreturn {separator!r}.join(words)",
        effects=(
            effect(
                f"split the text at spaces and keep, in order, the words that {test.phrase.many}".replace(
                    "«", "'"
                ).replace("»", "'")
            ),
            effect(f"return them joined with {separator!r}; an empty string where there is none"),
        ),
        laws=(
            f"result == {separator!r}.join([word for word in {x}.split() if {test.of('word')}])",
        ),
        ask=single((" ".join(pool[:4]), "")),
        edges=single(
            ("", " ".join(pool), " ".join(pool[::-1]), f" {pool[0]}  {pool[1]} ", pool[-1], "a b c")
        ),
        ordinary=lambda dice: (
            " ".join(dice.choice((*pool, "sun", "river", "o")) for _ in range(dice.randint(1, 7))),
        ),
        words={"t": test.said, "glue": glue},
    )


@CATALOGUE.add("medium")
def truncate(draw: Draw) -> Concept:
    k, mark = draw.number(3, 20), draw.pick(("...", "…", "~", ">>", "[cut]", " (more)"))
    p = a_text(draw)
    x = p.name
    return Concept(
        name=draw.name("truncate", "shorten", "cut_text", "abbreviate"),
        params=(p,),
        returns="str",
        summary=f"Cut a text of more than {k} characters there and add {mark!r}",
        body=f"if len({x}) <= {k}:\n    return {x}\nreturn {x}[:{k}] + {mark!r}",
        effects=(
            effect("return the text unchanged", f"len({x}) <= {k}"),
            effect(f"return its first {k} characters followed by {mark!r}", f"len({x}) > {k}"),
        ),
        laws=(f"result == ({x} if len({x}) <= {k} else {x}[:{k}] + {mark!r})",),
        ask=single(("a" * k, "a" * k + "b")),
        edges=single(
            ("", "a", "b" * (k - 1), "c" * k, "d" * k + "e", "ab" * k, "d" * (k - 1) + "xy")
        ),
        ordinary=lambda dice: (
            "".join(dice.choice("abcde ") for _ in range(dice.randint(1, 2 * k))),
        ),
        words={"k": str(k), "mark": f"«{mark}»"},
    )


@CATALOGUE.add("medium", held_out=True)
def initials(draw: Draw) -> Concept:
    k, mark = draw.pick((1, 2, 3)), draw.pick((".", "-", "", "_", "/"))
    upper = draw.pick((True, False))
    trail = draw.pick((True, False)) if mark else False
    draw.note("", is_open=True)
    p = a_text(draw, "name", "title", "words", "s")
    x = p.name
    each = f"word[:{k}]" + (".upper()" if upper else "")
    letters = "first letter" if k == 1 else f"first {k} letters"
    glue = (
        f"each followed by «{mark}»"
        if trail
        else (f"joined by «{mark}»" if mark else "put together without anything between them")
    )
    whole_ = (
        f"''.join({each} + {mark!r} for word in {x}.split())"
        if trail
        else f"{mark!r}.join({each} for word in {x}.split())"
    )
    return Concept(
        name=draw.name("initials", "abbreviation", "short_form"),
        params=(p,),
        returns="str",
        summary=f"Abbreviate a text to the {letters} of each word",
        body=f"return {whole_}",
        effects=(
            effect(
                f"take the {letters} of each word{', in upper case' if upper else ''}; words are separated by spaces"
            ),
            effect(f"return them {glue}".replace("«", "'").replace("»", "'")),
        ),
        laws=(f"result == {whole_.replace('(', '([', 1)[:-1]}])",),
        ask=single(("john ronald doe", "")),
        edges=single(
            ("", " ", "a", "Ab cd", "  two  words ", "MANY small Words here", "x yy zzz wwww")
        ),
        ordinary=lambda dice: (
            " ".join(
                dice.choice(("ada", "Bob", "van", "de", "Smith", "o", "LEE"))
                for _ in range(dice.randint(1, 5))
            ),
        ),
        words={
            "letters": letters,
            "glue": glue,
            "upper": ("in upper case", "as capitals", "uppercased")
            if upper
            else ("as written", "unchanged in case"),
        },
    )
