"""What makes a sample this one and no other: keys for caches, records and derived seeds."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final

from ..interfaces import Constraint, Request

_MOST_TEXTS: Final = 32
_TEXTS: Final[dict[int, tuple[Constraint, str]]] = {}


def digest(*parts: str | bytes) -> str:
    """A short stable digest of several texts, each told apart from its neighbours."""
    told: list[bytes] = []
    for part in parts:
        raw = part if isinstance(part, bytes) else part.encode("utf-8", "surrogatepass")
        told += (len(raw).to_bytes(8, "big"), raw)
    return hashlib.sha256(b"".join(told)).hexdigest()[:32]


def digest_json(document: Mapping[str, Any]) -> str:
    return digest(json.dumps(document, sort_keys=True, separators=(",", ":")))


def request_digest(request: Request) -> str:
    """Of all that the model sees. `n` and `seed` say which sample is meant, not what is asked."""
    sampling = request.sampling
    return digest(
        *(f"{message.role}\0{message.content}" for message in request.messages),
        repr((sampling.max_tokens, sampling.temperature, sampling.stop, sampling.logprobs)),
        "" if request.constraint is None else constraint_text(request.constraint),
    )


def constraint_text(constraint: Constraint) -> str:
    """Made once: a schema is long, and every request of a stage bears the same one."""
    known = _TEXTS.get(id(constraint))
    if known is None:
        if len(_TEXTS) >= _MOST_TEXTS:
            _TEXTS.clear()
        # Held, so that no other takes its identity.
        known = _TEXTS[id(constraint)] = (constraint, constraint.model_dump_json())
    return known[1]


def sample_key(provider: str, model: str, request: str, seed: int, epoch: int, index: int) -> str:
    """The identity of a sample. Two draws with the same one are the same draw.

    `request` is its digest, `index` says which sample of it.
    """
    # The last part says nothing; without it, what is recorded would bear other names.
    return digest(provider, model, request, str(seed), str(epoch), str(index), "0")


def place_of(provider: str, request: str, index: int) -> str:
    """A sample within its task."""
    return f"{provider}/{request}/{index}"


def derive_seed(*parts: str | int) -> int:
    """A seed that fits every vendor's signed 32 bits."""
    return int(digest(*(str(part) for part in parts))[:8], 16) & 0x7FFFFFFF
