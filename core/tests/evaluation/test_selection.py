from collections import Counter

import pytest

from lift_sys.errors import InputError
from lift_sys.evaluation.selection import Selection
from lift_sys.interfaces import Task

TASKS = [
    Task(
        id=f"{part}-{category}-{difficulty}-{number}",
        request="r",
        category=category,
        difficulty=difficulty,
        metadata={"part": part},
    )
    for part in ("in", "out")
    for category in ("lists", "texts", "numbers")
    for difficulty in ("easy", "hard")
    for number in range(10)
]


def test_all_of_them():
    assert Selection().of(TASKS) == TASKS
    assert Selection(limit=1000).of(TASKS) == TASKS


def test_filters_are_taken_together():
    found = Selection(parts=("in",), categories=("lists", "texts"), difficulties=("hard",))
    assert [task.id for task in found.of(TASKS)] == [
        f"in-{category}-hard-{n}" for category in ("lists", "texts") for n in range(10)
    ]


def test_a_draw_is_balanced_repeatable_and_in_order():
    drawn = Selection(limit=24, seed=7).of(TASKS)
    cells = Counter(task.id.rpartition("-")[0] for task in drawn)
    assert set(cells.values()) == {2}
    assert len(cells) == 12
    assert drawn == Selection(limit=24, seed=7).of(TASKS)
    assert drawn == [task for task in TASKS if task in drawn]
    assert drawn != Selection(limit=24, seed=8).of(TASKS)
    assert len(Selection(limit=5).of(TASKS)) == 5


@pytest.mark.parametrize(
    ("selection", "told"),
    [
        (Selection(parts=("middle",)), "no task has the part 'middle': there are: in, out"),
        (Selection(categories=("lists", "sums")), "no task has the category 'sums'"),
        (Selection(parts=("in",), difficulties=("odd",)), "no task has the difficulty 'odd'"),
    ],
)
def test_what_fits_none(selection, told):
    with pytest.raises(InputError) as caught:
        selection.of(TASKS)
    assert told in str(caught.value)


def test_a_suite_without_parts():
    with pytest.raises(InputError, match="these tasks have no part"):
        Selection(parts=("in",)).of([Task(id="a", request="r")])
