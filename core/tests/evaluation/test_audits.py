"""Audits of routers: what a run learnt of its own false accepts, apart from what it drew."""

from lift_sys.evaluation.drawn import draws_by_task
from lift_sys.evaluation.html_report import html_report
from lift_sys.evaluation.reports import report_of
from lift_sys.evaluation.results import Audited, Evaluation, Row
from lift_sys.evaluation.summaries import summary_of
from lift_sys.evaluation.tables import lines_of
from lift_sys.interfaces import (
    AttemptAudited,
    AttemptEnded,
    CandidateDrawn,
    RouteTaken,
    Spend,
    Suite,
    Verdict,
)
from lift_sys.store.outlines import Outline

WRONG = Verdict(status="fail", failures=({"category": "wrong_output", "message": "m"},))


def told(*events):
    return [
        Outline(seq, "t", event.kind, event.model_dump(mode="json"), f"d{seq}")
        for seq, event in enumerate(events, 1)
    ]


def attempt(number, route, drawn, verdict, *, audit=False):
    common = {"task": "t", "attempt": number, "route": route, "audit": audit}
    yield RouteTaken(**common, reason="r", start="specify")
    for name in drawn:
        yield CandidateDrawn(
            task="t", stage="implement", candidate=name, text="", value=None, calls=()
        )
    fault = None if verdict.status == "pass" else "implement"
    yield AttemptEnded(**common, verdict=verdict, fault=fault, spend=Spend())


def test_what_an_audit_draws_is_no_draw_of_the_task():
    passed = Verdict(status="pass", basis={"examples": 1})
    found = draws_by_task(
        told(
            *attempt(1, "cheap", ["a"], WRONG),
            *attempt(2, "middle", ["b"], passed),
            *attempt(3, "strong", ["c"], WRONG, audit=True),
            AttemptAudited(
                task="t",
                attempt=2,
                route="middle",
                by="strong",
                agrees=False,
                why="w",
                spend=Spend(usd=0.5, cached_usd=0.25),
            ),
        )
    )["t"]
    assert found.routes == ["cheap", "middle"]
    assert [(each.id, each.attempt) for each in found.final("implement")] == [("a", 1), ("b", 2)]
    assert found.fault is None
    assert found.audit == Audited(by="strong", agrees=False, usd=0.75)


def row(number, category, agrees):
    return Row(
        task=f"t{number}",
        digest=f"d{number}",
        category=category,
        visible="pass",
        right=True,
        passed=1,
        total=1,
        spend=Spend(),
        seconds=1.0,
        audit=None if agrees == "none" else Audited(by="strong", agrees=agrees, usd=0.01),
    )


def test_audits_tell_false_accepts_by_category():
    said = [("texts", False), ("texts", True), ("lists", True), ("lists", None), ("lists", "none")]
    found = Evaluation(
        run="r",
        started="2026-01-01",
        suite=Suite(name="s"),
        tasks="t",
        tests="h",
        seed=0,
        distributions={},
        rows=tuple(row(number, *each) for number, each in enumerate(said)),
    )
    report = report_of(found)
    assert (report.audits, report.denied) == (4, (1, 3))
    by_category = {group.name: group.denied for group in report.categories}
    assert by_category == {"lists": (0, 1), "texts": (1, 2)}
    text = "\n".join(lines_of(report, lambda table: [" ".join(each) for each in table]))
    assert "(1/3) of the accepted answers that another route was asked for too" in text
    assert "(4 audits, $0.0400)" in text
    assert "denied by audits" in html_report(report)
    assert summary_of(report)["audits"]["denied_by_category"]["texts"]["right"] == 1
