"""Whether a plugin is made for this core, told from its metadata before it is imported."""

from collections.abc import Iterator

from packaging.requirements import InvalidRequirement, Requirement

from ..errors import IncompatiblePlugin
from .catalogue import Entry


def check_compatible(entry: Entry, core_version: str | None) -> None:
    """Raises IncompatiblePlugin."""
    plugin = f"{entry.distribution} {entry.version}"
    if core_version is None:
        raise IncompatiblePlugin(
            "the version of lift-sys itself is not known, so no plugin can be matched to it",
            remedy="install lift-sys with pip (`pip install -e core` from a checkout)",
        )
    requirements = list(_that_hold(entry, plugin))
    if not requirements:
        raise IncompatiblePlugin(
            f"{plugin} does not say which lift-sys it needs",
            remedy=f"its author adds `lift-sys>={core_version}` to its dependencies; use a version"
            " that does",
        )
    for requirement in requirements:
        if not requirement.specifier.contains(core_version, prereleases=True):
            raise IncompatiblePlugin(
                f"{plugin} needs lift-sys {requirement.specifier}, and this is {core_version}",
                remedy=f"`pip install --upgrade {entry.distribution} lift-sys`, or pick versions"
                " that go together",
            )


def _that_hold(entry: Entry, plugin: str) -> Iterator[Requirement]:
    for text in entry.requires_core:
        try:
            requirement = Requirement(text)
        except InvalidRequirement as error:
            raise IncompatiblePlugin(
                f"{plugin} has an unreadable requirement, {text!r}",
                remedy=f"`pip install --force-reinstall {entry.distribution}`, or tell its author",
            ) from error
        if requirement.marker is None or requirement.marker.evaluate():
            yield requirement
