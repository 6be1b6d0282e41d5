"""Wrong calls once more, in variants that tell what the mistake is."""

from dataclasses import replace

from ..interfaces import Sandbox
from .execution import observe
from .taxonomy import Facts, variants


async def with_variants(facts: Facts, sandbox: Sandbox) -> Facts:
    """What the code returns for wrong calls turned round, and with numbers for bools: where that
    could be what is wrong with it, as it costs a job."""
    asked = variants(facts)
    calls = [call for kind in asked for call in kind.values()]
    if not calls:
        return facts
    tried = iter((await observe(facts.code, calls, sandbox, probing=True)).seen)
    backwards, plain = (
        {
            number: seen.result
            for number, seen in zip(kind, tried, strict=False)
            if seen.outcome == "returned"
        }
        for kind in asked
    )
    return replace(facts, reversed_=backwards, without_bools=plain)
