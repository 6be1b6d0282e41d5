"""Holds code against its IR on inputs that a check thought of, as its verdict would."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from ..interfaces import Code, Failure, Sandbox, Subject
from .admission import Probe, admit
from .evidence import Evidence
from .examiner import Examiner, situation_of
from .execution import Call, observe
from .inputs import Arguments
from .ordinary import is_ordinary

_TOGETHER = 50
"""Calls in one process. Not more than `admit` takes at once."""
_ANSWERS = ("returned", "raised", "unencodable", "forbidden")


class Trial(NamedTuple):
    """One input that the code is held to."""

    call: Call
    answered: bool
    """It returned or raised; where not, nothing is known of it."""
    failure: Failure | None


class Trials:
    """Nothing of the code or of the IR runs but in the sandbox."""

    def __init__(self, subject: Subject, code: Code, sandbox: Sandbox) -> None:
        self._examiner = Examiner(subject.task, subject.ir, sandbox)
        self._code = code
        self._sandbox = sandbox
        self.claims = self._examiner.claims

    async def refuted(self) -> frozenset[int]:
        """The invariants that the code is not held to, for a visible example denies them."""
        return await self._examiner.refuted()

    async def run(self, inputs: Sequence[Arguments]) -> list[Trial]:
        """Of those that are ordinary and keep to the preconditions; of each batch the smallest
        first."""
        done: list[Trial] = []
        usual = [arguments for arguments in inputs if is_ordinary(arguments)]
        for start in range(0, len(usual), _TOGETHER):
            batch = tuple(usual[start : start + _TOGETHER])
            admitted = await admit(replace(self.claims, inputs=batch), self._sandbox)
            done += await self._try(admitted)
        return done

    async def fails(self, arguments: Arguments) -> Failure | None:
        """By itself: what stands in the way of one input need not be its own fault."""
        return next((trial.failure for trial in await self.run([arguments])), None)

    async def _try(self, probes: Sequence[Probe]) -> list[Trial]:
        if not probes:
            return []
        calls = [probe.call for probe in probes]
        probed = await observe(self._code, calls, self._sandbox, probing=True)
        if probed.loaded is not None:
            return []
        situations = [situation_of(c, seen) for c, seen in zip(calls, probed.seen, strict=True)]
        returned = [situation for situation in situations if situation is not None]
        held = iter(
            await self.claims.predicates.hold_nearly(
                returned, self._sandbox, list(self.claims.invariants)
            )
        )
        refuted = await self.refuted()
        trials: list[Trial] = []
        for probe, seen, situation in zip(probes, probed.seen, situations, strict=True):
            task, ir = self._examiner.task, self._examiner.ir
            evidence = Evidence(task, ir, self._code, self.claims, probed.guards)
            truths = [] if situation is None else next(held)
            evidence.probe(probe, seen, situation, truths, refuted)
            failure = next((wrong.failure for wrong in evidence.wrong), None)
            trials.append(Trial(probe.call, seen.outcome in _ANSWERS, failure))
        return trials
