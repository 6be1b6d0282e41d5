"""What is told of a run's progress."""

from lift_sys.cli._estimate import Known, lines_of_estimate
from lift_sys.cli._pace import Pace, duration
from lift_sys.interfaces import Limits, Spend, TaskEnded


def ended(status):
    return TaskEnded(task="t", status=status, why="", spend=Spend(usd=0.5), seconds=1)


def test_the_pace_tells_rate_spend_success_and_what_is_left():
    now = [100.0]
    pace = Pace(10, lambda: now[0])
    assert pace.text() == "0 of 10"
    for status in ("pass", "fail", "pass", "error"):
        pace.add(ended(status))
    assert pace.text() == "4 of 10, 50 % passed, $2.0000", "no time has gone by"
    now[0] += 60
    assert pace.text() == "4 of 10, 50 % passed, $2.0000, 4.0 tasks a minute, 2 min left"
    for _ in range(6):
        pace.add(ended("pass"))
    assert pace.text() == "10 of 10, 80 % passed, $5.0000"


def test_durations():
    assert [duration(s) for s in (0.2, 89, 90, 3599, 5399, 7260)] == [
        "1 s", "89 s", "2 min", "60 min", "1 h 30 min", "2 h 1 min",
    ]  # fmt: skip


def test_an_estimate_widens_where_little_is_known():
    def told(known):
        return list(lines_of_estimate(known, 100, 4, Limits()))

    few = told(Known(1, (0.01, 0.03), (2.0, 2.0), 0))
    many = told(Known(2, (0.01, 0.03) * 50, (2.0, 2.0) * 50, 3))
    assert few[1] == "cost: about $2.0000 ($0.0205 to $3.9795)"
    assert many[1] == "cost: about $2.0000 ($1.7214 to $2.2786) and calls of unknown price"
    assert few[2] == many[2] == "time: about 50 s (50 s to 50 s)"
    assert few[-1] == "no run_budget bounds it"
    assert "cost and time are not known" in told(Known(0, (), (), 0))[1]
