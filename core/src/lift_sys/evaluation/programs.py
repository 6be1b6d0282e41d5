"""Hidden tests that are a program, held against code that never meets them.

The code runs in one sandboxed process and only answers calls. The tests run in another, where
`candidate` gives those answers back; a call that has none yet ends that process and is made. So
what decides is out of the code's reach, and the tests are out of anybody's.
"""

from typing import Any, Final, NamedTuple

from ..checking.execution import Call, Observed, Seen, observe
from ..checking.failing import not_loaded, wrong_end
from ..interfaces import Code, Failure, Hidden, Invocation, Job, Observation, Sandbox
from ..ir import decode, encode

MAX_ROUNDS: Final = 200
"""Each answers at least one more call."""
_REPLAY: Final = """


def _lift_replay(transcript):
    import builtins
    import random

    random.seed(0)
    tests = check
    state = {"calls": 0, "open": None}

    class Unanswered(BaseException):
        pass

    def stop(*told):
        state["open"] = state["open"] or told
        raise Unanswered

    def candidate(*args, **kwargs):
        place = state["calls"]
        state["calls"] += 1
        if place >= len(transcript):
            stop("asks", place, args, kwargs)
        given, keywords, outcome, value, names, after = transcript[place]
        if repr((given, keywords)) != repr((args, kwargs)) and (given, keywords) != (args, kwargs):
            stop("asks", place, args, kwargs)
        for mine, left in zip(args, after):
            if isinstance(mine, (list, bytearray)):
                mine[:] = left
            elif isinstance(mine, (dict, set)):
                mine.clear()
                mine.update(left)
        if outcome == "returned":
            return value
        if outcome != "raised":
            stop("lost", place)
        kinds = (getattr(builtins, name, None) for name in names)
        kind = next((k for k in kinds if isinstance(k, type) and issubclass(k, Exception)), None)
        raise (kind or Exception)(value)

    try:
        tests(candidate)
    except Unanswered:
        pass
    except BaseException as error:
        if state["open"] is None:
            return "wrong", f"{type(error).__name__}: {error}"[:500], state["calls"]
    return state["open"] or ("right", state["calls"])


def _lift_record(source, name):
    import copy
    import random

    random.seed(0)
    namespace = {"__name__": "reference"}
    exec(compile(source, "reference", "exec"), namespace)
    calls = []

    def candidate(*args, **kwargs):
        calls.append((copy.deepcopy(args), copy.deepcopy(kwargs)))
        return namespace[name](*args, **kwargs)

    try:
        check(candidate)
    except Exception as error:
        return calls, type(error).__name__
    return calls, ""
"""


class Held(NamedTuple):
    failure: Failure | None
    calls: int
    """How many the tests made."""
    guards: tuple[str, ...] = ()


class _Unusable(Exception):
    """The tests themselves cannot be run: nothing is known of the code."""


async def hold(code: Code, hidden: Hidden, sandbox: Sandbox) -> Held:
    """Raises SandboxFailed."""
    try:
        return await _held(code, _Tests(hidden, sandbox), sandbox)
    except _Unusable as unusable:
        message = f"the hidden tests cannot be run: {unusable}"
        return Held(Failure(category="infrastructure", message=message), 0)


async def _held(code: Code, tests: "_Tests", sandbox: Sandbox) -> Held:
    calls = await tests.foreseen()
    for _ in range(MAX_ROUNDS):
        answers = await observe(code, calls, sandbox)
        if answers.loaded is not None:
            return Held(not_loaded(answers.loaded).failure, 0, answers.guards)
        match await tests.replayed(answers):
            case ("right", int(made)):
                return Held(None, made, answers.guards)
            case ("wrong", *_) if tests.reference_fails:
                why = f"their own reference fails them with {tests.reference_fails}"
                raise _Unusable(why)
            case ("wrong", str(why), int(made)):
                message = f"a hidden test does not hold: {why}"
                return Held(Failure(category="wrong_output", message=message), made, answers.guards)
            case ("lost", int(place)):
                wrong = wrong_end(code.name, calls[place], answers.seen[place], ())
                failure = wrong.failure.model_copy(update={"expected": None})
                return Held(failure, place + 1, answers.guards)
            case ("asks", int(place), args, kwargs):
                calls[place : place + 1] = [_call(args, kwargs)]
            case other:
                raise _Unusable(f"they end with {other!r:.100}")
    raise _Unusable(f"after {MAX_ROUNDS} rounds they still ask for another call")


class _Tests:
    def __init__(self, hidden: Hidden, sandbox: Sandbox) -> None:
        self._hidden = hidden
        self._sandbox = sandbox
        self._source = f"{hidden.program}{_REPLAY}"
        self.reference_fails = ""
        """With what, once its calls were foreseen."""

    async def foreseen(self) -> list[Call]:
        """The calls that the reference is asked for: with luck, all there will be."""
        reference = self._hidden.reference
        if reference is None:
            return []
        seen = await self._run("_lift_record", reference.source, reference.name)
        calls: Any = []
        self.reference_fails = seen.exception or seen.outcome
        if seen.outcome == "returned":
            calls, self.reference_fails = decode(seen.value)
        return [_call(args, kwargs) for args, kwargs in calls]

    async def replayed(self, answers: Observed) -> Any:
        transcript = [
            _entry(call, seen) for call, seen in zip(answers.calls, answers.seen, strict=True)
        ]
        seen = await self._run("_lift_replay", transcript)
        if seen.outcome == "returned":
            return decode(seen.value)
        if seen.outcome == "unencodable":
            what = seen.detail or seen.exception
            raise _Unusable(f"they pass what cannot be handed to another process: {what}")
        raise _Unusable(f"they end in {seen.exception or seen.outcome}: {seen.detail}")

    async def _run(self, function: str, *args: object) -> Observation:
        given = tuple(encode(each) for each in args)
        job = Job(source=self._source, invocations=(Invocation(function=function, args=given),))
        report = await self._sandbox.run(job)
        if report.loaded is not None:
            seen = report.loaded
            raise _Unusable(f"loading them ends in {seen.exception or seen.outcome}: {seen.detail}")
        return report.observations[0]


def _call(args: Any, kwargs: Any) -> Call:
    return Call(tuple(args), tuple(kwargs.items()))


def _entry(call: Call, seen: Seen) -> tuple[object, ...]:
    value = seen.result if seen.outcome == "returned" else seen.detail
    names = [name for name in (seen.exception, *seen.bases) if name]
    return call.args, dict(call.kwargs), seen.outcome, value, names, seen.after
