"""Two lists side by side: counted where they differ so much, combined."""

from ..concept import Args, Catalogue, Concept, Param
from ..draw import Draw
from ..making import args, effect, lists, loop, whole

CATALOGUE = Catalogue("list_operations", since=3)


def _two(draw: Draw) -> tuple[Param, Param]:
    one, two = draw.dice.choice(
        (("first", "second"), ("left", "right"), ("a", "b"), ("ours", "theirs"), ("old", "new"))
    )
    return (
        Param(one, "list[int]", "first list of integers", "first list"),
        Param(two, "list[int]", "second list of integers", "second list"),
    )


def _edges(k: int) -> tuple[Args, ...]:
    return (
        ([], []),
        ([1], []),
        ([k, k + 1, k + 2], [0, 0, 0]),
        ([0, 0, 0], [k, k + 1, k + 2]),
        ([5, -k, 2 * k], [5, 1, -1, 9]),
        ([-k - 1, 3], [0]),
    )


_REST = (
    "Where one list is longer, its further numbers don't count",
    "Stop at the end of the shorter list",
    "Numbers without a partner in the other list are ignored",
)


@CATALOGUE.add("medium")
def count_of_differing(draw: Draw) -> Concept:
    """Pairs of two lists, a condition on each, and how many fit."""
    k, kind = draw.number(2, 40, note="apart "), draw.pick(("ahead", "apart"))
    p, q = _two(draw)
    condition = f"a - b > {k}" if kind == "ahead" else f"abs(a - b) > {k}"
    said = (
        (
            f"the number of the first list is more than {k} greater than that of the second",
            f"the first list's number is over {k} higher than the second list's",
        )
        if kind == "ahead"
        else (
            f"the two numbers are more than {k} apart",
            f"the two numbers differ by more than {k}",
        )
    )
    pairs = f"zip({p.name}, {q.name})"
    return Concept(
        name=draw.name("count_differing", f"count_{kind}", "big_differences", "compare_lists"),
        params=(p, q),
        returns="int",
        summary=f"Count at how many positions {said[0]}",
        body=f"return sum(1 for a, b in {pairs} if {condition})",
        effects=(effect(f"return at how many positions of both lists {said[0]}"),),
        laws=(f"result == len([a for a, b in {pairs} if {condition}])",),
        ask=(([k + 1, k, 3], [0, 0, 3]), ([0, 0], [k + 1, k]), ([], [])),
        edges=_edges(k),
        ordinary=args(lists(whole(-k, k + 9), most=6), lists(whole(-k, k + 9), most=6)),
        words={"said": said, "rest": _REST},
        constraints=(loop("all", "every pair is looked at"),),
    )


@CATALOGUE.add("medium")
def combined_lists(draw: Draw) -> Concept:
    """Pairs of two lists, and what becomes of each."""
    k, kind = draw.number(2, 40, note="k "), draw.pick(("weighted", "sum", "gap", "product"))
    p, q = _two(draw)
    value, said = {
        "weighted": (
            f"a * {k} + b",
            (
                f"{k} times the first list's number plus the second list's",
                f"the number of the first list multiplied by {k}, plus that of the second",
            ),
        ),
        "sum": (
            f"a + b - {k}",
            (f"the two numbers added, minus {k}", f"the sum of both numbers less {k}"),
        ),
        "gap": (
            f"(a - b) * {k}",
            (
                f"the first list's number minus the second list's, times {k}",
                f"{k} times the difference, that is, first minus second",
            ),
        ),
        "product": (
            f"a * b + {k}",
            (f"the product of both numbers plus {k}", f"both numbers multiplied, and {k} added"),
        ),
    }[kind]
    made = f"[{value} for a, b in zip({p.name}, {q.name})]"
    return Concept(
        name=draw.name("combine", f"{kind}_of_lists", "side_by_side", "pairwise"),
        params=(p, q),
        returns="list[int]",
        summary=f"For each position of both lists, {said[0]}",
        body=f"return {made}",
        effects=(
            effect(f"return a list with one number for each position of both lists: {said[0]}"),
        ),
        laws=(f"result == {made}",),
        ask=(([1, 4, 2], [3, 0, 5]), ([], [])),
        edges=_edges(k),
        ordinary=args(lists(whole(-20, 40), most=6), lists(whole(-20, 40), most=6)),
        words={"said": said, "rest": _REST},
        constraints=(loop("all", "every pair is used"),),
    )
