"""A model server on 127.0.0.1 for tests and benchmarks: real HTTP, scripted answers.

    async with LoopbackServer(Answer(text="hello")) as server:
        client = AsyncOpenAI(base_url=server.url, api_key="any")

`python -m lift_sys.testing.loopback --port 0` runs one in a process of its own and prints its URL.
"""

from .answers import Answer, Counts, Dialect, Incoming, Spoken, overloaded, rate_limited, refused
from .batches import MessageBatches
from .server import LoopbackServer

__all__ = [
    "Answer",
    "Counts",
    "Dialect",
    "Incoming",
    "LoopbackServer",
    "MessageBatches",
    "Spoken",
    "overloaded",
    "rate_limited",
    "refused",
]
