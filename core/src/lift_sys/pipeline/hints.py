"""What a person most likely meant by a value of the wrong form, as the remedy to show."""

import re
from collections.abc import Collection, Mapping

from .config import SamplingConfig
from .tree import Node

_OTHER_WORDS = ("name", "type", "kind", "class", "plugin", "component")
_MEANT = {
    "base_url": ("api_base", "baseurl", "endpoint", "host", "openai_api_base", "server", "url"),
    "api_key": ("apikey", "key", "openai_api_key", "anthropic_api_key", "token"),
    "in_flight": ("concurrency", "max_concurrency", "parallel"),
}
"""What options of providers are called elsewhere."""
_BESIDE = {
    "retries": "`calls: {attempts: ...}` of the pipeline says how often a call is tried",
    "max_retries": "`calls: {attempts: ...}` of the pipeline says how often a call is tried",
    "rpm": "write `rate: {requests: ...}`, which is a minute's",
    "tpm": "write `rate: {tokens: ...}`, which is a minute's",
}
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


def of_options(options: Collection[str]) -> Mapping[str, str]:
    """Of a provider that has these, for names that it has not."""
    sampled = {
        name: f"write it below the pipeline's or a stage's `sampling:`, as `{name}: ...`"
        for name in SamplingConfig.model_fields
    }
    renamed = {
        name: f"it is called `{own}`"
        for own, names in _MEANT.items()
        for name in names
        if own in options
    }
    return {**sampled, **_BESIDE, **renamed}


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
