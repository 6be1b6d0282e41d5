"""Reasoning in a call of its own, and after it the call for the answer."""

from collections.abc import Callable
from dataclasses import dataclass

from ...interfaces import Context, Message, Request, Sample


@dataclass(frozen=True, slots=True)
class Thought:
    """What a model thought before it answers."""

    id: str
    """Of the candidate that comes of it."""
    sample: Sample
    request: Request
    """The one that asks for its answer; where there is no thought, the one that asked for that."""

    @property
    def text(self) -> str:
        """What a model says counts; what it thought for itself only where it says nothing."""
        completion = self.sample.completion
        if completion is None:
            return ""
        return completion.text.strip() or (completion.reasoning or "").strip()


def thinking(thought: str, then: str) -> tuple[Message, Message]:
    """Its turn in a conversation, and the question for the answer."""
    return Message(role="assistant", content=thought), Message(role="user", content=then)


async def think_then_answer(
    ctx: Context,
    stage: str,
    request: Request,
    then: str,
    heard: Callable[[int, Thought, Sample], None],
) -> None:
    """`request` asks for n thoughts; its constraint holds for the one answer to each.

    `heard` is told of each answer when it comes. A thought that failed is its own answer.
    """
    (samples,) = await ctx.sample([request.model_copy(update={"constraint": None})])
    # Before the answers come, so that numbers do not depend on which comes first.
    thoughts = [Thought(ctx.new_id(stage), sample, request) for sample in samples]
    asked: dict[int, Thought] = {}
    for place, thought in enumerate(thoughts):
        if thought.sample.completion is None:
            heard(place, thought, thought.sample)
        else:
            question = _question(request, thought.text, then)
            asked[place] = Thought(thought.id, thought.sample, question)
    if asked:
        places = list(asked)
        await ctx.sample(
            [thought.request for thought in asked.values()],
            heard=lambda number, sample: heard(places[number], asked[places[number]], sample),
        )


def _question(request: Request, thought: str, then: str) -> Request:
    # A turn without a word is refused by some vendors.
    messages = (*request.messages, *thinking(thought or "-", then))
    sampling = request.sampling.model_copy(update={"n": 1})
    return request.model_copy(update={"messages": messages, "sampling": sampling})
