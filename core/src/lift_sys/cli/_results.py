"""The result of a task, as a person reads it."""

from ..health.guards import PROTECTS
from ..interfaces import Verdict
from ..ir import render_text
from ..pipeline.task_result import TaskResult
from ._progress import counted, spend_text
from ._terminal import line, out

EXIT_CODES = {"pass": 0, "fail": 10, "unverified": 11, "error": 12, "cancelled": 130}
_FAILURES_SHOWN = 3


def worst_of(status: str, result: TaskResult) -> str:
    """Of a status and a result's; empty: there was none yet."""
    return max(status or "pass", result.status, key=EXIT_CODES.__getitem__)


def print_result(result: TaskResult, *, named: bool) -> None:
    """`named`: there are several, so each says which it is."""
    if named:
        out(line(f"task {result.task.id}"))
    solution = result.solution
    if solution is not None:
        out(_heading("specification"))
        out(render_text(solution.ir).rstrip("\n"))
        for told in _of_specification(solution.specification):
            out(told)
        if solution.code is not None:
            out("\n" + _heading("code"))
            out(solution.code.source.rstrip("\n"))
        out("\n" + _heading("verdict"))
    for text in _verdict(result):
        out(text)
    out(f"{spend_text(result.spend)}, {result.seconds:.1f} s")
    if named:
        out()


def _heading(text: str) -> str:
    return f"== {text} =="


def _of_specification(verdict: Verdict) -> list[str]:
    """What a person should look at before trusting it."""
    doubts = [failure.message for failure in verdict.failures] + list(verdict.notes)
    return ["", "Doubts:", *(line(f"- {doubt}") for doubt in doubts)] if doubts else []


def _guarded(verdict: Verdict) -> str:
    """The protections in a few words: what is missing matters more than what is there."""
    active = [name for name in PROTECTS if name in verdict.guards]
    missing = [name for name in PROTECTS if name not in verdict.guards]
    if not missing:
        return "sandboxed"
    if not active:
        return f"guards: {', '.join(verdict.guards) or 'none'}"
    return f"sandboxed, but for: {', '.join(missing)}"


def _verdict(result: TaskResult) -> list[str]:
    lines = [line(f"{result.status}: {result.why}")]
    verdict = result.solution.verdict if result.solution else None
    if verdict is None and result.attempts:
        verdict = result.attempts[-1].verdict
    if verdict is None:
        return lines
    checks = [
        counted(count, name.removesuffix("s"))
        for name, count in verdict.basis.model_dump().items()
        if count
    ]
    if result.status != "error":
        lines.append(line(f"checked by: {', '.join(checks) or 'nothing'} ({_guarded(verdict)})"))
    failures = [failure for failure in verdict.failures if failure.message not in result.why]
    for failure in failures[:_FAILURES_SHOWN]:
        lines.append("  " + line(f"{failure.category}: {failure.message}"))
        if failure.input is not None:
            lines.append("    " + line(failure.input))
        if failure.expected is not None:
            got = "?" if failure.got is None else failure.got
            lines.append("    " + line(f"expected {failure.expected}, got {got}"))
    lines += [line(f"  note: {note}") for note in verdict.notes[:_FAILURES_SHOWN]]
    further = len(failures) - _FAILURES_SHOWN
    if further > 0:
        lines.append(f"  and {counted(further, 'further failure')}")
    return lines
