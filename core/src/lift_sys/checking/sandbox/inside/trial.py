"""Whether something works, found out by doing it in a child."""

import os
from collections.abc import Callable


def works(action: Callable[[], object]) -> bool:
    """True when `action` returned, False when it raised or ended its process."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            action()
            status = 0
        finally:
            os._exit(status)
    return os.waitpid(child, 0)[1] == 0
