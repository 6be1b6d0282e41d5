"""Structured concurrency in one call."""

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any, TypeVar, cast

from ..errors import BudgetExhausted

T = TypeVar("T")


async def all_of(work: Sequence[Coroutine[Any, Any, T]]) -> list[T]:
    """All results in order. The first failure ends the others and is raised as it is.

    Only the end of a budget waits for the others: what they have under way is paid for.
    """
    results: list[T] = []
    for result in await all_that_is_paid(work):
        if isinstance(result, BudgetExhausted):
            raise result
        results.append(result)
    return results


async def all_that_is_paid(work: Sequence[Coroutine[Any, Any, T]]) -> list[T | BudgetExhausted]:
    """The same, with a refusal in place of what no budget covered."""
    if len(work) == 1:
        return [await _or_refusal(work[0])]
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(_or_refusal(one)) for one in work]
    except BaseExceptionGroup as failures:
        raise _first(failures) from None
    return [task.result() for task in tasks]


async def _or_refusal(work: Coroutine[Any, Any, T]) -> T | BudgetExhausted:
    try:
        return await work
    except BudgetExhausted as refusal:
        return refusal


def _first(failure: BaseException) -> BaseException:
    while isinstance(failure, BaseExceptionGroup):
        failure = cast("BaseExceptionGroup[BaseException]", failure).exceptions[0]
    return failure
