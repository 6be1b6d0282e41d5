"""What is looked at before anything is paid for, and what no plugin may do in the middle of it."""

import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from ..errors import BrokenPlugin, InputError


@contextmanager
def plugins_cannot_exit() -> Generator[None]:
    """Else one that does looks like a run that passed."""
    try:
        yield
    except SystemExit as end:
        raise BrokenPlugin(
            f"a plugin called sys.exit({end.code!r:.40}) in the middle of the run",
            remedy="LIFT_SYS_DEBUG=1 shows where it happened; its author should know",
        ) from end


def writable(output: str) -> Path:
    """The file that -o names. Raises InputError where it cannot be written."""
    path = Path(output)
    try:
        if path.is_dir():
            raise unwritable(output, "it is a folder")
        if not path.parent.is_dir():
            raise unwritable(output, f"there is no folder {path.parent}")
        if not os.access(path if path.exists() else path.parent, os.W_OK):
            raise unwritable(output, "you may not write there")
    except (OSError, ValueError) as error:
        raise unwritable(output, getattr(error, "strerror", None) or str(error)) from error
    return path


def unwritable(path: str, why: str) -> InputError:
    return InputError(f"cannot write {path!r}: {why}", remedy="give -o a file you may write to")
