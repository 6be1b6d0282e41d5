"""A suite as one pytest file that needs nothing of lift-sys."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from ..errors import InputError
from ..interfaces import Example, Hidden, Task

_HEAD: Final = '''"""{title}

Written by `lift tasks export`. These are the tests that grade: keep them from whatever learns.
"""

import importlib.util
import math

import pytest

nan, inf = math.nan, math.inf
{loading}

def function(name):
    found = getattr(SOLUTIONS, name, None)
    if found is None:
        pytest.fail(f"{{SOLUTIONS.__name__}} has no function {{name}}")
    return found


def same(got, wanted):
    """By type as well as by value, but for the rounding of floats."""
    if type(got) is not type(wanted):
        return False
    if isinstance(got, float):
        if got and wanted:
            return math.isclose(got, wanted, rel_tol=1e-9) or (got != got and wanted != wanted)
        return repr(got) == repr(wanted)
    if isinstance(got, (list, tuple)):
        return len(got) == len(wanted) and all(map(same, got, wanted))
    if isinstance(got, dict):
        return typed(got) == typed(wanted) and all(same(got[key], wanted[key]) for key in wanted)
    if isinstance(got, (set, frozenset)):
        return typed(got) == typed(wanted)
    return got == wanted


def typed(values):
    return {{(type(value).__name__, repr(value)) for value in values}}


def raised(name, call):
    try:
        got = call()
    except Exception as error:
        kinds = [kind.__name__ for kind in type(error).__mro__]
        assert name in kinds, f"raised {{kinds[0]}} instead of {{name}}"
    else:
        pytest.fail(f"returned {{got!r}} instead of raising {{name}}")
'''
_FROM_FILE: Final = """
SPEC = importlib.util.spec_from_file_location({name!r}, {path!r})
SOLUTIONS = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(SOLUTIONS)
"""
_FROM_MODULE: Final = """
SOLUTIONS = importlib.import_module({module!r})
"""


def pytest_file(
    title: str,
    tasks: Sequence[Task],
    hidden: Mapping[str, Hidden],
    *,
    module: str | None = None,
    file: Path | None = None,
) -> str:
    """The functions come from a module that can be imported, or from a file.

    Raises InputError where a task does not say what its function is called.
    """
    loading = _loading(module, file)
    head = _HEAD.format(title=title.replace('"', "'").replace("\\", "/"), loading=loading)
    if module is not None:
        head = head.replace("import importlib.util\n", "import importlib\n")
    names = _test_names(tasks)
    tests = [
        line
        for task in tasks
        for line in _tests(names[task.id], _function(task, hidden[task.id]), task, hidden[task.id])
    ]
    return head + "\n".join(["", *tests, ""])


def _loading(module: str | None, file: Path | None) -> str:
    if (module is None) == (file is None):
        raise InputError(
            "say where the functions are", remedy="give one of --module NAME and --file FILE"
        )
    if file is not None:
        return _FROM_FILE.format(name=file.stem, path=str(file.absolute()))
    if not all(part.isidentifier() for part in (module or "").split(".")):
        raise InputError(
            f"{module!r} is no name of a module", remedy="for a file, give --file instead"
        )
    return _FROM_MODULE.format(module=module)


def _function(task: Task, hidden: Hidden) -> str:
    name = task.name or (hidden.reference.name if hidden.reference else None)
    if name is None:
        raise InputError(
            f"the task {task.id!r} does not say what its function is called",
            remedy="give it a `function` or a signature, or leave it out",
        )
    return name


def _test_names(tasks: Sequence[Task]) -> dict[str, str]:
    """By task; different for ids that differ in signs alone."""
    names: dict[str, str] = {}
    for task in tasks:
        plain = re.sub(r"\W+", "_", task.id, flags=re.ASCII).strip("_") or "task"
        taken = set(names.values())
        number, name = 1, plain
        while name in taken:
            number += 1
            name = f"{plain}_{number}"
        names[task.id] = name
    return names


def _tests(test: str, function: str, task: Task, hidden: Hidden) -> Iterator[str]:
    examples = [*task.examples, *hidden.tests]
    answers = [each for each in examples if each.raises is None]
    refusals = [each for each in examples if each.raises is not None]
    if answers:
        yield from _parametrised(answers, "args, kwargs, wanted", lambda e: repr(e.expected))
        yield f"def test_{test}(args, kwargs, wanted):"
        yield f"    got = function({function!r})(*args, **kwargs)"
        yield '    assert same(got, wanted), f"{got!r} instead of {wanted!r}"'
    if refusals:
        yield from _parametrised(refusals, "args, kwargs, error", lambda e: repr(e.raises))
        yield f"def test_{test}_raises(args, kwargs, error):"
        yield f"    raised(error, lambda: function({function!r})(*args, **kwargs))"
    if hidden.program is not None:
        yield ""
        yield ""
        yield f"def test_{test}_program():"
        yield "    names = {}"
        yield f"    exec({hidden.program!r}, names)"
        yield f"    names['check'](function({function!r}))"


def _parametrised(
    examples: Sequence[Example], names: str, last: Callable[[Example], str]
) -> Iterator[str]:
    yield ""
    yield ""
    yield "@pytest.mark.parametrize("
    yield f"    {names!r},"
    yield "    ["
    for each in examples:
        # As written here: repr of what the codec knows is the value again, `nan` and `inf` named.
        yield f"        ({each.args!r}, {each.kwargs!r}, {last(each)}),"
    yield "    ],"
    yield ")"
