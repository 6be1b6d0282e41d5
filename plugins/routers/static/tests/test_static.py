from lift_sys_static.plugin import StaticOptions
from lift_sys_static.router import Static

from lift_sys.interfaces import Attempt, Limits, RouteRef, Spend, Task, Verdict
from lift_sys.testing.conformance import RouterConformance

TASK = Task(id="t", request="Return one")
FAILED = Attempt("strong", Verdict(status="fail"), "implement", Spend())


class TestStatic(RouterConformance):
    component = "static"


def test_it_gives_up_after_its_attempts():
    router = Static(StaticOptions(route=RouteRef("strong"), attempts=2), parts=None)
    first = router.next(TASK, [], Limits())
    assert (first.name, first.reason) == ("strong", "attempt 1 of 2")
    assert router.next(TASK, [FAILED], Limits()).reason == "attempt 2 of 2"
    assert router.next(TASK, [FAILED, FAILED], Limits()) is None
