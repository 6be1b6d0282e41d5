"""What runs in Ray's worker processes."""

from collections.abc import Iterator

from lift_sys.engines import FarEnd
from lift_sys.interfaces import Order, Told

_END = FarEnd()
"""Of this process: tasks that Ray gives to it one after the other share what is dear to make."""


def obey(order: Order) -> Iterator[Told]:
    yield from _END.obey(order)
