"""A job in a process of its own, for systems without fork or namespaces: one start per job.

The job comes through standard input, the report leaves through standard output.
"""

import json
import os

from . import job, places
from .confine import Limits, bounds, file_rules, memory_in_use, plan


def main(place: str, limits: str) -> None:
    receive, send = os.dup(0), os.dup(1)
    null = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(null, standard)
    os.close(null)
    own = plan(places.readable(), memory_in_use())
    if own.uid >= 0:
        os.chown(place, own.uid, -1)
    given = Limits(*json.loads(limits))
    terms = job.Terms(given, bounds(own, given), place, file_rules(own, place))
    job.run(receive, send, job.Setting(own), terms)
