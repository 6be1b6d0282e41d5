"""Lists: filters, maps, folds, searches."""

from .concept import Catalogue, Concept, Param
from .draw import Draw
from .making import args, around, effect, lines, lists, loop, of, whole
from .pieces import Test, number_change, number_test, numbers_near

CATALOGUE = Catalogue("list_operations")
_DEFAULTS = (-1, None, 0)


def _numbers(draw: Draw) -> Param:
    name = draw.name("numbers", "values", "nums", "items", "data", "xs")
    return Param(name, "list[int]", "list of integers", "list")


def _edge_lists(test: Test) -> tuple[tuple[list[int]], ...]:
    edges = list(numbers_near(test.edges))
    return (([],), (edges,), (edges[::-1],), *(([edge],) for edge in test.edges[:4]), ([0, 0],))


def _near(test: Test) -> list[int]:
    return [*test.edges[:3], 5]


@CATALOGUE.add("easy")
def filter_numbers(draw: Draw) -> Concept:
    test, p = number_test(draw), _numbers(draw)
    n, xs = "n", p.name
    return Concept(
        name=draw.name(
            f"filter_{test.slug}", f"keep_{test.slug}", f"only_{test.slug}", "filter_numbers"
        ),
        params=(p,),
        returns="list[int]",
        summary=f"Keep the numbers that {test.phrase.many}",
        body=f"return [{n} for {n} in {xs} if {test.of(n)}]",
        effects=(
            effect(
                f"return a new list of the numbers that {test.phrase.many}, in their order",
                hint=f"list comprehension with the condition {test.of(n)}",
            ),
        ),
        laws=(f"result == [{n} for {n} in {xs} if {test.of(n)}]",),
        ask=((_near(test),), ([],)),
        edges=_edge_lists(test),
        ordinary=args(lists(around(test.edges))),
        words={"t": test.said},
        constraints=(loop("all", "every number is looked at"),),
    )


@CATALOGUE.add("easy")
def count_numbers(draw: Draw) -> Concept:
    test, p = number_test(draw), _numbers(draw)
    n, xs = "n", p.name
    return Concept(
        name=draw.name(
            f"count_{test.slug}",
            f"how_many_{test.slug}",
            "count_matching",
            f"number_of_{test.slug}",
        ),
        params=(p,),
        returns="int",
        summary=f"Count the numbers that {test.phrase.many}",
        body=f"return sum(1 for {n} in {xs} if {test.of(n)})",
        effects=(effect(f"return how many numbers {test.phrase.many}"),),
        laws=(f"result == len([{n} for {n} in {xs} if {test.of(n)}])",),
        ask=((_near(test),), ([],)),
        edges=_edge_lists(test),
        ordinary=args(lists(around(test.edges))),
        words={"t": test.said},
        constraints=(loop("all", "every number is looked at"),),
    )


@CATALOGUE.add("easy")
def change_each(draw: Draw) -> Concept:
    change, p = number_change(draw), _numbers(draw)
    n, xs = "n", p.name
    return Concept(
        name=draw.name(
            f"{change.slug}_each", f"all_{change.slug}", "transform_numbers", "map_numbers"
        ),
        params=(p,),
        returns="list[int]",
        summary=f"Return every number {change.said[0]}",
        body=f"return [{change.of(n)} for {n} in {xs}]",
        effects=(
            effect(f"return a new list with every number {change.said[0]}, in the same order"),
        ),
        laws=(f"result == [{change.of(n)} for {n} in {xs}]",),
        ask=(([1, 4, -3],), ([],)),
        edges=(([],), ([0],), ([-1, 1],), ([7, 7, 100],), ([-50, 3, 20, 19],)),
        ordinary=args(lists(whole(-60, 60))),
        words={"c": change.said},
        constraints=(loop("all", "every number is changed"),),
    )


@CATALOGUE.add("easy", held_out=True)
def raised_to_floor(draw: Draw) -> Concept:
    low = draw.number(-5, 40, note="floor")
    p, limit = _numbers(draw), low
    xs, n = p.name, "n"
    return Concept(
        name=draw.name("raise_to_floor", "lift_low_values", "floor_values"),
        params=(p,),
        returns="list[int]",
        summary=f"Replace every number below {limit} by {limit}",
        body=f"return [max({n}, {limit}) for {n} in {xs}]",
        effects=(effect(f"return a new list in which numbers below {limit} have become {limit}"),),
        laws=(f"result == [{limit} if {n} < {limit} else {n} for {n} in {xs}]",),
        ask=(([limit - 3, limit, limit + 2],), ([],)),
        edges=(([],), ([limit],), ([limit - 1, limit + 1],), ([-100, 100],)),
        ordinary=args(lists(around((limit,)))),
        words={"k": str(limit)},
    )


@CATALOGUE.add("medium")
def average(draw: Draw) -> Concept:
    default = draw.pick((0.0, 0.0, -1.0, None))
    value = draw.number(1, 99) + 0.5 if default == -1.0 and draw.dice.random() < 0.7 else default
    name = draw.name("numbers", "values", "scores", "prices", "readings")
    p = Param(name, "list[float]", "list of numbers", "list")
    optional = value is None
    return Concept(
        name=draw.name(
            "average", "mean_of", "calculate_average", "average_or_default", "list_mean"
        ),
        params=(p,),
        returns="float | None" if optional else "float",
        summary=f"Average the numbers, {value} for an empty list",
        body=f"if not {name}:\n    return {value}\nreturn sum({name}) / len({name})",
        effects=(
            effect(f"return {value}", f"not {name}", returns=(value,)),
            effect("return the sum divided by how many there are", f"len({name}) > 0"),
        ),
        laws=(f"result == (sum({name}) / len({name}) if {name} else {value})",),
        ask=(([],), ([2.0, 4.0],), ([1.5],)),
        edges=(([],), ([0.0],), ([-1.0, 1.0],), ([3.0],), ([1.0, 2.0],), ([0.5, 0.5, 2.0],)),
        ordinary=args(lists(lambda dice: dice.randint(-40, 80) / 2, least=1)),
        words={"d": (str(value), f"`{value}`")},
    )


@CATALOGUE.add("medium")
def find_index(draw: Draw) -> Concept:
    last = draw.pick((False, True))
    default = draw.pick(_DEFAULTS[:2])
    if draw.pick((True, True, False)):
        default = -draw.number(2, 9) if default == -1 else default
    p = _numbers(draw)
    target = Param(draw.name("target", "value", "wanted", "x"), "int", "value", "value")
    which = "last" if last else "first"
    xs, t = p.name, target.name
    sequence = f"range(len({xs}) - 1, -1, -1)" if last else f"range(len({xs}))"
    head = f"for i in {sequence}:\n    if {xs}[i] == {t}:\n        return i"
    if not last:
        head = f"for i, item in enumerate({xs}):\n    if item == {t}:\n        return i"
    places = f"[i for i, item in enumerate({xs}) if item == {t}]"
    return Concept(
        name=draw.name(f"find_{which}_index", f"index_of_{which}", "find_value_index", "locate"),
        params=(p, target),
        returns="int" if default is not None else "int | None",
        summary=f"Find the index of the {which} occurrence of a value, or {default}",
        body=f"{head}\nreturn {default}",
        effects=(
            effect(f"return the index of the {which} item equal to {t}", f"{t} in {xs}"),
            effect(f"return {default}", f"{t} not in {xs}", returns=(default,)),
        ),
        laws=(
            f"(result == {default}) == ({t} not in {xs})"
            if default is not None
            else f"(result is None) == ({t} not in {xs})",
            f"{t} not in {xs} or result == {'max' if last else 'min'}({places})",
        ),
        ask=(([4, 7, 4], 4), ([4, 7], 9), ([], 1)),
        edges=(
            ([], 0),
            ([1], 1),
            ([1], 0),
            ([5, 5, 5], 5),
            ([0, 1, 0], 0),
            ([1, 2, 3], 3),
            ([3, 1, 3, 2], 3),
        ),
        ordinary=args(lists(whole(0, 6)), whole(0, 6)),
        words={"which": which, "d": (str(default), f"`{default}`")},
        constraints=(loop(which, f"the {which} match counts"),),
    )


@CATALOGUE.add("medium")
def change_matching(draw: Draw) -> Concept:
    test, change, p = number_test(draw), number_change(draw), _numbers(draw)
    n, xs = "n", p.name
    law = f"[{change.of(n)} for {n} in {xs} if {test.of(n)}]"
    return Concept(
        name=draw.name(
            f"{change.slug}_of_{test.slug}",
            f"select_{test.slug}_{change.slug}",
            "filter_and_transform",
        ),
        params=(p,),
        returns="list[int]",
        summary=f"Keep the numbers that {test.phrase.many}, each {change.said[0]}",
        body=f"return {law}",
        effects=(
            effect(
                f"leave out the numbers of which it is not true that they {test.phrase.many}",
                order="before the change",
            ),
            effect(f"return the others in their order, each {change.said[0]}"),
        ),
        laws=(f"result == {law}",),
        ask=((_near(test),), ([],)),
        edges=_edge_lists(test),
        ordinary=args(lists(around(test.edges))),
        words={"t": test.said, "c": change.said},
        constraints=(loop("all", "every number is looked at"),),
    )


@CATALOGUE.add("medium")
def first_match(draw: Draw) -> Concept:
    test, p = number_test(draw), _numbers(draw)
    last = draw.pick((False, False, True))
    default = draw.pick(_DEFAULTS)
    which = "last" if last else "first"
    n, xs = "n", p.name
    matches = f"[{n} for {n} in {xs} if {test.of(n)}]"
    return Concept(
        name=draw.name(f"{which}_{test.slug}", f"find_{which}_{test.slug}", f"{which}_match"),
        params=(p,),
        returns="int" if default is not None else "int | None",
        summary=f"Find the {which} number that {test.phrase.one}, or {default}",
        body=f"for {n} in {f'reversed({xs})' if last else xs}:\n    if {test.of(n)}:\n        return {n}\nreturn {default}",
        effects=(
            effect(
                f"return the {which} number that {test.phrase.one}",
                f"any({test.of(n)} for {n} in {xs})",
            ),
            effect(
                f"return {default}", f"not any({test.of(n)} for {n} in {xs})", returns=(default,)
            ),
        ),
        laws=(f"result == ({matches} or [{default}])[{-1 if last else 0}]",),
        ask=((_near(test),), ([],)),
        edges=_edge_lists(test),
        ordinary=args(lists(around(test.edges))),
        words={"t": test.said, "which": which, "d": (str(default), f"`{default}`")},
        constraints=(loop(which, f"the {which} match counts"),),
    )


@CATALOGUE.add("medium", held_out=True)
def neighbour_pairs(draw: Draw) -> Concept:
    k, p = draw.number(1, 30), _numbers(draw)
    xs = p.name
    law = f"sum(1 for a, b in zip({xs}, {xs}[1:]) if b - a >= {k})"
    return Concept(
        name=draw.name("count_jumps", "number_of_jumps", "big_steps_up"),
        params=(p,),
        returns="int",
        summary=f"Count the steps from one number to the next that go up by at least {k}",
        body=f"return {law}",
        effects=(
            effect(
                f"return at how many places a number is at least {k} more than the one right before it"
            ),
        ),
        laws=(f"result == len([i for i in range(1, len({xs})) if {xs}[i] - {xs}[i - 1] >= {k}])",),
        ask=(([1, 1 + k, 2],), ([5],), ([],)),
        edges=(
            ([],),
            ([3],),
            ([0, k],),
            ([0, k - 1],),
            ([k, 0],),
            ([0, k + 1, 2 * k + 1, 0],),
            ([-k, 0, k],),
        ),
        ordinary=args(lists(whole(-k, 2 * k + 5))),
        words={"k": str(k)},
    )


@CATALOGUE.add("hard")
def longest_run(draw: Draw) -> Concept:
    test, p = number_test(draw), _numbers(draw)
    xs = p.name
    return Concept(
        name=draw.name(
            f"longest_run_{test.slug}", "longest_streak", f"max_streak_{test.slug}", "longest_run"
        ),
        params=(p,),
        returns="int",
        summary=f"Find the length of the longest run of numbers that {test.phrase.many}",
        body=(
            lines(
                "longest = 0",
                "current = 0",
                f"for n in {xs}:",
                f"    if {test.of('n')}:",
                "        current += 1",
                "        longest = max(longest, current)",
                "    else:",
                "        current = 0",
                "return longest",
            )
        ),
        effects=(
            effect("return 0", f"not any({test.of('n')} for n in {xs})", returns=(0,)),
            effect(
                f"count how many numbers in a row {test.phrase.many}; any other number starts the count again at 0"
            ),
            effect("return the highest count", order="after the whole list was seen"),
        ),
        laws=(
            f"result == max([j - i for i in range(len({xs})) for j in range(i + 1, len({xs}) + 1) if all({test.of('n')} for n in {xs}[i:j])], default=0)",
        ),
        ask=(([],), ([*_near(test), *_near(test)],)),
        edges=_edge_lists(test),
        ordinary=args(lists(around(test.edges), most=10)),
        words={"t": test.said},
        constraints=(loop("all", "the whole list is looked at"),),
    )


@CATALOGUE.add("hard")
def balance(draw: Draw) -> Concept:
    test, p = number_test(draw), _numbers(draw)
    xs = p.name
    return Concept(
        name=draw.name(
            f"balance_{test.slug}", "signed_total", "sum_difference", f"{test.slug}_minus_rest"
        ),
        params=(p,),
        returns="int",
        summary=f"Add the numbers that {test.phrase.many} and subtract all others",
        body=(
            f"total = 0\nfor n in {xs}:\n    if {test.of('n')}:\n        total += n\n    else:\n        total -= n\nreturn total"
        ),
        effects=(
            effect(f"add every number that {test.phrase.one} to a total that starts at 0"),
            effect("subtract every other number from it"),
            effect("return the total"),
        ),
        laws=(
            f"result == sum(n for n in {xs} if {test.of('n')}) - sum(n for n in {xs} if not ({test.of('n')}))",
        ),
        ask=((_near(test),), ([],)),
        edges=_edge_lists(test),
        ordinary=args(lists(around(test.edges))),
        words={"t": test.said},
        constraints=(loop("all", "every number counts"),),
    )


@CATALOGUE.add("hard")
def chunks(draw: Draw) -> Concept:
    k, p = draw.number(2, 9), _numbers(draw)
    keep = draw.pick((True, False))
    fold = draw.pick(("list", "sum", "max"))
    xs = p.name
    piece = {"list": "{}", "sum": "sum({})", "max": "max({})"}[fold].format(f"{xs}[i:i + {k}]")
    end = f"len({xs})" if keep else f"len({xs}) - {k - 1}"
    what = {
        "list": ("the groups themselves", "each group as a list"),
        "sum": ("the sum of each group", "each group's total"),
        "max": ("the largest number of each group", "each group's maximum"),
    }[fold]
    rest = "a shorter last group is kept" if keep else "a last group that is not full is left out"
    rests = (
        ("a shorter last group counts too", "the last group may be shorter")
        if keep
        else (
            "leave out a last group that is not full",
            "drop numbers at the end that do not fill a group",
        )
    )
    return Concept(
        name=draw.name("chunk_list", f"groups_of_{k}", f"chunks_{fold}", "in_groups"),
        params=(p,),
        returns="list[list[int]]" if fold == "list" else "list[int]",
        summary=f"Cut the list into groups of {k} and return {what[0]}; {rest}",
        body=f"return [{piece} for i in range(0, {end}, {k})]",
        effects=(
            effect(f"cut the list from its start into consecutive groups of {k}; {rest}"),
            effect(f"return {what[0]}, in order"),
        ),
        laws=(
            f"len(result) == {f'(len({xs}) + {k - 1}) // {k}' if keep else f'len({xs}) // {k}'}",
            f"all(result[i] == {piece.replace(f'{xs}[i:i + {k}]', f'{xs}[{k} * i:{k} * i + {k}]')} for i in range(len(result)))",
        ),
        ask=((list(range(1, k + 2)),), ([],)),
        edges=(
            ([],),
            ([1],),
            (list(range(k)),),
            (list(range(k, -1, -1)),),
            (list(range(2 * k)),),
            (list(range(3 * k - 1)),),
        ),
        ordinary=args(lists(whole(-20, 40), most=3 * k + 1)),
        words={"k": str(k), "what": what, "rest": rests},
    )


@CATALOGUE.add("hard", held_out=True)
def hills(draw: Draw) -> Concept:
    up = draw.pick((True, False))
    k, p = draw.number(1, 25), _numbers(draw)
    xs = p.name
    sign, kind, cmp = (">=", "peak", "higher") if up else ("<=", "dip", "lower")
    a = f"{xs}[i] - {xs}[i - 1] {sign} {k if up else -k}"
    b = f"{xs}[i] - {xs}[i + 1] {sign} {k if up else -k}"
    return Concept(
        name=draw.name(f"{kind}_positions", f"find_{kind}s", f"{kind}_indexes"),
        params=(p,),
        returns="list[int]",
        summary=f"Find the indexes of numbers at least {k} {cmp} than both neighbours",
        body=lines(
            "found = []",
            f"for i in range(1, len({xs}) - 1):",
            f"    if {a} and {b}:",
            "        found.append(i)",
            "return found",
        ),
        effects=(
            effect(
                f"return, in order, the indexes of the numbers that are at least {k} {cmp} than the number before and the number after"
            ),
            effect("the first and the last number have only one neighbour and never count"),
        ),
        laws=(f"result == [i for i in range(len({xs})) if 0 < i < len({xs}) - 1 and {a} and {b}]",),
        ask=(([0, k if up else -k, 0],), ([],), ([1, 2],)),
        edges=(
            ([],),
            ([1],),
            ([1, 9],),
            ([0, k, 0],),
            ([0, -k, 0],),
            ([0, k - 1, 0],),
            ([0, 1 - k, 0],),
            ([0, k, 0, k + 1, 1],),
            ([9, 9, 9],),
            ([0, -k, 1, -k, 0],),
            ([k, 0, 0, k],),
        ),
        ordinary=args(lists(of(0, k, -k, 2 * k, 1, k + 1, -1), most=8)),
        words={"k": str(k), "cmp": cmp, "kind": kind},
    )
