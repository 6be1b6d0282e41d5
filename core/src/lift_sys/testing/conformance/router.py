"""What every router must do."""

from itertools import islice

from ...interfaces import Attempt, Failure, Limits, Route, Router, Spend, Verdict
from ..samples import TASK
from .base import ComponentConformance

FAILED = Verdict(
    status="fail", failures=(Failure(category="wrong_output", message="a wrong result"),)
)
MOST_ATTEMPTS = 1000


class RouterConformance(ComponentConformance):
    kind = "routers"

    def routes(self, left: Limits | None = None) -> list[Route]:
        """The routes it takes while every attempt fails."""
        router: Router = self.make()
        history: list[Attempt] = []
        taken: list[Route] = []
        while route := router.next(TASK, tuple(history), left or Limits()):
            taken.append(route)
            history.append(Attempt(route.name, FAILED, "implement", Spend(calls=2)))
            assert len(taken) < MOST_ATTEMPTS, "a router must give up some day"
        return taken

    def test_it_begins_and_it_ends(self) -> None:
        assert self.routes(), "it refuses the very first attempt"

    def test_every_route_has_a_name_and_a_reason(self) -> None:
        for route in self.routes():
            assert route.name.strip(), route
            assert route.reason.strip(), route

    def test_it_is_pure(self) -> None:
        """Asked again with the same arguments, out of order, it says the same."""
        router: Router = self.make()
        taken = self.routes()
        history = [Attempt(route.name, FAILED, "implement", Spend(calls=2)) for route in taken]
        for length in [*range(len(taken) + 1), *reversed(range(len(taken) + 1))]:
            expected = next(islice(taken, length, None), None)
            assert router.next(TASK, tuple(history[:length]), Limits()) == expected
