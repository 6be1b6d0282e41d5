"""`python -m lift_sys_bandit.learn STORE FILE [--grades]`

Writes what the store's runs teach of their routes, for the bandit's option `state`, and prints how
much that is. With `--grades` the hidden grades of winners count as audits: the tasks they are of
are noted, and an evaluation of the bandit on those is refused.
"""

import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from lift_sys.errors import LiftError
from lift_sys.store import Grades, Store

from .experience import Audit, Experience
from .reading import latest, tasks_of, together

_ALL = 100_000


def learn(where: str, *, grades: bool = False) -> Experience:
    with Store.open(where, create=False) as store:
        told = {run: tasks_of(store, run) for run in latest(store, _ALL)}
    known = together(each for tasks in told.values() for each in tasks.values())
    if not grades:
        return known
    audits: list[Audit] = []
    learnt_from: set[str] = set()
    with Grades.open(where) as graded:
        for run, tasks in told.items():
            for grade in graded.of(run, subject="winner"):
                task = tasks.get(grade.task)
                if task is not None and task.accepted is not None:
                    audits.append(task.audit(task.accepted, wrong=not grade.verdict.passed))
                    learnt_from.add(task.task.digest)
    return known + Experience(audits=tuple(audits), learnt_from=frozenset(learnt_from))


def main(arguments: Sequence[str]) -> int:
    places = [each for each in arguments if each != "--grades"]
    if len(places) != 2:
        sys.stderr.write(__doc__ or "")
        return 2
    try:
        known = learn(places[0], grades="--grades" in arguments)
    except LiftError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    Path(places[1]).write_text(known.model_dump_json() + "\n", encoding="utf-8")
    tries = Counter(each.route for each in known.tries)
    passed = Counter(each.route for each in known.tries if each.passed)
    audits = Counter(each.route for each in known.audits)
    wrong = Counter(each.route for each in known.audits if each.wrong)
    for route, count in sorted(tries.items()):
        sys.stdout.write(
            f"{route}: {passed[route]} of {count} passed; of {audits[route]} audited "
            f"{wrong[route]} were wrong\n"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
