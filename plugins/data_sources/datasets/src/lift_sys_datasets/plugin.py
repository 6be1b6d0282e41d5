"""What the plugin offers."""

from typing import Annotated

from pydantic import Field

from lift_sys.interfaces import ConfigPath
from lift_sys.plugins import Component, Options, hookimpl


class FileOptions(Options):
    path: ConfigPath
    """A .jsonl, .json (each also with .gz), .parquet or .arrow file, or a folder of them."""
    split: str | None = None
    """Of a folder: only files whose name begins so, such as test. Unset: all."""
    version: str = ""
    """What results call this version of the tasks."""


class Columns(Options):
    request: str = "request"
    """The request in words."""
    id: str | None = None
    """Unset: the number of the row."""
    function: str | None = None
    """What the function is called."""
    examples: str | None = None
    """Visible: a list of `f(1) == 2`, or of `{args, kwargs, expected}`; or its JSON."""
    tests: str | None = None
    """Hidden: the same."""
    program: str | None = None
    """Hidden: a module with `check(candidate)`."""
    reference: str | None = None
    """Source of a right implementation."""
    category: str | None = None
    """A kind of task, to report by."""
    difficulty: str | None = None
    """How hard it is, to report by."""
    part: str | None = None
    """Part of the suite, to be reported apart."""


class DatasetsOptions(FileOptions):
    columns: Columns = Columns()
    """Which column holds what."""
    name: str | None = None
    """What results call this suite. Unset: the name of the file or folder."""


class HumanEvalOptions(FileOptions):
    pass


class MbppOptions(FileOptions):
    visible: Annotated[int, Field(ge=0)] = 1
    """How many of a task's asserts are shown as examples; the rest grades."""


@hookimpl
def lift_sys_data_sources() -> list[Component]:
    return [
        Component(
            name="datasets",
            factory="lift_sys_datasets.columns:create",
            summary="Tasks from the columns of Hugging Face dataset files",
            options=DatasetsOptions,
        ),
        Component(
            name="humaneval",
            factory="lift_sys_datasets.humaneval:create",
            summary="Tasks from a file in the format of HumanEval",
            options=HumanEvalOptions,
        ),
        Component(
            name="mbpp",
            factory="lift_sys_datasets.mbpp:create",
            summary="Tasks from a file in the format of MBPP",
            options=MbppOptions,
        ),
    ]
