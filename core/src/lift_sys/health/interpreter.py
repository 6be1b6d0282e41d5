"""Python and lift-sys themselves."""

import platform
import sys
from collections.abc import Iterator

from ..plugins import Catalogue
from .findings import Finding

_OLDEST = (3, 11)


def find() -> Iterator[Finding]:
    is_new_enough = sys.version_info >= _OLDEST
    yield Finding(
        section="lift-sys",
        name="Python",
        state="ok" if is_new_enough else "problem",
        detail=f"{platform.python_version()} in {sys.prefix}",
        remedy="" if is_new_enough else "install Python 3.11 or newer",
    )
    core = Catalogue.installed().core_version
    yield Finding(
        section="lift-sys",
        name="lift-sys",
        state="ok" if core else "problem",
        detail=core or "it runs from a folder, and was never installed",
        remedy="" if core else "`pip install lift-sys`, or `pip install -e core` from a checkout",
    )
