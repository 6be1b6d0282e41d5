"""What a person most likely meant by a value of the wrong form, as the remedy to show."""

import re

from .tree import Node

_OTHER_WORDS = ("name", "type", "kind", "class", "plugin", "component")
_VARIABLE = re.compile(r"\$([A-Za-z_]\w*)")


def of_a_component(node: Node) -> str:
    """Of a mapping without `use`."""
    if not isinstance(node.value, dict):
        return ""
    for key, child in node.value.items():
        if key.startswith("use:"):
            return "put a space after `use:`"
        if key in _OTHER_WORDS and isinstance(child.value, str):
            return f"write `use: {child.value}` instead of `{key}: {child.value}`"
    if len(node.value) == 1:
        ((key, child),) = node.value.items()
        if isinstance(child.value, dict):
            # The keys alone: one of the values may be a secret.
            options = "".join(f", {option}: ..." for option in child.value)
            return f"write `{{use: {key}{options}}}`"
        if child.value is None:
            return f"write `{key}` alone, or `use: {key}`"
    return "name the component"


def of_a_stage(key: str, node: Node) -> str:
    """Of a stage that is no mapping."""
    if isinstance(node.value, str):
        return f"write `{key}: {{provider: {node.value}}}`"
    return "write `provider:` and the like below it"


def of_a_list(node: Node) -> str:
    if isinstance(node.value, str):
        return f"write `[{node.value}]`"
    return "put it between [ and ]" if node.child("use") is not None else ""


def of_a_number(node: Node) -> str:
    named = _VARIABLE.fullmatch(node.value) if isinstance(node.value, str) else None
    return f'write `"${{{named[1]}}}"` for the environment variable' if named else ""
