"""What was seen of routes: tries with their verdicts and costs, and audits of what passed."""

from lift_sys.ir import Frozen


class Try(Frozen):
    """One attempt by a route."""

    route: str
    passed: bool
    after: bool = False
    """Whether an attempt before it had failed: what is left then is harder."""
    category: str | None = None
    difficulty: str | None = None
    usd: float | None = None
    """None: not known."""


class Audit(Frozen):
    """An accepted answer of a route that was held against another one, or against hidden tests."""

    route: str
    wrong: bool
    category: str | None = None
    difficulty: str | None = None


class Experience(Frozen):
    """In the order in which it was made."""

    tries: tuple[Try, ...] = ()
    audits: tuple[Audit, ...] = ()
    learnt_from: frozenset[str] = frozenset()
    """The digests of the tasks whose hidden grades it holds."""

    def __add__(self, other: "Experience") -> "Experience":
        return Experience(
            tries=self.tries + other.tries,
            audits=self.audits + other.audits,
            learnt_from=self.learnt_from | other.learnt_from,
        )
