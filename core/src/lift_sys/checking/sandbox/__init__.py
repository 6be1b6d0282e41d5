"""Where hostile code runs. The names here import on first use: `plugin.py` must stay light."""

from typing import TYPE_CHECKING

from ..._lazy import lazily

if TYPE_CHECKING:
    from .factories import default_sandbox
    from .processes import SubprocessSandbox
    from .zygotes import ZygoteSandbox

__all__ = ["SubprocessSandbox", "ZygoteSandbox", "default_sandbox"]

__getattr__, __dir__ = lazily(
    __name__,
    {
        "SubprocessSandbox": "processes",
        "ZygoteSandbox": "zygotes",
        "default_sandbox": "factories",
    },
)
