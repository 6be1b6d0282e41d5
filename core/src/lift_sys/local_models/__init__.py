"""For providers of models in this process. Names here import on first use.

A `LocalModelProvider` makes jobs of requests, for the `Worker` that it has a `Lease` of.
"""

from typing import TYPE_CHECKING

from .._lazy import lazily

if TYPE_CHECKING:
    from .jobs import Job, closed
    from .options import LocalModelOptions
    from .provider import LocalModelProvider
    from .sharing import Lease, Shared
    from .worker import Worker

__all__ = [
    "Job",
    "Lease",
    "LocalModelOptions",
    "LocalModelProvider",
    "Shared",
    "Worker",
    "closed",
]

__getattr__, __dir__ = lazily(
    __name__,
    {
        "Job": "jobs",
        "Lease": "sharing",
        "LocalModelOptions": "options",
        "LocalModelProvider": "provider",
        "Shared": "sharing",
        "Worker": "worker",
        "closed": "jobs",
    },
)
