"""The exported file runs by itself, and agrees with the grader."""

import math
import subprocess
import sys

import pytest

from lift_sys.errors import InputError
from lift_sys.evaluation.export import pytest_file
from lift_sys.interfaces import Code, Example, Hidden, Task

EXAMPLES = (
    Example(args=(1,), expected=1),
    Example(args=(math.nan,), expected=math.nan),
    Example(args=([math.inf, -0.0],), expected=[math.inf, -0.0]),
    Example(args=({"a": (1, None)},), kwargs={}, expected={"a": (1, None)}),
    Example(args=({1, 2},), expected={1, 2}),
    Example(args=(bytearray(b"x"),), expected=bytearray(b"x")),
    Example(args=("\ud800\n'\"",), expected="\ud800\n'\""),
    Example(args=(0.1 + 0.2,), expected=0.3),
    Example(args=(range(3), b"y", 2j), raises="TypeError"),
)
TASKS = [
    Task(id="same one", request="r", function="same", examples=EXAMPLES[:1]),
    Task(id="same-one", request="r", function="twice"),
]
HIDDEN = {
    "same one": Hidden(task="same one", tests=EXAMPLES[1:]),
    "same-one": Hidden(
        task="same-one", program='def check(candidate):\n    assert candidate("a") == "aa"\n'
    ),
}
RIGHT = "def same(x):\n    return x\n\ndef twice(x):\n    return x + x\n"


def run(folder, solutions, text):
    (folder / "sols.py").write_text(solutions)
    (folder / "test_exported.py").write_text(text)
    command = [sys.executable, "-I", "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [*command, "-p", "no:randomly", "--rootdir", str(folder), "test_exported.py"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


def exported(folder):
    return pytest_file('A "title" \\', TASKS, HIDDEN, file=folder / "sols.py")


def test_right_functions_pass(tmp_path):
    code, said = run(tmp_path, RIGHT, exported(tmp_path))
    assert code == 0, said
    assert "10 passed" in said


@pytest.mark.parametrize(
    ("solutions", "failed"),
    [
        (RIGHT.replace("x + x", "x"), 1),
        (RIGHT.replace("return x\n", "return float(x) if x == 1 else x\n"), 1),
        (RIGHT.replace("same(x)", "same(*x)"), 9),
        (RIGHT.replace("return x\n", "return [abs(y) for y in x] if x == [inf, 0] else x\n")
         + "\ninf = float('inf')\n", 1),
        ("def twice(x):\n    return x * 2\n", 9),
    ],
)  # fmt: skip
def test_wrong_functions_fail(solutions, failed, tmp_path):
    code, said = run(tmp_path, solutions, exported(tmp_path))
    assert code == 1, said
    assert f"{failed} failed" in said


def test_a_module_by_name():
    text = pytest_file("t", TASKS, HIDDEN, module="my.functions")
    assert "SOLUTIONS = importlib.import_module('my.functions')" in text
    compile(text, "test_exported.py", "exec")


def test_ids_that_differ_in_signs_alone_are_two_tests(tmp_path):
    text = exported(tmp_path)
    assert "def test_same_one(" in text
    assert "def test_same_one_2_program(" in text


@pytest.mark.parametrize("given", [{}, {"module": "m", "file": "f.py"}])
def test_where_the_functions_are_must_be_said_once(given):
    with pytest.raises(InputError, match="say where the functions are"):
        pytest_file("t", TASKS, HIDDEN, **given)


def test_a_task_that_names_no_function():
    task = Task(id="a", request="r")
    with pytest.raises(InputError, match="'a' does not say what its function is called"):
        pytest_file("t", [task], {"a": Hidden(task="a", tests=EXAMPLES)}, module="m")
    named = Hidden(task="a", tests=EXAMPLES, reference=Code(name="f", source=""))
    assert "function('f')" in pytest_file("t", [task], {"a": named}, module="m")
