"""Dicts and pairs: some entries changed, names of some pairs."""

from ..concept import Catalogue, Concept, Param
from ..data_structures.shared import KEYS, a_dict
from ..draw import Draw
from ..making import args, around, effect, lists, loop, single
from ..pieces import number_change, number_test, numbers_near
from .shared import matching_values

CATALOGUE = Catalogue("data_structures", since=2)


@CATALOGUE.add("medium")
def change_values(draw: Draw) -> Concept:
    test, change, p = number_test(draw), number_change(draw), a_dict(draw)
    drops = draw.pick((False, True))
    d = p.name
    body = (
        f"return {{k: {change.of('v')} for k, v in {d}.items() if {test.of('v')}}}"
        if drops
        else f"return {{k: {change.of('v')} if {test.of('v')} else v for k, v in {d}.items()}}"
    )
    rest = (
        ("other entries are left out", "the rest is dropped")
        if drops
        else ("other entries stay as they are", "the rest is kept unchanged")
    )
    return matching_values(p, test).concept(
        draw.name("change_values", f"values_{change.slug}", "update_entries", "new_values"),
        returns="dict[str, int]",
        summary=f"Values that {test.phrase.many} come {change.said[0]}; {rest[0]}",
        body=body,
        effects=[
            (
                f"return a new dict with each value that {test.phrase.one} {change.said[0]}; "
                f"{rest[0]}"
            ),
        ],
        words={"c": change.said, "rest": rest},
    )


@CATALOGUE.add("easy")
def names_of_pairs(draw: Draw) -> Concept:
    test = number_test(draw)
    p = Param(
        draw.name("pairs", "orders", "entries", "results"),
        "list[tuple[str, int]]",
        "list of (name, amount) pairs",
        "list",
    )
    made = f"[name for name, amount in {p.name} if {test.of('amount')}]"
    near = [*zip(("kim", "lee", "zoe", "a", "b", "c"), numbers_near(test.edges), strict=False)]
    amount = around(test.edges)
    return Concept(
        name=draw.name("names_of_pairs", f"names_{test.slug}", "who_qualifies", "pick_names"),
        params=(p,),
        returns="list[str]",
        summary=f"The names whose amounts {test.phrase.many}",
        body=f"return {made}",
        effects=(
            effect(f"return the names of the pairs whose amount {test.phrase.one}, in their order"),
        ),
        laws=(f"result == {made}",),
        ask=single((near[:3], [])),
        edges=single(([], near, *([each] for each in near[:4]), [near[0], near[0]])),
        ordinary=args(lists(lambda dice: (dice.choice(KEYS), amount(dice)), most=6)),
        words={"t": test.said},
        constraints=(loop("all", "every pair is looked at"),),
    )
