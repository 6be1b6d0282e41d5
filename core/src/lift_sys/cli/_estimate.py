"""What an evaluation will cost and take, from what earlier runs of the pipeline did."""

import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import fmean, stdev
from typing import Final, NamedTuple

from ..interfaces import Limits
from ..store import Store, TaskSummary
from ..store.reference_runs import is_beside
from ._pace import duration

_ENOUGH: Final = 500
"""Tasks of earlier runs that are looked at, the latest first."""
_LOST: Final = ("error", "cancelled", None)


class Known(NamedTuple):
    """Tasks that earlier runs of the pipeline did."""

    runs: int
    usd: tuple[float, ...]
    """Each, also where the store had answered."""
    seconds: tuple[float, ...]
    unpriced: int


def known_of(where: str, pipeline: str, *, beside: bool = False) -> Known:
    """`pipeline`: the path of its file. What was lost says nothing of what work costs. `beside`: of
    the runs that were given the specifications, and else of all but these."""
    found: list[TaskSummary] = []
    runs = 0
    if "://" in where or Path(where).exists():
        with Store.open(where, create=False) as store:
            for run in store.runs(pipeline=pipeline, limit=20, beside=beside):
                if run.pipeline != pipeline or len(found) >= _ENOUGH or is_beside(run.id) != beside:
                    continue
                every = store.tasks(run.id, limit=_ENOUGH)
                tasks = [each for each in every if each.status not in _LOST]
                runs += bool(tasks)
                found += tasks
    return Known(
        runs,
        tuple(each.spend.usd + each.spend.cached_usd for each in found),
        tuple(each.seconds for each in found if not each.spend.cached_calls),
        sum(each.spend.unpriced_calls for each in found),
    )


def lines_of_estimate(
    known: Known, tasks: int, at_once: int, budget: Limits, *, beside: bool = False
) -> Iterator[str]:
    """`beside`: of the run that is given the specifications."""
    where = ", from their reference specifications, in a run of its own" if beside else ""
    yield f"{tasks} tasks, {at_once} at once{where}"
    if not known.usd:
        what = "such run" if beside else "run"
        yield f"cost and time are not known: the store has no {what} of this pipeline"
        yield "`--limit 10` measures them on a few tasks, which are then not asked for again"
    else:
        low, middle, high = _total(known.usd, tasks)
        more = " and calls of unknown price" if known.unpriced else ""
        yield f"cost: about ${middle:.4f} (${low:.4f} to ${high:.4f}){more}"
        if known.seconds:
            low, middle, high = (each / at_once for each in _total(known.seconds, tasks))
            yield f"time: about {duration(middle)} ({duration(low)} to {duration(high)})"
        else:
            yield "time: not known, the store answered all that was asked before"
        yield f"by {len(known.usd)} tasks of {known.runs} earlier runs of this pipeline"
        yield "less, where the store has answers already"
    limits = [
        f"${budget.usd:.4f}" if budget.usd is not None else "",
        f"{budget.tokens} tokens" if budget.tokens is not None else "",
        f"{budget.calls} calls" if budget.calls is not None else "",
        duration(budget.seconds) if budget.seconds is not None else "",
    ]
    told = ", ".join(limit for limit in limits if limit)
    yield f"the pipeline's run_budget ends it at: {told}" if told else "no run_budget bounds it"


def _total(values: Sequence[float], tasks: int) -> tuple[float, float, float]:
    """Of so many further tasks, with the interval in which it is in 19 of 20 cases."""
    middle = tasks * fmean(values)
    spread = stdev(values) if len(values) > 1 else middle
    half = 1.96 * spread * math.sqrt(tasks + tasks * tasks / len(values))
    return max(0.0, middle - half), middle, middle + half
