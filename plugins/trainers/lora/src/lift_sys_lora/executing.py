"""Held-out functions that a model writes, run on their examples and held against their IR."""

from collections.abc import Sequence
from typing import Any

from lift_sys.checking.assembly import Unassembled, assemble
from lift_sys.checking.examiner import Examiner
from lift_sys.data.dataset import TrainingExample
from lift_sys.interfaces import Sandbox

from .encoding import Encoded, Encoder
from .network import greedy
from .rows import task_of


def executable(rows: Sequence[Encoded], count: int) -> list[Encoded]:
    """Rows whose answers can be run, of as many clusters as there are."""
    found = [row for row in rows if row.row.source is not None and row.row.stage == "implement"]
    first = {row.row.cluster: row for row in reversed(found)}
    return list(first.values())[:count]


async def passed(
    model: Any, rows: Sequence[Encoded], encoder: Encoder, longest: int, sandbox: Sandbox
) -> float:
    """Share of the functions that pass, written greedily."""
    right = 0
    for row in rows:
        example = row.row.source
        assert example is not None
        said = greedy(model, row.asked, longest, encoder.ends)
        right += await _passes(encoder.text(said.tokens), example, sandbox)
    return right / len(rows)


async def _passes(text: str, example: TrainingExample, sandbox: Sandbox) -> bool:
    try:
        code = assemble(text, example.ir.signature)
    except Unassembled:
        return False
    examiner = Examiner(task_of(example, pinned=True), example.ir, sandbox)
    return (await examiner.examine(code)).status == "pass"
