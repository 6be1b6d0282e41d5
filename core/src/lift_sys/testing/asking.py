"""What tests ask a provider, and what they make of its answer."""

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from ..errors import ProviderError
from ..interfaces import Constraint, Message, Provider, Reply, Request, Sampling

KEY = "sk-verysecretkey-0123456789"
MESSAGES = (Message(role="system", content="be brief"), Message(role="user", content="hi \u00fc"))


ProviderT = TypeVar("ProviderT", bound=Provider)


@asynccontextmanager
async def closing_each(
    make: Callable[[Mapping[str, Any]], ProviderT],
) -> AsyncGenerator[Callable[..., ProviderT]]:
    """Makes providers from further options, and closes them in the end."""
    made: list[ProviderT] = []

    def one_more(**options: Any) -> ProviderT:
        made.append(make(options))
        return made[-1]

    yield one_more
    for provider in made:
        await provider.aclose()


def asked(
    text: str | None = None,
    *,
    messages: Sequence[Message] = MESSAGES,
    constraint: Constraint | None = None,
    **sampling: Any,
) -> Request:
    """`text`: all that is said, in place of the messages."""
    if text is not None:
        messages = (Message(role="user", content=text),)
    return Request(messages=tuple(messages), sampling=Sampling(**sampling), constraint=constraint)


def half_a_character() -> Request:
    """No model of ours would let it pass, as no JSON may hold it."""
    message = Message.model_construct(role="user", content="\ud800")
    return Request.model_construct(messages=(message,), sampling=Sampling(), constraint=None)


async def one(provider: Provider, request: Request | None = None) -> Reply:
    (reply,) = await provider.complete([request or asked()])
    assert isinstance(reply, Reply), reply
    return reply


async def failure(provider: Provider, request: Request | None = None) -> ProviderError:
    (error,) = await provider.complete([request or asked()])
    assert isinstance(error, ProviderError), error
    return error
