"""What everybody asks for: the plain functions, without parameters of their own.

Other families teach their variants with limits, defaults and marks. Asked for without any, these
are meant.
"""

import random
from collections.abc import Callable, Sequence

from .concept import Args, Catalogue, Concept, Param, Words
from .control_flow.shared import a_number, by_branches
from .data_structures.shared import some_entries
from .draw import Draw
from .making import args, effect, lines, lists, loop, single, texts, whole
from .mathematical.shared import a_natural
from .pieces import Test, even_test, number_test
from .string_manipulation.shared import a_text

LISTS = Catalogue("list_operations", since=3)
TEXTS = Catalogue("string_manipulation", since=3)
FLOWS = Catalogue("control_flow", since=3)
EDGES = Catalogue("edge_cases", since=3)
KINDS = Catalogue("type_operations", since=3)
DICTS = Catalogue("data_structures", since=3)
MATHS = Catalogue("mathematical", since=3)
CATALOGUES = (LISTS, TEXTS, FLOWS, EDGES, KINDS, DICTS, MATHS)

_NUMBERS: tuple[list[int], ...] = (
    [],
    [0],
    [5],
    [3, 1, 2],
    [-4, 7, 7, 0],
    [2, 2, 1],
    [-3, -9, -4],
    [10, 20, 30, 40],
)
_TEXTS = ("", "a", "word", "Two  words", " edge ", "LEVEL", "level", "it Was his", "a,b-c", "x  ")


def _numbers(draw: Draw) -> Param:
    name = draw.name("numbers", "values", "items", "nums", "data", "xs", "lst")
    return Param(name, "list[int]", "list of integers", "list")


def _second_list(name: str) -> Param:
    return Param(name, "list[int]", "second list of integers", "second list")


def _of_list(
    names: tuple[str, ...],
    draw: Draw,
    p: Param,
    returns: str,
    body: str,
    said: Sequence[str],
    law: str,
    words: dict[str, Words] | None = None,
    *,
    least: int = 0,
) -> Concept:
    """Of one list of ints. `said`: the summary, then the effects."""
    return Concept(
        name=draw.name(*names),
        params=(p,),
        returns=returns,
        summary=said[0],
        body=body,
        effects=tuple(map(effect, said[1:])),
        laws=(law,),
        needs=(f"len({p.name}) > 0",) if least else (),
        ask=single(_NUMBERS[least : least + 2]),
        edges=single(_NUMBERS[least:]),
        ordinary=args(lists(whole(-30, 60), least=least)),
        words=words or {},
        constraints=(loop("all", "every element is looked at"),),
    )


@LISTS.add("easy")
def keep_plain(draw: Draw) -> Concept:
    test, p = _plain_test(draw), _numbers(draw)
    kept = f"[n for n in {p.name} if {test.of('n')}]"
    names = (
        f"{test.slug}_numbers",
        f"filter_{test.slug}",
        f"keep_{test.slug}",
        f"get_{test.slug}s",
    )
    said = (
        f"Keep the numbers that {test.phrase.many}",
        f"return a new list of the numbers that {test.phrase.many}, in their order",
    )
    words: dict[str, Words] = {"t": test.said}
    return _of_list(names, draw, p, "list[int]", f"return {kept}", said, f"result == {kept}", words)


def _plain_test(draw: Draw) -> Test:
    while True:
        trial = Draw(draw.dice)
        test = number_test(trial)
        if not trial.is_open:
            draw.note(trial.record)
            return test


@EDGES.add("easy")
def first_or_none(draw: Draw) -> Concept:
    which, p = draw.pick(("first", "first", "last")), _numbers(draw)
    x, place = p.name, 0 if which == "first" else -1
    names = (f"{which}_element", f"get_{which}", f"{which}_item", f"{which}_or_none", which)
    body = f"if not {x}:\n    return None\nreturn {x}[{place}]"
    said = (
        f"Return the {which} element, or None for an empty list",
        "return None if the list is empty",
        f"return the {which} element otherwise",
    )
    law = f"result == ({x}[{place}] if {x} else None)"
    return _of_list(names, draw, p, "int | None", body, said, law, {"which": which})


@EDGES.add("easy")
def largest_or_none(draw: Draw) -> Concept:
    which, p = draw.pick(("largest", "smallest")), _numbers(draw)
    x, call = p.name, "max" if which == "largest" else "min"
    names = (f"{which}_number", f"find_{call}", f"get_{call}", f"{which}_or_none", f"{call}imum")
    body = f"if not {x}:\n    return None\nreturn {call}({x})"
    said = (
        f"Return the {which} number, or None for an empty list",
        "return None if the list is empty",
        f"return the {which} number otherwise",
    )
    law = f"result == ({call}({x}) if {x} else None)"
    return _of_list(names, draw, p, "int | None", body, said, law, {"which": which})


@DICTS.add("easy")
def smallest_and_largest(draw: Draw) -> Concept:
    p = _numbers(draw)
    pair = f"(min({p.name}), max({p.name}))"
    names = ("get_min_max", "min_max", "smallest_and_largest", "extremes", "bounds", "min_and_max")
    said = ("Return the smallest and the largest number", "return the tuple (smallest, largest)")
    body, law = f"return {pair}", f"result == {pair}"
    return _of_list(names, draw, p, "tuple[int, int]", body, said, law, least=1)


@LISTS.add("easy")
def sum_plain(draw: Draw) -> Concept:
    p = _numbers(draw)
    names = ("sum_list", "total", "add_up", "sum_of_numbers", "get_sum", "sum_all")
    said = ("Return the sum of the numbers", "return the sum of all numbers, 0 for an empty list")
    body, law = f"return sum({p.name})", f"result == sum({p.name})"
    return _of_list(names, draw, p, "int", body, said, law)


@LISTS.add("easy")
def distinct_plain(draw: Draw) -> Concept:
    p = _numbers(draw)
    x = p.name
    names = ("unique", "remove_duplicates", "distinct_elements", "dedupe", "without_duplicates")
    said = ("Keep each element once", "return the elements in order, each only at its first place")
    body, law = f"return list(dict.fromkeys({x}))", f"result == list(dict.fromkeys({x}))"
    return _of_list(names, draw, p, "list[int]", body, said, law)


@DICTS.add("easy")
def count_each_plain(draw: Draw) -> Concept:
    p = _numbers(draw)
    x = p.name
    names = ("count_each", "count_items", "frequencies", "occurrences", "count_elements", "tally")
    said = ("Count how often each element occurs", "return a dict from element to its count")
    body = lines(
        "counts = {}", f"for n in {x}:", "    counts[n] = counts.get(n, 0) + 1", "return counts"
    )
    law = f"result == {{n: {x}.count(n) for n in {x}}}"
    return _of_list(names, draw, p, "dict[int, int]", body, said, law)


@LISTS.add("easy")
def average_plain(draw: Draw) -> Concept:
    name = draw.name("numbers", "values", "nums", "data", "grades", "xs")
    p = Param(name, "list[float]", draw.name("list of numbers", "list of floats"), "list")
    default = draw.pick((0.0, 0.0, None))
    return Concept(
        name=draw.name("average", "mean", "calculate_average", "get_mean", "compute_average"),
        params=(p,),
        returns="float | None" if default is None else "float",
        summary=f"Return the average of the numbers, {default} for an empty list",
        body=f"if not {name}:\n    return {default}\nreturn sum({name}) / len({name})",
        effects=(
            effect(f"return {default}", f"not {name}", returns=(default,)),
            effect("return the sum divided by the number of elements", f"len({name}) > 0"),
        ),
        laws=(f"result == (sum({name}) / len({name}) if {name} else {default})",),
        ask=single(([], [4.0])),
        edges=single(([], [0.0], [1.5], [1.0, 2.0], [-1.0, 1.0], [2.0, 2.0, 5.0])),
        ordinary=args(lists(lambda dice: dice.randint(-20, 40) / 2, least=1)),
        words={"d": (str(default), f"`{default}`")},
        constraints=(loop("all", "every number counts"),),
    )


@LISTS.add("easy")
def common_plain(draw: Draw) -> Concept:
    a, b = draw.dice.choice((("a", "b"), ("first", "second"), ("left", "right"), ("xs", "ys")))
    both = f"[n for n in {a} if n in {b}]"
    return Concept(
        name=draw.name("common_elements", "in_both", "intersection", "shared", "common_items"),
        params=(Param(a, "list[int]", "list of integers", "first list"), _second_list(b)),
        returns="list[int]",
        summary="Keep the elements of the first list that are in the second one too",
        body=f"return {both}",
        effects=(
            effect("return the elements of the first list that the second one has, in order"),
        ),
        laws=(f"result == {both}",),
        ask=(([1, 2, 3], [3, 1]), ([], [1])),
        edges=(([], []), ([1], []), ([1, 1, 2], [1]), ([3, 2, 1], [1, 2, 3]), ([1, 2], [3])),
        ordinary=args(lists(whole(0, 9)), lists(whole(0, 9))),
        constraints=(loop("all", "every element is looked at"),),
    )


@EDGES.add("easy")
def index_of_value(draw: Draw) -> Concept:
    p, value = _numbers(draw), draw.name("value", "target", "x", "item", "element")
    x, default = p.name, draw.pick((-1, -1, None))
    return Concept(
        name=draw.name("find_index", "index_of", "find_value", "position_of", "search", "find"),
        params=(p, Param(value, "int", draw.name("value", "number", "integer"), "value")),
        returns="int | None" if default is None else "int",
        summary=f"Find the index where the value first stands, or {default}",
        body=lines(
            f"for i, n in enumerate({x}):",
            f"    if n == {value}:",
            "        return i",
            f"return {default}",
        ),
        effects=(
            effect(
                "return the index of the first element that equals the value", f"{value} in {x}"
            ),
            effect(f"return {default}", f"{value} not in {x}", returns=(default,)),
        ),
        laws=(f"result == ([i for i, n in enumerate({x}) if n == {value}] or [{default}])[0]",),
        ask=(([4, 5, 4], 4), ([], 1), ([1, 2], 3)),
        edges=(([], 0), ([0], 0), ([1, 2, 2], 2), ([2, 1], 1), ([5, 5], 5), ([1], 4)),
        ordinary=args(lists(whole(0, 9)), whole(0, 9)),
        words={"d": (str(default), f"`{default}`")},
        constraints=(loop("first", "the first match counts"),),
    )


@EDGES.add("easy")
def clamp_to_bounds(draw: Draw) -> Concept:
    x = draw.name("value", "number", "x", "n")
    low, high = draw.dice.choice(
        (("low", "high"), ("minimum", "maximum"), ("lower", "upper"), ("lo", "hi"), ("a", "b"))
    )
    bounded = f"{low} if {x} < {low} else {high} if {x} > {high} else {x}"
    return Concept(
        name=draw.name("clamp", "limit", "keep_in_range", "clip", "restrict", "bounded"),
        params=(
            Param(x, "int", draw.name("number", "value", "integer"), "number"),
            Param(low, "int", draw.name("lower bound", "minimum", "lower limit"), "lower bound"),
            Param(high, "int", draw.name("upper bound", "maximum", "upper limit"), "upper bound"),
        ),
        returns="int",
        summary="Bring a number into the range between two bounds",
        body=f"return max({low}, min({x}, {high}))",
        effects=(
            effect(f"return {low}", f"{x} < {low}"),
            effect(f"return {high}", f"{x} > {high}"),
            effect(f"return {x}", f"{low} <= {x} <= {high}"),
        ),
        laws=(f"result == ({bounded})",),
        needs=(f"{low} <= {high}",),
        ask=((5, 1, 3), (0, 1, 3), (2, 1, 3)),
        edges=((1, 1, 3), (3, 1, 3), (4, 1, 3), (0, 0, 0), (-5, -3, -1), (-2, -3, -1), (9, 2, 2)),
        ordinary=lambda dice: (dice.randint(-20, 20), dice.randint(-15, 0), dice.randint(0, 15)),
    )


@DICTS.add("easy")
def merge_plain(draw: Draw) -> Concept:
    a, b = draw.dice.choice((("first", "second"), ("a", "b"), ("left", "right"), ("d1", "d2")))
    return Concept(
        name=draw.name("merge_dicts", "merge", "combine_dicts", "join_dicts", "merged"),
        params=(
            Param(a, "dict[str, int]", draw.name("first dict", "first dictionary"), "first dict"),
            Param(
                b, "dict[str, int]", draw.name("second dict", "second dictionary"), "second dict"
            ),
        ),
        returns="dict[str, int]",
        summary="Merge two dicts; where a key is in both, the second one counts",
        body=f"return {{**{a}, **{b}}}",
        effects=(
            effect(
                "return a new dict with the entries of both; the value of the second one counts"
            ),
            effect("neither argument is changed"),
        ),
        laws=(f"result == {{**{a}, **{b}}}",),
        ask=(({"a": 1, "b": 2}, {"b": 5, "c": 3}), ({}, {})),
        edges=(
            ({}, {}),
            ({"a": 1}, {}),
            ({}, {"a": 1}),
            ({"a": 1}, {"a": 2}),
            ({"a": 0}, {"a": 0}),
        ),
        ordinary=args(some_entries, some_entries),
    )


@KINDS.add("easy")
def int_or_default(draw: Draw) -> Concept:
    p = a_text(draw, "text", "s", "value", "string", "raw")
    default = draw.pick((0, 0, -1, None))
    return Concept(
        name=draw.name("safe_int", "to_int", "parse_int", "int_or_default", "read_int", "as_int"),
        params=(p,),
        returns="int | None" if default is None else "int",
        summary=f"Convert a text to an int, {default} where that fails",
        body=lines(
            "try:", f"    return int({p.name})", "except ValueError:", f"    return {default}"
        ),
        effects=(
            effect("return what int() makes of the text"),
            effect(f"return {default} where int() raises ValueError"),
        ),
        laws=(f"result == {default} or isinstance(result, int)",)
        if default is not None
        else ("result is None or isinstance(result, int)",),
        ask=single(("12", "abc", "")),
        edges=single(("12", "-7", " 5 ", "0", "+3", "", "abc", "1.5", "12a", "--1", " ")),
        ordinary=args(texts(("3", "77", "x", "4 2", "-1"))),
        words={"d": (str(default), f"`{default}`")},
    )


def _of_number(
    names: tuple[str, ...],
    draw: Draw,
    p: Param,
    returns: str,
    body: str,
    said: Sequence[str],
    laws: tuple[str, ...],
    numbers: Sequence[int],
    *,
    needs: tuple[str, ...] = (),
) -> Concept:
    return Concept(
        name=draw.name(*names),
        params=(p,),
        returns=returns,
        summary=said[0],
        body=body,
        effects=tuple(map(effect, said[1:])),
        laws=laws,
        needs=needs,
        ask=single(numbers[:3]),
        edges=single(numbers),
        ordinary=args(whole(0, 25)),
    )


@MATHS.add("easy")
def factorial_plain(draw: Draw) -> Concept:
    p = a_natural(draw, "n", "number", "k")
    x = p.name
    names = ("factorial", "calculate_factorial", "compute_factorial", "get_factorial", "fact")
    body = lines(
        "product = 1", f"for i in range(2, {x} + 1):", "    product *= i", "return product"
    )
    said = ("Compute the factorial", "return the product of the numbers from 1 on, 1 for 0")
    laws = (f"{x} > 1 or result == 1", f"{x} < 2 or result % {x} == 0")
    return _of_number(
        names, draw, p, "int", body, said, laws, (0, 1, 5, 2, 3, 10), needs=(f"{x} >= 0",)
    )


@MATHS.add("easy")
def fibonacci_plain(draw: Draw) -> Concept:
    p = a_natural(draw, "n", "index", "position", "k")
    x = p.name
    names = ("fibonacci", "get_fibonacci", "fib", "nth_fibonacci", "fibonacci_number")
    body = lines("a, b = 0, 1", f"for _ in range({x}):", "    a, b = b, a + b", "return a")
    said = (
        "Return a Fibonacci number",
        "number 0 is 0 and number 1 is 1",
        f"each further number is the sum of the two before it; return number {x}",
    )
    laws = (f"{x} > 1 or result == {x}", f"{x} < 3 or result > 1")
    return _of_number(
        names, draw, p, "int", body, said, laws, (0, 1, 7, 2, 3, 12), needs=(f"{x} >= 0",)
    )


@MATHS.add("easy")
def prime_plain(draw: Draw) -> Concept:
    p = a_number(draw)
    x = p.name
    names = ("is_prime", "is_prime_number", "prime", "check_prime", f"is_{x}_prime")
    body = lines(
        f"if {x} < 2:",
        "    return False",
        "i = 2",
        f"while i * i <= {x}:",
        f"    if {x} % i == 0:",
        "        return False",
        "    i += 1",
        "return True",
    )
    said = (
        "Say whether a number is prime",
        "return False for numbers below 2",
        "return True if no number from 2 on divides it, else False",
    )
    laws = (f"result == ({x} > 1 and all({x} % i != 0 for i in range(2, {x})))",)
    return _of_number(names, draw, p, "bool", body, said, laws, (7, 1, 9, 0, 2, 4, -3, 25, 29))


def _of_text(
    names: tuple[str, ...],
    draw: Draw,
    p: Param,
    returns: str,
    body: str,
    said: Sequence[str],
    law: str,
    samples: Sequence[str] = _TEXTS,
    words: dict[str, Words] | None = None,
) -> Concept:
    return Concept(
        name=draw.name(*names),
        params=(p,),
        returns=returns,
        summary=said[0],
        body=body,
        effects=tuple(map(effect, said[1:])),
        laws=(law,),
        ask=single(samples[:3]),
        edges=single(samples),
        ordinary=args(texts(samples)),
        words=words or {},
    )


@TEXTS.add("easy")
def title_plain(draw: Draw) -> Concept:
    p = a_text(draw, "text", "title", "s", "phrase", "name")
    made = f"' '.join([word[:1].upper() + word[1:].lower() for word in {p.name}.split(' ')])"
    names = ("to_title_case", "title_case", "capitalize_words", "as_title", "capitalize_each_word")
    said = (
        "Capitalize each word",
        "split the text at each space and join the words with it again, so all spaces stay",
        "make the first letter of each word upper case and the rest lower case",
    )
    return _of_text(names, draw, p, "str", f"return {made}", said, f"result == {made}")


@TEXTS.add("easy")
def count_words_plain(draw: Draw) -> Concept:
    p = a_text(draw)
    made = f"len({p.name}.split())"
    names = ("count_words", "word_count", "number_of_words", "how_many_words", "words_in")
    said = ("Count the words", "return how many words whitespace separates, 0 if there is none")
    return _of_text(names, draw, p, "int", f"return {made}", said, f"result == {made}")


@TEXTS.add("easy")
def reverse_plain(draw: Draw) -> Concept:
    p = a_text(draw)
    made = f"{p.name}[::-1]"
    names = ("reverse", "reverse_string", "reversed_text", "backwards", "flip_text")
    said = ("Reverse a text", "return the characters in reverse order")
    return _of_text(names, draw, p, "str", f"return {made}", said, f"result == {made}")


@TEXTS.add("easy")
def palindrome_plain(draw: Draw) -> Concept:
    p, any_case = a_text(draw, "text", "word", "s", "phrase"), draw.pick((False, True))
    x = f"{p.name}.lower()" if any_case else p.name
    names = ("is_palindrome", "palindrome", "reads_same", "check_palindrome")
    how = ", ignoring case" if any_case else ""
    said = (
        f"Say whether a text is a palindrome{how}",
        f"return whether it equals its reverse{how}",
    )
    words: dict[str, Words] = {
        "how": (", ignoring case", ", upper or lower case being the same", ", whatever the case")
        if any_case
        else ("",)
    }
    law = f"result == ({x} == {x}[::-1])"
    return _of_text(
        names, draw, p, "bool", f"return {x} == {x}[::-1]", said, law, (*_TEXTS, "Anna"), words
    )


@TEXTS.add("easy")
def count_vowels_plain(draw: Draw) -> Concept:
    p = a_text(draw, "text", "word", "s", "sentence", "string")
    x = p.name
    names = ("count_vowels", "vowel_count", "number_of_vowels", "vowels_in")
    said = (
        "Count the vowels",
        "return how many characters are one of a, e, i, o, u in either case",
    )
    body = f"return sum(1 for c in {x}.lower() if c in 'aeiou')"
    return _of_text(
        names,
        draw,
        p,
        "int",
        body,
        said,
        f"result == len([c for c in {x}.lower() if c in 'aeiou'])",
    )


@TEXTS.add("medium")
def email_plain(draw: Draw) -> Concept:
    p = a_text(draw, "email", "address", "text", "s", "mail")
    names = ("is_email", "is_valid_email", "valid_address", "looks_like_email", "check_email")
    body = lines(
        f"if {p.name}.count('@') != 1:",
        "    return False",
        f"local, domain = {p.name}.split('@')",
        "return len(local) > 0 and '.' in domain[1:-1]",
    )
    said = (
        "Say whether a text looks like an e-mail address",
        "return False unless there is exactly one @",
        "return whether something stands before it and a dot stands inside of what follows it",
    )
    x = p.name
    law = f"result == ({x}.count('@') == 1 and not {x}.startswith('@') and '.' in {x}.split('@')[-1][1:-1])"
    samples = (
        "a@b.c",
        "a.b",
        "@b.c",
        "a@b",
        "a@.c",
        "a@b.",
        "a@b@c.d",
        "",
        "x.y@z.w.v",
        "a@..",
        "a@...",
    )
    return _of_text(names, draw, p, "bool", body, said, law, samples)


@FLOWS.add("easy")
def even_or_odd_plain(draw: Draw) -> Concept:
    p = a_number(draw)
    yes, no = draw.dice.choice((("even", "odd"), ("Even", "Odd"), ("EVEN", "ODD")))
    draw.note(yes)
    return by_branches(
        draw.name("even_or_odd", "parity", "parity_label", "odd_or_even", f"{p.name}_parity"),
        (p,),
        f"Say {yes!r} for an even number, {no!r} for an odd one",
        [(even_test().of(p.name), yes), (None, no)],
        ["it is even"],
        single((0, 1, 2, -1, -2, 7, 10)),
        ask=single((0, 1, 4)),
        ordinary=args(whole(-40, 40)),
    )


@MATHS.add("easy")
def gcd_plain(draw: Draw) -> Concept:
    a, b = draw.dice.choice((("a", "b"), ("m", "n"), ("x", "y"), ("first", "second")))
    return _of_two(
        ("gcd", "greatest_common_divisor", "common_divisor", "largest_common_divisor"),
        draw,
        (a, b),
        lines(f"while {b}:", f"    {a}, {b} = {b}, {a} % {b}", f"return {a}"),
        ("Compute the greatest common divisor", "return the largest number that divides both"),
        f"{a} % result == 0 and {b} % result == 0",
        ((12, 18), (7, 3), (5, 5), (1, 9), (100, 10), (8, 12)),
        whole(1, 90),
        needs=(f"{a} > 0", f"{b} > 0"),
    )


@MATHS.add("easy")
def difference_plain(draw: Draw) -> Concept:
    a, b = draw.dice.choice((("a", "b"), ("x", "y"), ("first", "second"), ("start", "end")))
    return _of_two(
        ("difference", "distance", "absolute_difference", "gap", "how_far_apart"),
        draw,
        (a, b),
        f"return abs({a} - {b})",
        ("Compute how far two numbers are apart", "return their difference without its sign"),
        f"result == abs({a} - {b})",
        ((3, 8), (8, 3), (0, 0), (-4, 4), (5, -1), (-7, -2)),
        whole(-60, 60),
    )


def _of_two(
    names: tuple[str, ...],
    draw: Draw,
    params: tuple[str, str],
    body: str,
    said: Sequence[str],
    law: str,
    pairs: tuple[Args, ...],
    number: Callable[[random.Random], int],
    *,
    needs: tuple[str, ...] = (),
) -> Concept:
    nouns = ("first number", "second number")
    return Concept(
        name=draw.name(*names),
        params=tuple(
            Param(name, "int", noun, noun) for name, noun in zip(params, nouns, strict=True)
        ),
        returns="int",
        summary=said[0],
        body=body,
        effects=tuple(map(effect, said[1:])),
        laws=(law,),
        needs=needs,
        ask=pairs[:3],
        edges=pairs,
        ordinary=args(number, number),
    )


@LISTS.add("easy")
def lengths_plain(draw: Draw) -> Concept:
    name = draw.name("words", "strings", "names", "texts", "items")
    p = Param(name, "list[str]", "list of strings", "list")
    made = f"[len(w) for w in {name}]"
    some: tuple[list[str], ...] = (
        [],
        [""],
        ["a"],
        ["word", "to", ""],
        ["x", "x"],
        ["Long one", "b"],
    )
    return Concept(
        name=draw.name("word_lengths", "lengths", "get_lengths", "string_lengths", "sizes"),
        params=(p,),
        returns="list[int]",
        summary="List the length of each string",
        body=f"return {made}",
        effects=(effect("return a list with the length of each string, in their order"),),
        laws=(f"result == {made}",),
        ask=single((["a", "to"], [])),
        edges=single(some),
        ordinary=args(lists(texts(("stone", "oil", "a b")))),
        constraints=(loop("all", "every string counts"),),
    )


@FLOWS.add("medium")
def number_kind_plain(draw: Draw) -> Concept:
    """Zero, negative, and of the positive ones the even and the odd; or without telling those."""
    p = a_number(draw)
    n = p.name
    zero, negative, even, odd = draw.labels(4)
    return by_branches(
        draw.name("classify_number", "number_kind", "kind_of_number", "describe", "name_number"),
        (p,),
        "Tell zero, negative, positive even and positive odd numbers apart",
        [(f"{n} == 0", zero), (f"{n} < 0", negative), (f"{n} % 2 == 0", even), (None, odd)],
        ["it is zero", "it is negative", "it is positive and even"],
        single((0, -1, -2, 1, 2, 3, 10, -7)),
        ask=single((0, -1, 2, 3)),
        ordinary=args(whole(-40, 40)),
    )
