"""Wrong calls once more, in variants that tell what the mistake is."""

from collections.abc import Sequence

from ..interfaces import Code, Sandbox
from .execution import observe
from .taxonomy import Variants, Wrong, variants


async def try_variants(
    code: Code, wrong: Sequence[Wrong], sandbox: Sandbox
) -> tuple[Variants, Variants]:
    """What the code returned for them: turned round, and with numbers for bools."""
    asked = variants(wrong)
    calls = [call for kind in asked for call in kind.values()]
    if not calls:
        return {}, {}
    tried = iter((await observe(code, calls, sandbox, probing=True)).seen)
    backwards, plain = (
        {
            number: seen.result
            for number, seen in zip(kind, tried, strict=False)
            if seen.outcome == "returned"
        }
        for kind in asked
    )
    return backwards, plain
