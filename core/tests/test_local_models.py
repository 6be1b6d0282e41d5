"""Leases of workers, and jobs for them."""

import asyncio

import pytest

from lift_sys.errors import ProviderError, RequestRejected
from lift_sys.interfaces import Completion, Message, Reply, Request, Usage
from lift_sys.local_models import Job, Lease, Shared, closed
from lift_sys.local_models.jobs import answers
from lift_sys.prompts import prompt_tokens

ASKED = Request(messages=(Message(role="user", content="hello"),))
REPLY = Reply(completions=(Completion(text="hi"),), usage=Usage(), model="m")


class Worker:
    def __init__(self) -> None:
        self.jobs: list[Job[None]] = []
        self.ended = 0

    def submit(self, job: Job[None]) -> None:
        self.jobs.append(job)

    def close(self) -> None:
        self.ended += 1
        for job in self.jobs:
            if not job.future.done():
                job.answer(closed())


def test_the_last_user_of_a_worker_ends_it_and_a_later_one_has_a_new_one():
    shared = Shared[Worker]()
    one, other, apart = (Lease(shared, key, Worker) for key in ("a", "a", "b"))
    assert one.taken is None
    held = one.worker()
    assert held is one.worker() is other.worker() is one.taken
    assert apart.worker() is not held
    assert len(shared) == 2
    one.end()
    one.end()
    assert held.ended == 0
    other.end()
    assert held.ended == 1
    assert one.worker() is not held
    one.end()
    apart.end()
    assert not shared


async def test_jobs_are_answered_in_order_and_given_up_with_who_asked():
    worker = Worker()
    jobs = [Job(ASKED, None, "m") for _ in range(2)]
    running = asyncio.create_task(answers(worker.submit, jobs))
    await asyncio.sleep(0)
    jobs[1].answer(RequestRejected("no"))
    jobs[0].answer(REPLY)
    first, second = await running
    assert first is REPLY
    assert isinstance(second, ProviderError)

    cancelled = [Job(ASKED, None, "m")]
    running = asyncio.create_task(answers(worker.submit, cancelled))
    await asyncio.sleep(0)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert cancelled[0].given_up
    worker.close()  # what nobody waits for is answered in vain


class Tokenizer:
    bos_token = "^"
    chat_template = "a template"

    def __call__(self, text: str, *, add_special_tokens: bool) -> dict[str, list[int]]:
        assert not add_special_tokens
        return {"input_ids": [*text.encode()]}

    def apply_chat_template(self, told, *, add_generation_prompt, tokenize, **values) -> str:
        assert add_generation_prompt
        assert not tokenize
        if values.get("strict"):
            raise ValueError("roles must alternate")
        return "".join(f"<{each['role']}>{each['content']}" for each in told)


class Plain(Tokenizer):
    chat_template = None


def read(tokenizer=Tokenizer, room: int = 99, format="auto", **template) -> str:
    given = {"model": "m", "room": room, "format": format, "template": template}
    return bytes(prompt_tokens(ASKED.messages, tokenizer(), **given)).decode()


def test_messages_are_read_by_the_model_s_template_or_plain():
    assert read() == read(format="chat") == "<user>hello"
    assert read(Plain) == read(format="plain") == "^User:\nhello\n\nAssistant:\n"


@pytest.mark.parametrize(
    ("given", "cause"),
    [
        ({"tokenizer": Plain, "format": "chat"}, "has no chat template"),
        ({"strict": True}, "roles must alternate"),
        ({"room": 11}, "11 tokens; m reads 11 with its reply"),
    ],
)
def test_what_cannot_be_read_is_refused(given, cause: str):
    with pytest.raises(RequestRejected, match=cause):
        read(**given)
