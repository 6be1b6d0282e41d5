"""The completion cache: what any recorded call delivered, by the sample's identity.

Nothing is put in here: a call's record holds its samples, so both are kept together or neither.
"""

from collections.abc import Sequence

from sqlalchemy import Engine, bindparam, select

from ..interfaces import Call, CallMade, Completion
from ..ir import Frozen
from . import tables
from .blobs import unpacked_pairs
from .failures import told
from .places import Place
from .rows import Row, SampleRow, from_row, sample_of

_AT_ONCE = 500
"""Keys asked for in one statement."""


class StoredSample(Frozen):
    completion: Completion
    seed: int | None
    call: Call
    """The sample's share of the call that delivered it: what it cost the first time."""


class Samples:
    """Shared by all runs on the store."""

    def __init__(self, engine: Engine, place: Place) -> None:
        self._engine = engine
        self._place = place

    def get(self, keys: Sequence[str]) -> dict[str, StoredSample]:
        """The first that was recorded of each; keys without one are missing.

        What a run delivers is found by others once it is committed.
        """
        found: dict[str, StoredSample] = {}
        with told(self._place, "read"), self._engine.connect() as connection:
            for start in range(0, len(keys), _AT_ONCE):
                wanted = {"keys": list(keys[start : start + _AT_ONCE])}
                for key, of, call, body, *texts in connection.execute(_QUERY, wanted):
                    if key not in found:
                        found[key] = _sample(SampleRow(key, body, *unpacked_pairs(texts)), call, of)
        return found


_S, _C = tables.samples.c, tables.calls.c
_TEXT, _REST = tables.blobs.alias(), tables.blobs.alias()
_QUERY = (
    select(
        *(_S.key, _S.of, _C.body, _S.body),
        *(_TEXT.c.form, _TEXT.c.data, _REST.c.form, _REST.c.data),
    )
    .select_from(
        tables.samples.join(tables.calls, (_C.run == _S.run) & (_C.seq == _S.seq))
        .outerjoin(_TEXT, _TEXT.c.digest == _S.text)
        .outerjoin(_REST, _REST.c.digest == _S.rest)
    )
    .where(_S.key.in_(bindparam("keys", expanding=True)))
    .order_by(_S.run, _S.seq)
)


def _sample(row: SampleRow, call: str, of: int) -> StoredSample:
    delivered, made = sample_of(row), from_row(Row("calls", call), "")
    assert delivered.completion is not None  # else it would have no key
    assert isinstance(made, CallMade)
    share = _share(made.call, of)
    return StoredSample(completion=delivered.completion, seed=delivered.seed, call=share)


def _share(call: Call, of: int) -> Call:
    usage = call.usage
    tokens = {
        "input_tokens": round(usage.input_tokens / of),
        "output_tokens": round(usage.output_tokens / of),
        "cached_tokens": round(usage.cached_tokens / of),
    }
    cost = None if call.cost is None else call.cost / of
    return call.model_copy(update={"usage": usage.model_copy(update=tokens), "cost": cost})
