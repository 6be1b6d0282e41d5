"""Makes the suite from its options; all the rest is the core's."""

from pydantic import BaseModel

from lift_sys.checking.sandbox import default_sandbox
from lift_sys.data.contamination import Contamination, Known
from lift_sys.data.generated import GeneratedSuite
from lift_sys.data.jsonl import json_lines
from lift_sys.interfaces import Example, Parts

from .plugin import GeneratedOptions


class _Line(BaseModel):
    """Of a task's line, what another task may resemble."""

    id: str
    request: str
    examples: tuple[Example, ...] = ()


def create(options: GeneratedOptions, parts: Parts) -> GeneratedSuite:
    lines = (line.read(_Line) for path in options.against for line in json_lines(path))
    known = tuple(Known(line.id, line.request, line.examples) for line in lines)
    return GeneratedSuite(
        default_sandbox,
        seed=options.seed,
        count=options.count,
        part=options.part,
        wording=options.wording,
        contamination=Contamination(known),
    )
