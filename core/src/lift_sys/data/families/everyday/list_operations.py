"""Lists: the plain functions."""

from ..concept import Catalogue, Concept, Param
from ..data_structures.shared import said_of
from ..draw import Draw
from ..making import args, effect, lists, loop, single, texts, whole
from ..pieces import number_test
from .shared import a_list, of_list

CATALOGUE = Catalogue("list_operations", since=3)
_WITHOUT_A_NUMBER = ("even", "odd", "negative", "positive")


@CATALOGUE.add("easy")
def keep_plain(draw: Draw) -> Concept:
    test = draw.fitting(number_test, lambda test: test.slug in _WITHOUT_A_NUMBER)
    p = a_list(draw)
    return of_list(p).concept(
        draw.name(
            f"{test.slug}_numbers", f"filter_{test.slug}", f"keep_{test.slug}", f"get_{test.slug}s"
        ),
        returns="list[int]",
        summary=f"Keep the numbers that {test.phrase.many}",
        body=f"return [n for n in {p.name} if {test.of('n')}]",
        effects=[f"return a new list of the numbers that {test.phrase.many}, in their order"],
        words={"t": test.said},
    )


@CATALOGUE.add("easy")
def sum_plain(draw: Draw) -> Concept:
    p = a_list(draw)
    return of_list(p).concept(
        draw.name("sum_list", "total", "add_up", "sum_of_numbers", "get_sum", "sum_all"),
        returns="int",
        summary="Return the sum of the numbers",
        body=f"return sum({p.name})",
        effects=["return the sum of all numbers, 0 for an empty list"],
    )


@CATALOGUE.add("easy")
def distinct_plain(draw: Draw) -> Concept:
    p = a_list(draw)
    return of_list(p).concept(
        draw.name(
            "unique", "remove_duplicates", "distinct_elements", "dedupe", "without_duplicates"
        ),
        returns="list[int]",
        summary="Keep each element once",
        body=f"return list(dict.fromkeys({p.name}))",
        effects=["return the elements in order, each only at its first place"],
    )


@CATALOGUE.add("easy")
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
        words={"d": said_of(default)},
        constraints=(loop("all", "every number counts"),),
    )


@CATALOGUE.add("easy")
def common_plain(draw: Draw) -> Concept:
    a, b = draw.dice.choice((("a", "b"), ("first", "second"), ("left", "right"), ("xs", "ys")))
    both = f"[n for n in {a} if n in {b}]"
    return Concept(
        name=draw.name("common_elements", "in_both", "intersection", "shared", "common_items"),
        params=(
            Param(a, "list[int]", "list of integers", "first list"),
            Param(b, "list[int]", "second list of integers", "second list"),
        ),
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


@CATALOGUE.add("easy")
def lengths_plain(draw: Draw) -> Concept:
    name = draw.name("words", "strings", "names", "texts", "items")
    p = Param(name, "list[str]", "list of strings", "list")
    made = f"[len(w) for w in {name}]"
    return Concept(
        name=draw.name("word_lengths", "lengths", "get_lengths", "string_lengths", "sizes"),
        params=(p,),
        returns="list[int]",
        summary="List the length of each string",
        body=f"return {made}",
        effects=(effect("return a list with the length of each string, in their order"),),
        laws=(f"result == {made}",),
        ask=single((["a", "to"], [])),
        edges=single(([], [""], ["a"], ["word", "to", ""], ["x", "x"], ["Long one", "b"])),
        ordinary=args(lists(texts(("stone", "oil", "a b")))),
        constraints=(loop("all", "every string counts"),),
    )
