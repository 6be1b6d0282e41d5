"""The suite itself: what it asks, and that what grades it is right and notices mistakes."""

import sys
from collections import Counter

import pytest
import pytest_asyncio
from lift_sys_phases.plugin import PhasesOptions
from lift_sys_phases.source import PhasesSource

from lift_sys.checking.examiner import Examiner
from lift_sys.checking.sandbox import default_sandbox
from lift_sys.evaluation import judge_code, try_mutants
from lift_sys.interfaces import Code
from lift_sys.ir import check, unfilled

TASKS = {task.id: task for task in PhasesSource(PhasesOptions(), None).tasks()}
HIDDEN = PhasesSource(PhasesOptions(), None).hidden(list(TASKS))
EACH = pytest.mark.parametrize("name", TASKS)

TABLE = """
get_grade control_flow medium
filter_even_numbers list_operations medium
count_words string_manipulation easy
first_element edge_cases easy
classify_number control_flow medium_hard
find_value_index list_operations medium
to_title_case string_manipulation medium
calculate_factorial mathematical medium
get_type_name type_operations medium
clamp edge_cases medium
validate_password control_flow medium
calculate_average list_operations medium
is_valid_email string_manipulation medium
get_fibonacci mathematical medium_hard
is_prime_number mathematical medium
safe_int type_operations medium
get_min_max data_structures medium
merge_dicts data_structures medium
"""

TRAPS = {
    "get_type_name": "def get_type_name(value):\n"
    "    for kind in (int, str, list):\n"
    "        if isinstance(value, kind):\n"
    "            return kind.__name__\n"
    "    return 'other'\n",
    "is_valid_email": "def is_valid_email(email):\n"
    "    return '@' in email and '.' in email.split('@')[1]\n",
    "validate_password": "def validate_password(password):\n"
    "    if len(password) < 8:\n"
    "        return 'Password is too short'\n"
    "    if not any(c.isdigit() for c in password):\n"
    "        return 'no number'\n"
    "    if not any(c.isupper() for c in password):\n"
    "        return 'no uppercase'\n"
    "    return 'valid'\n",
    "find_value_index": "def find_value_index(items, value):\n"
    "    found = -1\n"
    "    for place, item in enumerate(items):\n"
    "        if item == value:\n"
    "            found = place\n"
    "    return found\n",
    "get_min_max": "def get_min_max(numbers):\n    return min(numbers), min(numbers)\n",
    "first_element": "def first_element(items):\n    return items[0] if items[0] else None\n",
    "to_title_case": "def to_title_case(text):\n    return text.title()\n",
    "count_words": "def count_words(text):\n    return text.count(' ') + 1\n",
    "calculate_average": "def calculate_average(numbers):\n"
    "    return sum(numbers) / len(numbers)\n",
    "merge_dicts": "def merge_dicts(first, second):\n    return {**second, **first}\n",
}
"""Mistakes that models were seen to make."""


on_one_loop = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def sandbox():
    made = default_sandbox()
    yield made
    await made.aclose()


def test_the_table():
    rows = [f"{task.id} {task.category} {task.difficulty}" for task in TASKS.values()]
    assert rows == TABLE.split("\n")[1:-1]
    parts = [task.metadata["part"] for task in TASKS.values()]
    assert Counter(parts) == {"phase 1": 5, "phase 2": 5, "phase 3": 8}
    assert parts == sorted(parts)


@pytest.mark.parametrize(("phase", "count"), [(1, 5), (2, 10), (3, 18)])
def test_a_phase_holds_those_before_it(phase, count):
    source = PhasesSource(PhasesOptions(phase=phase), None)
    assert [task.id for task in source.tasks()] == list(TASKS)[:count]
    assert set(source.hidden(list(TASKS))) == set(list(TASKS)[:count])


def test_tasks_never_open_what_grades():
    opened = []

    def listen(event, arguments):
        if event == "open" and "lift_sys_phases" in str(arguments[0]):
            opened.append(str(arguments[0]))

    sys.addaudithook(listen)
    list(PhasesSource(PhasesOptions(), None).tasks())
    assert [path.rpartition("/")[2] for path in opened] == ["tasks.toml"]


@EACH
def test_a_task_and_what_grades_it_are_about_the_same_function(name):
    task, hidden = TASKS[name], HIDDEN[name]
    assert task.signature is not None
    assert hidden.ir is not None
    assert task.signature.name == hidden.reference.name == name
    assert hidden.ir.signature == task.signature
    assert name not in task.request, "the signature says what it is called"
    assert 8 <= len(hidden.tests) <= 17
    assert len({test.call(name) for test in hidden.tests}) == len(hidden.tests)


@EACH
def test_the_reference_specification_has_no_problem(name):
    assert check(HIDDEN[name].ir) == ()
    assert unfilled(HIDDEN[name].ir) == ()


@EACH
@on_one_loop
async def test_the_reference_is_right(name, sandbox):
    task, hidden = TASKS[name], HIDDEN[name]
    graded, passed = await judge_code(hidden.reference, hidden, sandbox)
    assert graded.passed, graded
    assert passed == len(hidden.tests)
    examiner = Examiner(task, hidden.ir, sandbox)
    assert await examiner.contradictions() == []
    verdict = await examiner.examine(hidden.reference)
    assert verdict.passed, verdict


@EACH
@on_one_loop
async def test_every_mutant_that_does_something_else_is_killed(name, sandbox):
    report = await try_mutants(TASKS[name], HIDDEN[name], sandbox)
    assert report.wrong >= 7
    assert report.survivors == ()


@pytest.mark.parametrize("name", TRAPS)
@on_one_loop
async def test_the_usual_mistakes_are_graded_wrong(name, sandbox):
    graded, _ = await judge_code(Code(name=name, source=TRAPS[name]), HIDDEN[name], sandbox)
    assert graded.status == "fail"
    assert graded.failures[0].input
