"""The kinds of component, as one table: a new kind is a row here and an interface."""

from typing import NamedTuple


class Kind(NamedTuple):
    name: str
    """Plural, as in the config and on the command line."""
    singular: str
    interface: str
    """`module:attribute` of what its components implement."""
    conformance: str
    """`module:attribute` of the suite that a plugin's own tests subclass."""

    @property
    def group(self) -> str:
        """The entry-point group."""
        return f"lift_sys.{self.name}"

    @property
    def hook(self) -> str:
        return f"lift_sys_{self.name}"


def _kind(name: str, singular: str, interface: str) -> Kind:
    suite = interface.rpartition(":")[2] + "Conformance"
    return Kind(name, singular, interface, f"lift_sys.testing.conformance:{suite}")


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        _kind("providers", "provider", "lift_sys.interfaces:Provider"),
        _kind("strategies", "strategy", "lift_sys.interfaces:Strategy"),
        _kind("scorers", "scorer", "lift_sys.interfaces:Scorer"),
        _kind("routers", "router", "lift_sys.interfaces:Router"),
        _kind("data_sources", "data source", "lift_sys.interfaces:DataSource"),
        _kind("observers", "observer", "lift_sys.interfaces:Observer"),
        _kind("commands", "command", "click:Command"),
        _kind("engines", "engine", "lift_sys.interfaces:Engine"),
        _kind("trainers", "trainer", "lift_sys.interfaces:Trainer"),
        _kind("stages", "stage", "lift_sys.interfaces:Stage"),
        _kind("sandboxes", "sandbox", "lift_sys.interfaces:Sandbox"),
        _kind("checks", "check", "lift_sys.interfaces:Check"),
    )
}
