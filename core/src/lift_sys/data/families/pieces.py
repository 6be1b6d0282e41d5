"""Conditions and changes of one value: said in words, as an expression, with their boundaries."""

from collections.abc import Sequence
from dataclasses import dataclass

from .concept import Phrase
from .draw import Draw


@dataclass(frozen=True, slots=True)
class Test:
    """A condition on a number or a text."""

    expression: str
    """With `{x}` for the value."""
    said: tuple[Phrase, ...]
    slug: str
    """For names of functions."""
    edges: tuple[int, ...] = ()
    """Numbers around which it changes."""
    texts: tuple[str, ...] = ()
    """Texts on either side of it."""

    def of(self, value: str) -> str:
        return self.expression.replace("{x}", value)

    @property
    def phrase(self) -> Phrase:
        """The plainest way to say it."""
        return self.said[0]


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of a number or a text."""

    expression: str
    said: tuple[str, ...]
    """Behind the thing that is changed: `doubled`, `with 3 added`."""
    slug: str
    orders: tuple[str, ...] = ()
    """As something to do with `{x}`: `add 3 to {x}`."""

    def of(self, value: str) -> str:
        return self.expression.replace("{x}", value)


def adjectives(*said: str) -> tuple[Phrase, ...]:
    return tuple(Phrase(f"are {each}", f"is {each}") for each in said)


def number_test(draw: Draw, *, closed: bool = True, low: int = -30, high: int = 60) -> Test:
    """A condition on an int; without `closed` none that has no number in it."""
    kinds = [_above, _at_least, _below, _at_most, _between, _divisible, _ends_in]
    if closed:
        kinds += [_even, _odd, _negative, _positive]
    return draw.dice.choice(kinds)(draw, low, high)


def _even(draw: Draw, low: int, high: int) -> Test:
    draw.note("even")
    return even_test()


def even_test() -> Test:
    return Test("{x} % 2 == 0", adjectives("even"), "even", (0, 1, 2, -2, -1))


def _odd(draw: Draw, low: int, high: int) -> Test:
    draw.note("odd")
    return Test("{x} % 2 != 0", adjectives("odd", "not even"), "odd", (0, 1, 2, -1, 3))


def _negative(draw: Draw, low: int, high: int) -> Test:
    draw.note("<0")
    return Test(
        "{x} < 0", adjectives("negative", "below zero", "less than 0"), "negative", (-1, 0, 1)
    )


def _positive(draw: Draw, low: int, high: int) -> Test:
    draw.note(">=1")
    said = adjectives("positive", "above zero", "greater than 0")
    return Test("{x} > 0", said, "positive", (-1, 0, 1))


def _above(draw: Draw, low: int, high: int) -> Test:
    k = draw.number(low + 1, high + 1, note=">=", without=1) - 1
    said = adjectives(
        f"greater than {k}",
        f"above {k}",
        f"over {k}",
        f"larger than {k}",
        f"strictly more than {k}",
    )
    return Test(f"{{x}} > {k}", said, f"above_{_slug(k)}", (k - 1, k, k + 1))


def _at_least(draw: Draw, low: int, high: int) -> Test:
    k = draw.number(low, high, note=">=", without=1)
    said = adjectives(
        f"at least {k}",
        f"{k} or more",
        f"not less than {k}",
        f"greater than or equal to {k}",
        f">= {k}",
    )
    return Test(f"{{x}} >= {k}", said, f"from_{_slug(k)}", (k - 1, k, k + 1))


def _below(draw: Draw, low: int, high: int) -> Test:
    k = draw.number(low, high, note="<", without=0)
    said = adjectives(f"less than {k}", f"below {k}", f"under {k}", f"smaller than {k}", f"< {k}")
    return Test(f"{{x}} < {k}", said, f"below_{_slug(k)}", (k - 1, k, k + 1))


def _at_most(draw: Draw, low: int, high: int) -> Test:
    k = draw.number(low + 1, high + 1, note="<", without=0) - 1
    said = adjectives(
        f"at most {k}",
        f"{k} or less",
        f"no more than {k}",
        f"less than or equal to {k}",
        f"not above {k}",
    )
    return Test(f"{{x}} <= {k}", said, f"up_to_{_slug(k)}", (k - 1, k, k + 1))


def _between(draw: Draw, low: int, high: int) -> Test:
    a = draw.number(low, high - 4, note="from ")
    b = a + draw.number(2, 20, note="+")
    said = adjectives(
        f"between {a} and {b} inclusive",
        f"from {a} to {b}, both included",
        f"between {a} and {b} (both ends count)",
        f"at least {a} and at most {b}",
    )
    edges = (a - 1, a, a + 1, b - 1, b, b + 1)
    return Test(f"{a} <= {{x}} <= {b}", said, f"in_{_slug(a)}_to_{_slug(b)}", edges)


def _divisible(draw: Draw, low: int, high: int) -> Test:
    k = draw.number(3, 13, note="%")
    said = (
        *adjectives(f"divisible by {k}", f"evenly divisible by {k}"),
        Phrase(f"are multiples of {k}", f"is a multiple of {k}"),
        Phrase(
            f"can be divided by {k} without remainder", f"can be divided by {k} without remainder"
        ),
    )
    return Test(f"{{x}} % {k} == 0", said, f"divisible_by_{k}", (0, k, k - 1, k + 1, 2 * k, -k, 1))


def _ends_in(draw: Draw, low: int, high: int) -> Test:
    k = draw.number(1, 9, note="last digit ")
    said = (
        Phrase(f"end in the digit {k}", f"ends in the digit {k}"),
        Phrase(f"have {k} as their last digit", f"has {k} as its last digit"),
    )
    return Test(
        f"abs({{x}}) % 10 == {k}", said, f"ending_in_{k}", (k, 10 + k, k + 1, -k, -10 - k, 10 * k)
    )


def _slug(number: int) -> str:
    return str(number) if number >= 0 else f"minus_{-number}"


def number_change(draw: Draw) -> Change:
    return draw.pick([_plus, _minus, _times, _squared, _negated, _remainder, _absolute])(draw)


def _plus(draw: Draw) -> Change:
    k = draw.number(2, 60, note="+")
    said = (f"increased by {k}", f"plus {k}", f"with {k} added")
    return Change(
        f"{{x}} + {k}", said, f"plus_{k}", (f"add {k} to {{x}}", f"increase {{x}} by {k}")
    )


def _minus(draw: Draw) -> Change:
    k = draw.number(2, 60, note="-")
    said = (f"decreased by {k}", f"minus {k}", f"reduced by {k}")
    orders = (f"subtract {k} from {{x}}", f"decrease {{x}} by {k}", f"take {k} off {{x}}")
    return Change(f"{{x}} - {k}", said, f"minus_{k}", orders)


def _times(draw: Draw) -> Change:
    k = draw.number(2, 25, note="*")
    said = (f"multiplied by {k}", f"times {k}")
    return Change(f"{{x}} * {k}", said, f"times_{k}", (f"multiply {{x}} by {k}",))


def _squared(draw: Draw) -> Change:
    said = ("squared", "multiplied by itself")
    return Change("{x} * {x}", said, "squared", ("square {x}", "multiply {x} by itself"))


def _negated(draw: Draw) -> Change:
    said = ("negated", "with the sign flipped")
    return Change("-{x}", said, "negated", ("negate {x}", "flip the sign of {x}"))


def _remainder(draw: Draw) -> Change:
    k = draw.number(3, 20, note="mod")
    said = (f"modulo {k}", f"reduced modulo {k}", f"taken modulo {k}")
    return Change(f"{{x}} % {k}", said, f"modulo_{k}", (f"take {{x}} modulo {k}",))


def _absolute(draw: Draw) -> Change:
    said = ("without its sign", "as an absolute value")
    orders = ("take the absolute value of {x}", "drop the sign of {x}")
    return Change("abs({x})", said, "absolute", orders)


def text_test(draw: Draw) -> Test:
    return draw.pick([_starts, _ends, _contains, _longer, _shorter, _of_length])(draw)


def spelling_test(draw: Draw) -> Test:
    """A condition on a text's letters, whatever its length."""
    return draw.pick([_starts, _ends, _contains])(draw)


def _verbs(*pairs: tuple[str, str]) -> tuple[Phrase, ...]:
    return tuple(Phrase(many, one) for many, one in pairs)


def _starts(draw: Draw) -> Test:
    t = draw.token()
    said = _verbs(
        (f"start with «{t}»", f"starts with «{t}»"),
        (f"begin with «{t}»", f"begins with «{t}»"),
        (f"have the prefix «{t}»", f"has the prefix «{t}»"),
    )
    texts = (t, t + "er", "x" + t, t[:-1], t.upper() + "o", "a" + t + t, t + "a" + t)
    return Test(f"{{x}}.startswith({t!r})", said, f"starting_with_{t}", texts=texts)


def _ends(draw: Draw) -> Test:
    t = draw.token()
    said = _verbs(
        (f"end with «{t}»", f"ends with «{t}»"),
        (f"end in «{t}»", f"ends in «{t}»"),
        (f"have the suffix «{t}»", f"has the suffix «{t}»"),
    )
    texts = (t, "re" + t, t + "x", t[1:], "o" + t.upper(), t + "a", t + "a" + t)
    return Test(f"{{x}}.endswith({t!r})", said, f"ending_with_{t}", texts=texts)


def _contains(draw: Draw) -> Test:
    t = draw.token(1, 2)
    said = _verbs(
        (f"contain «{t}»", f"contains «{t}»"),
        (f"have «{t}» somewhere in them", f"has «{t}» somewhere in it"),
        (f"include «{t}»", f"includes «{t}»"),
    )
    texts = (t, "a" + t + "o", t + "ip", "po" + t, t.upper(), t[:-1] + "_" + t[-1:], "oo")
    return Test(f"{t!r} in {{x}}", said, f"containing_{t}", texts=texts)


def _longer(draw: Draw) -> Test:
    k = draw.number(3, 10, note="len>=") - 1
    said = _verbs(
        (f"are longer than {k} characters", f"is longer than {k} characters"),
        (f"have more than {k} characters", f"has more than {k} characters"),
        (f"have at least {k + 1} characters", f"has at least {k + 1} characters"),
    )
    return Test(
        f"len({{x}}) > {k}", said, f"longer_than_{k}", texts=_lengths(k - 1, k, k + 1, k + 3)
    )


def _shorter(draw: Draw) -> Test:
    k = draw.number(3, 9, note="len<")
    said = _verbs(
        (f"are shorter than {k} characters", f"is shorter than {k} characters"),
        (f"have fewer than {k} characters", f"has fewer than {k} characters"),
        (f"have at most {k - 1} characters", f"has at most {k - 1} characters"),
    )
    return Test(f"len({{x}}) < {k}", said, f"shorter_than_{k}", texts=_lengths(k - 1, k, k + 1, 1))


def _of_length(draw: Draw) -> Test:
    k = draw.number(2, 8, note="len==")
    said = _verbs(
        (f"have exactly {k} characters", f"has exactly {k} characters"),
        (f"are exactly {k} characters long", f"is exactly {k} characters long"),
        (f"have length {k}", f"has length {k}"),
    )
    return Test(f"len({{x}}) == {k}", said, f"of_length_{k}", texts=_lengths(k - 1, k, k + 1))


def _lengths(*sizes: int) -> tuple[str, ...]:
    return tuple(("moraluvegiptokasen" * 2)[:size] for size in sizes)


def text_change(draw: Draw) -> Change:
    return draw.pick([_upper, _lower, _reversed, _followed, _preceded, _first, _replaced])(draw)


def _upper(draw: Draw) -> Change:
    said = ("in upper case", "in capital letters", "uppercased")
    orders = ("put {x} in upper case", "uppercase {x}", "turn {x} into capital letters")
    return Change("{x}.upper()", said, "upper", orders)


def _lower(draw: Draw) -> Change:
    said = ("in lower case", "in small letters", "lowercased")
    orders = ("put {x} in lower case", "lowercase {x}", "turn {x} into small letters")
    return Change("{x}.lower()", said, "lower", orders)


def _reversed(draw: Draw) -> Change:
    said = ("reversed", "spelled backwards", "written backwards")
    return Change("{x}[::-1]", said, "reversed", ("reverse {x}", "spell {x} backwards"))


def _followed(draw: Draw) -> Change:
    t = draw.token()
    said = (f"followed by «{t}»", f"with «{t}» appended", f"with «{t}» added at the end")
    orders = (f"append «{t}» to {{x}}", f"add «{t}» at the end of {{x}}")
    return Change(f"{{x}} + {t!r}", said, f"with_{t}", orders)


def _preceded(draw: Draw) -> Change:
    t = draw.token()
    said = (f"preceded by «{t}»", f"with «{t}» put in front", f"with the prefix «{t}» added")
    orders = (f"put «{t}» in front of {{x}}", f"prefix {{x}} with «{t}»")
    return Change(f"{t!r} + {{x}}", said, f"after_{t}", orders)


def _first(draw: Draw) -> Change:
    k = draw.number(1, 6, note="[:]")
    said = (
        (f"cut to its first {k} characters", f"shortened to at most {k} characters")
        if k > 1
        else ("cut to its first character", "shortened to at most 1 character")
    )
    orders = (f"{verb} {{x}} to {said[0].partition(' to ')[2]}" for verb in ("cut", "shorten"))
    return Change(f"{{x}}[:{k}]", said, f"first_{k}", tuple(orders))


def _replaced(draw: Draw) -> Change:
    a, b = draw.dice.sample("aeioulnrst", 2)
    draw.note(a + b, is_open=True)
    said = (f"with every «{a}» replaced by «{b}»", f"with each «{a}» changed to «{b}»")
    orders = (f"replace every «{a}» in {{x}} by «{b}»", f"change each «{a}» in {{x}} to «{b}»")
    return Change(f"{{x}}.replace({a!r}, {b!r})", said, f"{a}_to_{b}", orders)


def defaults(draw: Draw) -> tuple[object, tuple[str, ...]]:
    """What to give where there is nothing: the value, and how requests say it."""
    kind = draw.pick(("none", "zero", "minus", "number"))
    if kind == "none":
        return None, ("None", "`None`")
    if kind == "zero":
        return 0, ("0", "zero")
    if kind == "minus":
        return -1, ("-1",)
    value = draw.number(-99, 99)
    return value, (str(value),)


def numbers_near(edges: Sequence[int]) -> tuple[int, ...]:
    return tuple(dict.fromkeys((*edges, 0, 1, -1)))
