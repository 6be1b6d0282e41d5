"""Labels by what was counted, by how long something is, by two conditions at once."""

from ..concept import Catalogue, Concept, Param
from ..control_flow.shared import a_number, by_branches, with_words
from ..draw import Draw
from ..making import args, around, lists, single, texts
from ..pieces import number_test, numbers_near

CATALOGUE = Catalogue("control_flow", since=2)


@CATALOGUE.add("medium")
def label_by_count(draw: Draw) -> Concept:
    test = number_test(draw)
    k = draw.number(2, 5, note="count>=")
    yes, no = draw.labels(2)
    p = Param(draw.name("numbers", "values", "readings", "xs"), "list[int]", "list of integers")
    found = f"sum(1 for n in {p.name} if {test.of('n')})"
    runs = [[edge] * count for edge in test.edges[:4] for count in (k - 1, k, k + 1)]
    concept = by_branches(
        draw.name("label_by_count", f"enough_{test.slug}", "check_numbers", "list_label"),
        (p,),
        f"Say {yes!r} if at least {k} numbers {test.phrase.many}, else {no!r}",
        [(f"{found} >= {k}", yes), (None, no)],
        [f"at least {k} of its numbers {test.phrase.many}"],
        single((*runs, [], [*test.edges])),
        ask=single((runs[1], runs[4], [])),
        ordinary=args(lists(around(test.edges), most=2 * k + 2)),
    )
    return with_words(concept, {"t": test.said, "k": str(k), "below": str(k - 1)})


@CATALOGUE.add("medium")
def label_by_length(draw: Draw) -> Concept:
    k = draw.number(3, 12, note="len<")
    empty, short, long = draw.labels(3)
    is_text = draw.pick((True, False))
    p = (
        Param(draw.name("text", "s", "comment"), "str", draw.name("string", "text"), "text")
        if is_text
        else Param(draw.name("items", "queue", "xs"), "list[int]", "list of integers", "list")
    )
    what = "characters" if is_text else "elements"
    sizes = (0, 1, k - 1, k, k + 1, 2 * k)
    letters = "moraluvegiptokasendibefulogrynat"
    edges = single([letters[:size] if is_text else [*range(size)] for size in sizes])
    ordinary = (
        args(texts([letters[:size] for size in sizes]))
        if is_text
        else args(lists(around((k,)), most=2 * k))
    )
    concept = by_branches(
        draw.name("size_label", f"label_{p.name}", f"{p.name}_size", "how_full"),
        (p,),
        f"Say {empty!r}, {short!r} or {long!r} by the number of {what}",
        [(f"len({p.name}) == 0", empty), (f"len({p.name}) < {k}", short), (None, long)],
        ["it is empty", f"it has fewer than {k} {what}"],
        edges,
        ask=(edges[0], edges[2], edges[3]),
        ordinary=ordinary,
    )
    return with_words(concept, {"k": str(k), "what": what})


@CATALOGUE.add("hard")
def label_two_numbers(draw: Draw) -> Concept:
    first, second = number_test(draw), number_test(draw)
    both, one, none = draw.labels(3)
    p = a_number(draw)
    q = Param(draw.name("other", "second", "limit"), "int", "second number", "second")
    a, b = first.of(p.name), second.of(q.name)
    tried = [(x, y) for x in numbers_near(first.edges)[:4] for y in numbers_near(second.edges)[:4]]
    concept = by_branches(
        draw.name("label_pair", "check_both", "judge_two", "pair_label"),
        (p, q),
        f"Say {both!r} if both conditions hold, {one!r} if one does, else {none!r}",
        [(f"({a}) and ({b})", both), (f"({a}) or ({b})", one), (None, none)],
        [
            f"the first {first.phrase.one} and the second {second.phrase.one}",
            "only one of these two is so",
        ],
        tuple(tried),
        ask=(tried[0], tried[-1], tried[5]),
        ordinary=args(around(first.edges), around(second.edges)),
    )
    return with_words(concept, {"t": first.said, "u": second.said})
