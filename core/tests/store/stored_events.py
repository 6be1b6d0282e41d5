"""Events of every kind, as a run would tell them."""

from collections.abc import Iterator
from typing import Any

from lift_sys.interfaces import (
    AttemptAudited,
    AttemptEnded,
    Basis,
    Call,
    CallMade,
    CandidateDrawn,
    CandidateScored,
    Completion,
    CutOff,
    Delivered,
    Event,
    Failure,
    LeftRead,
    Limits,
    Noted,
    RouteTaken,
    RunEnded,
    RunResumed,
    RunStarted,
    SamplesRefused,
    Solution,
    Spend,
    StrategyStopped,
    TaskEnded,
    TaskStarted,
    Usage,
    Verdict,
)
from lift_sys.testing.samples import IR_TEXT, RIGHT, SPECIFICATION, TASK

PASS = Verdict(status="pass", basis=Basis(examples=2), guards=("landlock",))
FAIL = Verdict(
    status="fail",
    basis=Basis(examples=2),
    failures=(Failure(category="wrong_output", message="no", input="double(2)", got="'\\x00'"),),
)


def started(run: str = "r", **changes: Any) -> RunStarted:
    stated = {
        "started": "2026-11-21T10:00:00+00:00",
        "config": {"version": 1, "providers": {"model": {"api_key": "${KEY}"}}},
        "distributions": {"lift-sys": "0.1.0"},
        "seed": 7,
        **changes,
    }
    return RunStarted(run=run, **stated)


def call_made(name: str, *texts: str, task: str = "t", **changes: Any) -> CallMade:
    usage = Usage(input_tokens=100, output_tokens=30)
    stated = {"provider": "p", "model": "m", "usage": usage, "cost": 0.1, "seconds": 0.25}
    samples = tuple(
        Delivered(index=i, key=f"{name}-{i}", completion=Completion(text=text))
        for i, text in enumerate(texts)
    )
    call = Call(id=name, **{**stated, **changes})
    return CallMade(task=task, call=call, request="d" * 32, samples=samples)


def drawn(name: str, text: str = IR_TEXT, task: str = "t", **changes: Any) -> CandidateDrawn:
    value = SPECIFICATION.model_dump(mode="json")
    stated = {"stage": "specify", "candidate": name, "text": text, "value": value, **changes}
    return CandidateDrawn(task=task, **stated)


def of_a_task(task: str, status: str = "pass") -> Iterator[Event]:
    verdict = PASS if status == "pass" else FAIL
    spend = Spend(calls=2, input_tokens=200, output_tokens=60, usd=0.2, seconds=0.5)
    yield TaskStarted(task=task, request=TASK.request, document=TASK.model_dump(mode="json"))
    yield RouteTaken(task=task, attempt=1, route="default", reason="first", start="specify")
    yield call_made(f"{task}/c1", IR_TEXT, "another", task=task)
    yield drawn(f"{task}/specify/1", task=task, calls=(f"{task}/c1",))
    yield CandidateScored(
        task=task, candidate=f"{task}/specify/1", score=0.5, reason="so", parts={"a": None}
    )
    yield StrategyStopped(
        task=task, stage="specify", strategy="single", why="done", winners=(f"{task}/specify/1",)
    )
    yield call_made(f"{task}/c2", RIGHT.source, task=task)
    yield drawn(
        f"{task}/implement/2",
        RIGHT.source,
        task,
        stage="implement",
        value=RIGHT.model_dump(mode="json"),
        origin={"provider": "p", "seed": 3},
        parents=(f"{task}/specify/1",),
    )
    yield AttemptEnded(
        task=task, attempt=1, route="default", verdict=verdict, fault=None, spend=spend
    )
    solution = Solution(ir=SPECIFICATION, specification=PASS, code=RIGHT, verdict=verdict)
    yield TaskEnded(task=task, status=status, why="so", solution=solution, spend=spend, seconds=1.5)


def ended(why: str = "all tasks done") -> RunEnded:
    return RunEnded(why=why, spend=Spend(calls=2, usd=0.2), seconds=2.0)


def whole_run(run: str = "r", tasks: int = 1) -> list[Event]:
    inner = [event for i in range(tasks) for event in of_a_task(f"t{i}")]
    return [started(run), *inner, ended()]


EVERY_KIND: list[Event] = [
    started(),
    *of_a_task("t"),
    SamplesRefused(task="t", provider="p", request="d", indices=(1, 2), error="no money"),
    LeftRead(task="t", stage="specify", left=Limits(usd=0.5)),
    AttemptAudited(
        task="t",
        attempt=1,
        route="default",
        by="strong",
        agrees=False,
        why="they do not do the same",
        spend=Spend(calls=2, usd=0.3),
    ),
    CutOff(task="t", attempt=2, reason="time", best=None, waiting=("p/d/3",)),
    Noted(level="warning", message="something"),
    RunResumed(started="2026-11-22T10:00:00+00:00", distributions={"lift-sys": "0.2.0"}),
    ended(),
]
ODD: list[Event] = [
    Noted(message="é \N{SNOWMAN} \0 \x1b[31m \U0001f600 'quoted' \"twice\" \\"),
    Noted(task="never started", message="x" * 5000),
    drawn("empty", "", value=None),
    drawn("value", "x", value={"a": [1, 2.5, None, True, "\0"], "": {}}),
    drawn("long", "x = 1\n" * 5000, value="text"),
    drawn("failed", "\0", value=None, failure={"category": "invalid", "message": "no"}),
    call_made("none"),
    call_made("unpriced", "", "b\0", cost=None),
    call_made("cached", "c", cached=True),
    CallMade(
        call=Call(id="e", provider="p", model="m", usage=Usage(), cost=0.0, seconds=1e-9),
        request="",
        error="no",
        samples=(
            Delivered(index=0, key="k", error="lost"),
            Delivered(
                index=1,
                key="l",
                seed=5,
                completion=Completion(
                    text="y", finish="length", reasoning="r" * 900, logprobs=(-0.1, -1e-300) * 200
                ),
            ),
        ),
    ),
]
