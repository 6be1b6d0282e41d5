"""Dicts and pairs: some entries changed, names of some pairs."""

import random

from ..concept import Args, Catalogue, Concept, Param
from ..data_structures.shared import KEYS, a_dict
from ..draw import Draw
from ..making import around, effect, loop
from ..pieces import number_change, number_test, numbers_near

CATALOGUE = Catalogue("data_structures", since=2)


@CATALOGUE.add("medium")
def change_values(draw: Draw) -> Concept:
    test, change, p = number_test(draw), number_change(draw), a_dict(draw)
    others = draw.pick(("keep", "drop"))
    d, near = p.name, [*numbers_near(test.edges)]
    drops = others == "drop"
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
    number = around(test.edges)

    def ordinary(dice: random.Random) -> Args:
        return ({key: number(dice) for key in dice.sample(KEYS, dice.randint(1, 5))},)

    return Concept(
        name=draw.name("change_values", f"values_{change.slug}", "update_entries", "new_values"),
        params=(p,),
        returns="dict[str, int]",
        summary=f"Values that {test.phrase.many} come {change.said[0]}; {rest[0]}",
        body=body,
        effects=(
            effect(
                f"return a new dict with each value that {test.phrase.one} {change.said[0]}; "
                f"{rest[0]}"
            ),
        ),
        laws=(f"result == {body.removeprefix('return ')}",),
        ask=((dict(zip("abc", near, strict=False)),), ({},)),
        edges=(
            ({},),
            *(({"a": edge},) for edge in test.edges[:4]),
            (dict(zip("abcdefghij", near, strict=False)),),
        ),
        ordinary=ordinary,
        words={"t": test.said, "c": change.said, "rest": rest},
        constraints=(loop("all", "every entry is looked at"),),
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
    number = around(test.edges)

    def ordinary(dice: random.Random) -> Args:
        return ([(dice.choice(KEYS), number(dice)) for _ in range(dice.randint(0, 6))],)

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
        ask=((near[:3],), ([],)),
        edges=(([],), (near,), *(([each],) for each in near[:4]), ([near[0], near[0]],)),
        ordinary=ordinary,
        words={"t": test.said},
        constraints=(loop("all", "every pair is looked at"),),
    )
