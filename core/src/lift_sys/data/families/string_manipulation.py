"""Texts: counting, changing, cutting, looking for marks."""

from .concept import Catalogue, Concept, Param
from .draw import Draw
from .making import args, effect, lines, position, single, texts
from .pieces import text_change, text_test

CATALOGUE = Catalogue("string_manipulation")
_SEPARATORS = {
    "-": "a dash",
    ",": "a comma",
    ";": "a semicolon",
    "_": "an underscore",
    "/": "a slash",
    "|": "a vertical bar",
    "+": "a plus sign",
    ":": "a colon",
}


def _text(draw: Draw, *names: str) -> Param:
    name = draw.name(*(names or ("text", "s", "string", "line", "phrase")))
    return Param(name, "str", draw.name("string", "text", "piece of text"), "text")


def _separator(draw: Draw) -> str:
    return draw.pick(tuple(_SEPARATORS))


def _said(separator: str) -> tuple[str, ...]:
    return (f"«{separator}»", f"«{separator}»", _SEPARATORS[separator])


@CATALOGUE.add("easy")
def count_words(draw: Draw) -> Concept:
    longer = draw.pick((False, True, True))
    k = draw.number(1, 9) if longer else 0
    p = _text(draw, "text", "sentence", "s", "line")
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
    p = _text(draw)
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
    change, p = text_change(draw), _text(draw, "text", "word", "s", "name")
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
    separator = _separator(draw)
    p = _text(draw, "text", "word", "unit", "s")
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
        words={"k": str(k), "sep": _said(separator)},
    )


@CATALOGUE.add("medium")
def title_case(draw: Draw) -> Concept:
    separator = draw.pick((" ", " ", "-", "_"))
    rest = draw.pick(("lower", "keep"))
    limit = draw.number(2, 5) if draw.pick((True, False)) else 0
    p = _text(draw, "text", "title", "s", "phrase")
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
    p = _text(draw, "address", "text", "s", "value")
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
    p = _text(draw, "text", "sentence", "s", "line")
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
    p = _text(draw)
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
    p = _text(draw, "name", "title", "words", "s")
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
    p = _text(draw)
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
    p = _text(draw)
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
    p = _text(draw, "text", "message", "s", "word")
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
    separator = _separator(draw)
    last = draw.pick((True, False))
    shortest = draw.pick((True, False))
    least = draw.number(1, 4)
    nothing = draw.label()
    p = _text(draw)
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
            "sep": _said(separator),
        },
    )
