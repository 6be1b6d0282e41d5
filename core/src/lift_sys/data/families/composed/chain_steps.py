"""The steps and ends that chains are made of."""

from ..draw import Draw
from ..pieces import Change, Test
from .chain import End, Step


def _in_all_words(test: Test, *forms: str) -> tuple[str, ...]:
    """`ARE` and `IS` are the places of the condition, said of many and of one."""
    return tuple(
        form.replace("ARE", phrase.many).replace("IS", phrase.one)
        for phrase in test.said
        for form in forms
    )


def keep(draw: Draw, test: Test, v: str = "n") -> Step:
    """Those that match, or all others."""
    if draw.pick((False, False, True)):
        return Step(
            name="others",
            line=f"[{v} for {v} in {{x}} if not ({test.of(v)})]",
            effect=f"leave out the {{many}} that {test.phrase.many}",
            orders=_in_all_words(
                test,
                "leave out the {many} that ARE",
                "remove every {one} that IS",
                "skip {many} that ARE",
                "drop the {many} that ARE",
            ),
            tail=_in_all_words(test, "except those that ARE"),
            slug=f"not_{test.slug}",
        )
    return Step(
        name="matching",
        line=f"[{v} for {v} in {{x}} if {test.of(v)}]",
        effect=f"keep the {{many}} that {test.phrase.many}",
        orders=_in_all_words(
            test,
            "keep the {many} that ARE",
            "keep only {many} that ARE",
            "take each {one} that IS",
            "pick the {many} that ARE",
            "leave out every {one} unless it IS",
            "ignore all {many} except those that ARE",
        ),
        tail=_in_all_words(test, "that ARE"),
        slug=test.slug,
    )


def change_each(change: Change, v: str = "n") -> Step:
    return Step(
        name="changed",
        line=f"[{change.of(v)} for {v} in {{x}}]",
        effect=f"each of them {change.said[0]}",
        orders=tuple(
            order.replace("{x}", each)
            for order in change.orders
            for each in ("each of them", "every {one}", "each {one}")
        ),
        tail=tuple(f"each {said}" for said in change.said),
        slug=change.slug,
    )


def change_it(change: Change) -> Step:
    """Of a single number or text."""
    return Step(
        name="changed",
        line=change.of("{it}"),
        effect=f"the {{one}} {change.said[0]}",
        orders=tuple(
            order.replace("{x}", it) for order in change.orders for it in ("it", "the {one}")
        ),
        tail=change.said,
        slug=change.slug,
    )


def without_repeats() -> Step:
    return Step(
        name="distinct",
        line="list(dict.fromkeys({x}))",
        effect="of equal {many}, keep the first",
        orders=(
            "remove duplicates",
            "drop repeated {many}",
            "keep each different {one} once, where it first comes",
        ),
        tail=("without duplicates", "each different one once", "with repeats removed"),
        slug="distinct",
    )


_BY_SIZE = {
    False: ("from smallest to largest", "in ascending order", "the smallest first"),
    True: ("from largest to smallest", "in descending order", "the largest first"),
}
_BY_NAME = {
    False: ("alphabetically", "in alphabetical order", "from a to z"),
    True: ("in reverse alphabetical order", "from z to a"),
}


def in_order(draw: Draw, *, texts: bool = False) -> Step:
    down = draw.pick((False, True))
    said = (_BY_NAME if texts else _BY_SIZE)[down]
    return Step(
        name="ordered",
        line="sorted({x}, reverse=True)" if down else "sorted({x})",
        effect=f"sort them {said[0]}",
        orders=tuple(f"{verb} them {way}" for verb in ("sort", "order") for way in said),
        tail=tuple(f"sorted {way}" for way in said),
        slug="sorted",
    )


def some_of(draw: Draw) -> Step:
    """The first few, the last few, or all but the first few."""
    k = draw.number(2, 6, note="few ")
    which = draw.pick(("first", "last", "skip"))
    line, say, orders, tail = {
        "first": (
            f"{{x}}[:{k}]",
            f"keep the first {k}",
            (f"take the first {k}", f"keep only the first {k} {{many}}", f"cut the list after {k}"),
            (f"but only the first {k}", f"limited to the first {k}"),
        ),
        "last": (
            f"{{x}}[-{k}:]",
            f"keep the last {k}",
            (f"take the last {k}", f"keep only the last {k} {{many}}"),
            (f"but only the last {k}", f"limited to the last {k}"),
        ),
        "skip": (
            f"{{x}}[{k}:]",
            f"leave out the first {k}",
            (f"skip the first {k}", f"leave out the first {k} {{many}}", f"drop {k} at the start"),
            (f"but not the first {k}", f"leaving out the first {k}"),
        ),
    }[which]
    return Step("part", line, say, orders, tail, f"{which}_{k}")


def as_list(returns: str) -> End:
    return End(
        line="{x}",
        effect="return the list of them",
        orders=("return the list", "return what is left as a list", "give back the resulting list"),
        head=("the list of {many} from", "all {many} in", "a list of the {many} in"),
        returns=returns,
        slug="list",
    )


def as_it_is(returns: str) -> End:
    return End(
        line="{x}",
        effect="return it",
        orders=("return the result", "return what you get", "give that back"),
        head=("what becomes of", "the value of", "the result for"),
        returns=returns,
        slug="result",
    )


def whether(test: Test) -> End:
    return End(
        line=test.of("{it}"),
        effect=f"return whether it {test.phrase.one}",
        orders=_in_all_words(
            test,
            "return whether the result IS",
            "tell whether it IS now",
            "return True if it IS and False if not",
        ),
        head=("whether",),
        returns="bool",
        slug=test.slug,
        tail=_in_all_words(test, ", IS"),
    )


def total() -> End:
    return End(
        line="sum({x})",
        effect="return the sum of them",
        orders=("add them up", "return their sum", "return the total", "sum up what is left"),
        head=("the sum of the {many} in", "the total of all {many} in"),
        returns="int",
        slug="total",
    )


def how_many() -> End:
    return End(
        line="len({x})",
        effect="return how many there are",
        orders=("count them", "return how many there are", "return the number of {many} left"),
        head=("how many {many} there are in", "the number of {many} in", "the count of {many} in"),
        returns="int",
        slug="count",
    )


def length_of_all() -> End:
    return End(
        line="sum([len(w) for w in {x}])",
        effect="return the sum of their lengths",
        orders=(
            "add up their lengths",
            "return the total length",
            "return the sum of their lengths",
        ),
        head=("the total length of the {many} in", "the sum of the lengths of the {many} in"),
        returns="int",
        slug="length",
    )


def one_of_them(draw: Draw, which: str, *, texts: bool = False) -> End:
    """The largest, the smallest, the first or the last one, or a default."""
    if texts:
        value: object = draw.label()
        said = f"«{value}»"
    else:
        value = draw.number(-99, 99, note="or ")
        said = str(value)
    line = {
        "largest": f"max({{x}}, default={value!r})",
        "smallest": f"min({{x}}, default={value!r})",
        "longest": f"max({{x}}, key=len, default={value!r})",
        "first": f"({{x}} or [{value!r}])[0]",
        "last": f"({{x}} or [{value!r}])[-1]",
    }[which]
    return End(
        line=line,
        effect=f"return the {which} of them, or {value!r} if there is none",
        orders=(
            f"return the {which} one, or {said} if there is none",
            f"return the {which} of what is left ({said} if nothing is)",
            f"give back the {which} one; if nothing is left, {said}",
        ),
        head=(f"the {which} of the {{many}} in", f"the {which} one of the {{many}} in"),
        returns="str" if texts else "int",
        slug=which,
        tail=(f", or {said} if there is none", f"; {said} if nothing is left"),
    )


def joined(mark: str, said: tuple[str, ...], *, numbers: bool = False) -> End:
    parts = "[str(n) for n in {x}]" if numbers else "{x}"
    return End(
        line=f"{mark!r}.join({parts})",
        effect=f"return them as one text with {mark!r} between",
        orders=tuple(
            order
            for words in said
            for order in (
                f"join them with {words}",
                f"return them as one text with {words} between them",
                f"put them together, separated by {words}",
            )
        ),
        head=("one text made of the {many} in", "the {many} in"),
        returns="str",
        slug="joined",
        tail=tuple(f", joined with {words}" for words in said),
    )


def any_or_all(draw: Draw, test: Test, v: str = "n") -> End:
    which = draw.pick(("any", "all"))
    some = "at least one of them" if which == "any" else "every one of them"
    other = "any one of them" if which == "any" else "each of them"
    return End(
        line=f"{which}({test.of(v)} for {v} in {{x}})",
        effect=f"return whether {some} {test.phrase.one}",
        orders=_in_all_words(
            test,
            f"return whether {some} IS",
            f"return True if {some} IS, else False",
            f"tell whether {other} IS",
        ),
        head=(f"whether {some} {test.phrase.one}, among the {{many}} in",),
        returns="bool",
        slug=f"{which}_{test.slug}",
    )


def labelled(draw: Draw, test: Test, measure: str) -> End:
    """One of two texts, by how many there are or by their sum."""
    yes, no = draw.labels(2)
    of, name = {"sum": ("sum({x})", "their sum"), "count": ("len({x})", "their number")}[measure]
    return End(
        line=f"{yes!r} if {test.of(of)} else {no!r}",
        effect=f"return {yes!r} if {name} {test.phrase.one}, else {no!r}",
        orders=_in_all_words(
            test,
            f"return «{yes}» if {name} IS, else «{no}»",
            f"answer «{yes}» when {name} IS and «{no}» otherwise",
            f"say «{no}», or «{yes}» if {name} IS",
        ),
        head=(f"«{yes}» if {name} {test.phrase.one}, else «{no}», for the {{many}} in",),
        returns="str",
        slug=f"label_by_{measure}",
    )
