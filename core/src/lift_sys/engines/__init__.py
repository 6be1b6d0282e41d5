"""Where batches are done: in this process, or by workers elsewhere that are sent plain data."""

from typing import TYPE_CHECKING

from .._lazy import lazily

if TYPE_CHECKING:
    from .far import FarEnd
    from .local import LocalEngine, side_by_side
    from .near import Account, Jobs

__all__ = ["Account", "FarEnd", "Jobs", "LocalEngine", "side_by_side"]

__getattr__, __dir__ = lazily(
    __name__,
    {
        "Account": "near",
        "FarEnd": "far",
        "Jobs": "near",
        "LocalEngine": "local",
        "side_by_side": "local",
    },
)
