"""What the everyday families share: any list of integers."""

from ..concept import Param
from ..draw import Draw
from ..given import Given, a_list_of_ints
from ..making import args, lists, loop, single, whole

_LISTS: tuple[list[int], ...] = (
    [],
    [0],
    [5],
    [3, 1, 2],
    [-4, 7, 7, 0],
    [2, 2, 1],
    [-3, -9, -4],
    [10, 20, 30, 40],
)


def a_list(draw: Draw) -> Param:
    return a_list_of_ints(draw, "numbers", "values", "items", "nums", "data", "xs", "lst")


def of_list(p: Param, *, least: int = 0) -> Given:
    return Given(
        params=(p,),
        ask=single(_LISTS[least : least + 2]),
        edges=single(_LISTS[least:]),
        ordinary=args(lists(whole(-30, 60), least=least)),
        constraints=(loop("all", "every element is looked at"),),
        needs=(f"len({p.name}) > 0",) if least else (),
    )
