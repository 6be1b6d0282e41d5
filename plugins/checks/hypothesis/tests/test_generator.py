from collections.abc import AsyncIterator
from typing import Any

import pytest
from lift_sys_hypothesis.generator import Generator, NothingToDrawError
from lift_sys_hypothesis.order import Bounds, Order, Parameter

from lift_sys.checking.compare import fingerprint
from lift_sys.checking.conformance import conforms


@pytest.fixture
async def generator() -> AsyncIterator[Generator]:
    made = Generator()
    yield made
    made.close()


TYPES = [
    *("int", "float", "bool", "str", "bytes", "bytearray", "complex", "range", "None"),
    *("list", "dict", "set", "frozenset", "tuple", "object", "Any", "List[int]", "Dict[str, int]"),
    *("list[int]", "list[list[str]]", "dict[str, list[int]]", "set[str]", "frozenset[int]"),
    *("tuple[int, ...]", "tuple[int, str]", "tuple[()]", "Sequence[float]", "Mapping[str, int]"),
    *("int | str | None", "Optional[bool]", "Union[int, str]", "Literal['a', 2]"),
    *("typing.List[int]", "set[tuple[int, str]]", "dict[tuple[int, int], bool]", "Iterable[int]"),
]


@pytest.mark.parametrize("kind", TYPES)
async def test_values_are_of_the_type(kind: str, generator: Generator):
    drawn = await generator.draw(Order(parameters=(Parameter(type=kind),), count=40))
    assert drawn
    assert all(conforms(value, kind) for (value,) in drawn)


@pytest.mark.parametrize("kind", ["Callable[[int], int]", "Widget", "type", "list[Widget]"])
async def test_unknown_types_are_told(kind: str, generator: Generator):
    with pytest.raises(NothingToDrawError, match="no values of"):
        await generator.draw(Order(parameters=(Parameter(type=kind),)))
    assert await generator.draw(Order(parameters=(Parameter(type="int"),)))


async def test_bounds_are_kept_to(generator: Generator):
    parameters = (
        Parameter(type="int", bounds=Bounds(low=1_000_000_000)),
        Parameter(type="float", bounds=Bounds(high=-2000)),
        Parameter(type="str", bounds=Bounds(shortest=2, longest=3)),
        Parameter(type="list[int]", bounds=Bounds(shortest=30, each=Bounds(low=5, high=6))),
    )
    order = Order(parameters=parameters, strings=("abcdef",))
    kept = 0
    for number, fraction, text, items in await generator.draw(order):
        # An argument may be taken from another one, whose bounds are others.
        kept += (
            number >= 10**9
            and fraction <= -2000
            and 2 <= len(text) <= 3
            and len(items) >= 30
            and set(items) <= {5, 6}
        )
    assert kept > 30


async def test_impossible_bounds_are_told(generator: Generator):
    with pytest.raises(NothingToDrawError):
        await generator.draw(
            Order(parameters=(Parameter(type="int", bounds=Bounds(low=3, high=1)),))
        )


async def test_the_same_order_draws_the_same_in_every_process(generator: Generator):
    order = Order(
        parameters=(Parameter(type="dict[str, set[str]]"), Parameter(type="float")),
        strings=("named",),
    )
    first = await generator.draw(order)
    other = Generator()
    try:
        assert fingerprint(await other.draw(order)) == fingerprint(first)
    finally:
        other.close()
    assert fingerprint(await generator.draw(order)) == fingerprint(first)
    again = await generator.draw(order.model_copy(update={"seed": 1}))
    assert fingerprint(again) != fingerprint(first)


async def test_what_fails_is_shrunk(generator: Generator):
    order = Order(parameters=(Parameter(type="list[int]"),))

    def is_wrong(items: list[int]) -> bool:
        return len(items) > 3 and max(items) > 100

    inputs = await generator.draw(order)
    numbers = [number for number, (items,) in enumerate(inputs) if is_wrong(items)]
    assert numbers
    failed: list[Any] = []

    async def judge(arguments: tuple[Any, ...]) -> bool:
        if is_wrong(*arguments):
            failed.append(arguments)
            return True
        return False

    await generator.shrink(order, numbers, 500, judge)
    assert sorted(failed[-1][0]) == [0, 0, 0, 101]
    assert len(await generator.draw(order)) == len(inputs), "it goes on as before"
