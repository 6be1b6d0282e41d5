"""What best-of-n and self-consistency gain and spare, on a model whose truth is known.

    python benchmarks/best_of_n.py [--write] [--tasks 600] [--seed 0]

The model is `lift_sys.testing.simulated`; strategies, context, budget and gateway are the ordinary
ones. One part asks a server on 127.0.0.1 over HTTP. Exits with 1 where an aim is missed.
"""

import argparse
import asyncio
import json
import math
import platform
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from lift_sys_best_of_n.plugin import BestOfNOptions
from lift_sys_best_of_n.strategy import BestOfN
from lift_sys_openai.plugin import OpenAIOptions
from lift_sys_openai.provider import create
from lift_sys_self_consistency.plugin import SelfConsistencyOptions
from lift_sys_self_consistency.strategy import SelfConsistency

from lift_sys.evaluation.rates import wilson
from lift_sys.interfaces import Limits, Outcome, Price, Strategy, Task
from lift_sys.testing.conformance.base import TestParts
from lift_sys.testing.loopback import Answer, LoopbackServer, refused
from lift_sys.testing.providers import ScriptedProvider
from lift_sys.testing.runs import make_context, make_implementation, make_specification
from lift_sys.testing.samples import IR_TEXT, SPECIFICATION, TASK
from lift_sys.testing.simulated import (
    ByVisibleChecks,
    SimulatedModel,
    SimulatedProvider,
    Skill,
    Solved,
    pass_rate,
    simulate,
    simulated_tasks,
)

RESULTS = Path(__file__).parent / "results" / "best_of_n.md"
PARTS = TestParts.installed()
MOST_LOST, LEAST_SPARED = 0.5, 1.8
DOLLAR = Price(input=0, output=5.6)
"""With a thousand tokens a draw: $0.0056, what a sample cost the first system."""


class Part(NamedTuple):
    text: str
    reached: bool


def best_of(**options: Any) -> Strategy:
    return BestOfN(BestOfNOptions(**options), PARTS)


def vote(**options: Any) -> Strategy:
    return SelfConsistency(SelfConsistencyOptions(**options), PARTS)


async def solve(
    strategy: Strategy, model: SimulatedModel, tasks: Sequence[Task], **settings: Any
) -> list[Solved]:
    return await simulate(strategy, tasks, SimulatedProvider(model, tasks), **settings)


def right(solved: Sequence[Solved]) -> int:
    return sum(each.right for each in solved)


def draws(solved: Sequence[Solved]) -> float:
    return sum(each.draws for each in solved) / len(solved)


async def gain(count: int, seed: int) -> Part:
    """Best-of-N with a check that never errs, against the closed form."""
    lines = [
        "| p | copies | n | closed form | found | 95 % interval | US dollars a task |",
        "|---|---|---|---|---|---|---|",
    ]
    tasks, inside, cells, worst = simulated_tasks(count), 0, 0, 0.0
    for success in (0.15, 0.3, 0.6):
        for copies in (0.0, 0.5):
            skill = Skill(success=success, copies=copies)
            for n in (1, 2, 4, 8, 16):
                # Every cell is an experiment of its own.
                model = SimulatedModel(skill=skill, price=DOLLAR, output_tokens=1000, seed=cells)
                strategy = best_of(n=n, rounds="one" if n == 16 else "growing", distinct=0)
                solved = await solve(strategy, model, tasks, seed=seed)
                expected = pass_rate(success, n, copies=copies)
                low, high = wilson(right(solved), count)
                error = math.sqrt(expected * (1 - expected) / count)
                worst = max(worst, abs(right(solved) / count - expected) / error)
                inside += low <= expected <= high
                cells += 1
                usd = sum(each.spend.usd for each in solved) / count
                lines.append(
                    f"| {success:g} | {copies:.0%} | {n} | {expected:.1%} | "
                    f"{right(solved) / count:.1%} | {low:.1%} to {high:.1%} | {usd:.4f} |"
                )
    text = f"""## The gain is that of the closed form

A draw is right with the chance p; with the chance `copies` it is a copy of what comes first to the
model's mind for that prompt. {count} tasks in each row, a check that never errs, and variation off.

{chr(10).join(lines)}

{inside} of {cells} closed forms lie in their intervals (95 % of them should); the largest deviation
is {worst:.2f} standard errors.
"""
    return Part(text, inside >= 0.8 * cells and worst < 4)


async def copies(seed: int) -> Part:
    """The first system's case: of 18 tasks 15 draw nothing but copies."""
    many = 20
    tasks = simulated_tasks(18 * many)
    stuck = {task.id for place, task in enumerate(tasks) if place % 18 < 15}
    skill = Skill(success=0.778)

    def model(**told: Any) -> SimulatedModel:
        copying = Skill(success=0.778, **told)
        return SimulatedModel(
            skill=skill,
            by_task=dict.fromkeys(stuck, copying),
            price=DOLLAR,
            output_tokens=1000,
            seed=seed,
        )

    cases = {
        "whatever is done": model(copies=1.0, stubborn=1.0),
        "below temperature 1.0": model(copies=((0.7, 1.0), (1.0, 0.3))),
        "with one prompt": model(copies=1.0),
    }
    head = ("15 of 18 copy", "strategy", "draws on these", "right on these", "right of all")
    lines = [
        f"| {' | '.join(head)} | USD a task |",
        "|---|---|---|---|---|---|",
    ]
    noticed = True
    for name, known in cases.items():
        strategies = {
            "one draw": best_of(n=1),
            "n = 16, no eye on diversity": best_of(n=16, distinct=0),
            "n = 16": best_of(n=16),
            "n = 16, `stop_at: pass`": best_of(n=16, stop_at="pass"),
        }
        for title, strategy in strategies.items():
            solved = await solve(strategy, known, tasks, seed=seed)
            on_stuck = [each for each in solved if each.task.id in stuck]
            usd = sum(each.spend.usd for each in solved) / len(solved)
            of_stuck, of_all = right(on_stuck) / len(on_stuck), right(solved) / len(solved)
            lines.append(
                f"| {name} | {title} | {draws(on_stuck):.1f} "
                f"| {of_stuck:.1%} | {of_all:.1%} | {usd:.4f} |"
            )
            if title == "n = 16" and name == "whatever is done":
                noticed = all(
                    "nothing new after 8 of 16" in (each.outcome.stopped if each.outcome else "")
                    for each in on_stuck
                )
    text = f"""## Copies are noticed

{len(tasks)} tasks; of each 18, 15 draw copies. p = 77.8 %, $0.0056 a draw, a check that never errs.

{chr(10).join(lines)}

Where nothing helps, every such task stops after 8 of 16 draws (4, then 2 at temperature 1.0, then 2
with other examples too) and says so: {"yes" if noticed else "NO"}.
"""
    return Part(text, noticed)


def mixed(count: int, seed: int) -> SimulatedModel:
    """Half easy, a quarter so-so, the rest hard or hopeless. One call a draw: the n-th draw of a
    task is the same whatever strategy asks for it."""
    kinds = [
        Skill(success=0.9, systematic=0.3),
        Skill(success=0.6, systematic=0.5),
        Skill(success=0.35, systematic=0.5, mistakes=10),
        Skill(success=0.1, systematic=0.7),
    ]
    skills = Random(seed + 5).choices(kinds, [50, 25, 15, 10], k=count)
    known = {task.id: each for task, each in zip(simulated_tasks(count), skills, strict=True)}
    return SimulatedModel(skill=kinds[0], by_task=known, n=1)


async def adaptive(count: int, seed: int) -> Part:
    """Self-consistency that stops on evidence, against the vote of all N."""
    model, tasks = mixed(count, seed), simulated_tasks(count)
    whole = await solve(vote(n=40, batch=40), model, tasks, seed=seed)
    head = ("N", "batch", "all N right", "adaptive right", "points lost (95 % interval)")
    lines = [
        f"| {' | '.join(head)} | samples | fewer |",
        "|---|---|---|---|---|---|---|",
    ]
    reached = True
    for n in (8, 16, 40):
        fixed = [majority(each.outcome, n) == "right" for each in whole]
        for batch in (1, 4):
            solved = await solve(vote(n=n, batch=batch), model, tasks, seed=seed)
            lost, low, high = paired(fixed, [each.right for each in solved])
            spared = n / draws(solved)
            reached &= lost < MOST_LOST and (n < 40 or spared >= LEAST_SPARED)
            lines.append(
                f"| {n} | {batch} | {sum(fixed) / count:.1%} | {right(solved) / count:.1%} | "
                f"{lost:+.2f} ({low:+.2f} to {high:+.2f}) | {draws(solved):.1f} | {spared:.2f}x |"
            )
    text = f"""## Adaptive stopping keeps the accuracy

{count} tasks, half easy (p = 90 %), a quarter so-so (60 %), 15 % hard (35 %), 10 % hopeless (10 %);
30 to 70 % of the wrong answers of a task agree. Paired: both votes see the same draws. To reach:
under {MOST_LOST} points lost, and at N = 40 at least {LEAST_SPARED} times fewer samples.

{chr(10).join(lines)}
"""
    return Part(text, reached)


def majority(outcome: Outcome[Any] | None, n: int) -> str:
    """Counted here anew, so that the strategy is not its own judge; the earlier of equals leads."""
    assert outcome is not None
    votes = Counter(each.value.answer for each in outcome.candidates[:n])
    return votes.most_common(1)[0][0]


def paired(one: Sequence[bool], other: Sequence[bool]) -> tuple[float, float, float]:
    """Points that the other loses, with an interval (Agresti and Min's, half a task added to
    either kind of change)."""
    lost = sum(a and not b for a, b in zip(one, other, strict=True))
    won = sum(b and not a for a, b in zip(one, other, strict=True))
    n, b, c = len(one) + 2, lost + 0.5, won + 0.5
    middle, spread = (b - c) / n, math.sqrt(b + c - (b - c) ** 2 / n) / n
    points = (lost - won) / len(one)
    return 100 * points, 100 * (middle - 1.96 * spread), 100 * (middle + 1.96 * spread)


async def meaning() -> Part:
    """What votes together, and what one failed request costs."""
    free = TASK.model_copy(update={"examples": ()})
    other = json.dumps(dict(reversed(json.loads(IR_TEXT).items())), indent=1)
    together = await clusters([IR_TEXT, other], make_specification(free))
    codes = [f"```python\ndef double(x):\n    return {f}(x, 2 * x)\n```" for f in ("max", "min")]
    apart = await clusters(codes, make_implementation(free, SPECIFICATION))
    script = [refused() if place == 3 else Answer(text=codes[0]) for place in range(8)]
    async with LoopbackServer(script=script) as server:
        options = {"model": "loopback", "base_url": server.url, "api_key": "any", "n": 1}
        provider = create(OpenAIOptions.model_validate(options), PARTS)
        ctx = make_context(provider, scorer=ByVisibleChecks())
        problem = make_implementation(free, SPECIFICATION)
        outcome = await best_of(n=8, rounds="one").run(problem, ctx)
        await provider.aclose()
        asked = server.counts.requests
    valid = sum(each.value is not None for each in outcome.candidates)
    text = f"""## Votes go by meaning, and one error costs one draw

| | to be | found |
|---|---|---|
| clusters of equal JSON objects with another key order | 1 | {together} |
| clusters of `max(x, 2 * x)` and `min(x, 2 * x)` | 2 | {apart} |
| valid draws of 8 requests over HTTP, one of which is answered 400 | 7 of 8 | {valid} of {asked} |
"""
    return Part(text, (together, apart, valid, asked) == (1, 2, 7, 8))


async def clusters(replies: Sequence[str], problem: Any) -> int:
    ctx = make_context(ScriptedProvider(replies), scorer=ByVisibleChecks())
    outcome = await vote(n=len(replies), batch=len(replies)).run(problem, ctx)
    return len(outcome.clusters)


async def budgets(seed: int) -> Part:
    """Many tasks under tight budgets."""
    tasks = simulated_tasks(100)
    model = SimulatedModel(skill=Skill(success=0.2), price=Price(input=10, output=30), n=1)
    overrun = runs = with_best = 0
    for strategy in (best_of(n=32), vote(n=32)):
        for limits in (
            *(Limits(calls=calls) for calls in (1, 3, 9)),
            *(Limits(usd=usd) for usd in (0.01, 0.05)),
            Limits(tokens=2000),
        ):
            for each in await solve(strategy, model, tasks, limits=limits, seed=seed):
                runs += 1
                spend = each.spend
                overrun += (
                    (limits.calls is not None and spend.calls > limits.calls)
                    or (limits.usd is not None and spend.usd > limits.usd)
                    or (limits.tokens is not None and spend.tokens > limits.tokens)
                )
                best = None if each.outcome is None else each.outcome.best
                with_best += best is not None or not spend.calls
    text = f"""## Budgets hold

{runs} tasks under budgets of calls, dollars or tokens that end before 32 draws: {overrun} overrun,
{runs - with_best} paid for draws and were left without an answer.
"""
    return Part(text, not overrun and with_best == runs)


async def measured(tasks: int, seed: int) -> list[Part]:
    return [
        await gain(tasks, seed),
        await copies(seed),
        await adaptive(tasks, seed),
        await meaning(),
        await budgets(seed),
    ]


def report(parts: Sequence[Part], arguments: argparse.Namespace) -> str:
    packages = ("lift-sys", "lift-sys-best-of-n", "lift-sys-self-consistency")
    versions = ", ".join(f"{name} {version(name)}" for name in packages)
    reached = sum(part.reached for part in parts)
    return f"""# Best-of-n and self-consistency

On a simulated model (`lift_sys.testing.simulated`): these figures say what the strategies do with
draws of known quality, not how good any model is. {reached} of {len(parts)} parts reach their aim.

{chr(10).join(part.text for part in parts)}
- {datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}, {versions}
- `python benchmarks/best_of_n.py --write --tasks {arguments.tasks} --seed {arguments.seed}`
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--write", action="store_true", help="Keep the report under results/.")
    parser.add_argument("--tasks", type=int, default=600)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    parts = asyncio.run(measured(arguments.tasks, arguments.seed))
    text = report(parts, arguments)
    print(text)
    if arguments.write:
        RESULTS.write_text(text, encoding="utf-8")
    return 0 if all(part.reached for part in parts) else 1


if __name__ == "__main__":
    raise SystemExit(main())
