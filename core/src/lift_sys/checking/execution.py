"""Runs a candidate's code in a sandbox and compares, out here, what it did."""

from ..interfaces import (
    Basis,
    Code,
    Example,
    Failure,
    Invocation,
    Job,
    Observation,
    Sandbox,
    Task,
    Verdict,
)
from ..interfaces.verdict import Category, judge
from ..ir import decode, encode
from .compare import fingerprint, same

_CATEGORY: dict[str, Category] = {
    "raised": "exception",
    "unencodable": "wrong_output",
    "timeout": "timeout",
    "memory": "memory",
    "crash": "crash",
    "forbidden": "forbidden",
}


async def verify_code(task: Task, code: Code, sandbox: Sandbox) -> Verdict:
    """What the visible examples say of it."""
    report = await sandbox.run(_job(task, code))
    basis = Basis(examples=len(task.examples))
    if report.loaded is not None:
        failure = _describe(report.loaded, f"import of {code.name}", None)
        return judge((failure,), basis, report.guards)
    failures = tuple(
        failure
        for example, seen in zip(task.examples, report.observations, strict=True)
        if (failure := _compare(code.name, example, seen)) is not None
    )
    return judge(failures, basis, report.guards)


async def observe_code(task: Task, code: Code, sandbox: Sandbox) -> list[str]:
    """What the code does on the inputs of the visible examples, as comparable texts."""
    report = await sandbox.run(_job(task, code))
    if report.loaded is not None:
        return [report.loaded.outcome]
    return [
        fingerprint([seen.outcome, decode(seen.value), seen.exception])
        for seen in report.observations
    ]


def _job(task: Task, code: Code) -> Job:
    return Job(
        source=code.source,
        invocations=tuple(
            Invocation(
                function=code.name,
                args=tuple(encode(value) for value in example.args),
                kwargs={key: encode(value) for key, value in example.kwargs.items()},
            )
            for example in task.examples
        ),
    )


def _compare(name: str, example: Example, seen: Observation) -> Failure | None:
    call = example.call(name)
    if example.raises is not None:
        if seen.outcome == "raised" and example.raises in (seen.exception, *seen.bases):
            return None
        return _describe(seen, call, f"raises {example.raises}")
    if seen.outcome == "returned" and same(decode(seen.value), example.expected):
        return None
    return _describe(seen, call, repr(example.expected))


def _describe(seen: Observation, call: str, expected: str | None) -> Failure:
    if seen.outcome == "returned":
        got = repr(decode(seen.value))
        category: Category = "wrong_output"
        message = "a wrong result"
    else:
        got = f"{seen.outcome} {seen.exception or ''} {seen.detail}".strip()
        category = _CATEGORY[seen.outcome]
        message = f"the call ended with {got}"
    return Failure(category=category, message=message, input=call, expected=expected, got=got)
