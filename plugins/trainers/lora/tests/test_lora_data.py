"""What is read, how it is split, and which of its tokens count."""

import json
from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: `.ci/heavy lora` runs these")

from lift_sys_lora.encoding import IGNORED, Encoder, assert_masked, batch_of
from lift_sys_lora.executing import executable, passed
from lift_sys_lora.lesson_plan import material
from lift_sys_lora.network import Greedy, greedy, mean_loss, summed_loss
from lift_sys_lora.plugin import LoraOptions
from lift_sys_lora.rows import Reading, Row, held_out
from lift_sys_lora.trainer import LoraTrainer
from transformers import AutoModelForCausalLM, AutoTokenizer

from lift_sys.checking.sandbox import default_sandbox
from lift_sys.data.building.records import DatasetExample, Quality
from lift_sys.data.dataset import training_examples
from lift_sys.errors import InputError, LiftError
from lift_sys.interfaces import Message
from lift_sys.prompts import plain_text
from lift_sys.testing.tiny_model import make_tiny_model

READING = Reading(("specify", "implement"), "tuned", 0.5)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_tiny_model(tmp_path_factory.mktemp("base"))


@pytest.fixture(scope="module")
def tokenizer(base: Path):
    return AutoTokenizer.from_pretrained(str(base))


@pytest.fixture(scope="module")
def model(base: Path):
    return AutoModelForCausalLM.from_pretrained(str(base)).eval()


@pytest.fixture
async def examples(tmp_path: Path) -> Path:
    sandbox = default_sandbox()
    try:
        stream = training_examples(3, sandbox, wordings=1)
        found = [await anext(stream) for _ in range(12)]
    finally:
        await sandbox.aclose()
    path = tmp_path / "train.jsonl"
    quality = Quality(literals=1.0, assertions=0.5, branches=1.0)
    rows = [DatasetExample(**dict(one), quality=quality) for one in found]
    path.write_text("".join(f"{one.model_dump_json()}\n" for one in rows), encoding="utf-8")
    return path


def written(path: Path, *rows: object) -> Path:
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    return path


def test_rows_of_every_form_are_read(tmp_path: Path):
    messages = [{"role": "system", "content": "s"}, {"role": "user", "content": "q"}]
    path = written(
        tmp_path / "rows.jsonl",
        {"messages": [*messages, {"role": "assistant", "content": "a"}], "extra": 1},
        {"prompt": "q", "completion": "a"},
        {"instruction": "i", "input": "q", "output": "a"},
        {"instruction": "i", "output": "a"},
    )
    rows = READING.rows(path)
    assert [[m.content for m in row.messages] for row in rows] == [
        ["s", "q"],
        ["q"],
        ["i\n\nq"],
        ["i"],
    ]
    assert {row.answer for row in rows} == {"a"}


@pytest.mark.parametrize(
    ("line", "cause"),
    [
        ('{"prompt": "q"}', "no form that is known"),
        ('{"messages": [{"role": "user", "content": "q"}]}', "no form that is known"),
        ('{"prompt": "q", "completion": " "}', "missing"),
        ('{"ir": {}}', "Field required"),
        ("[1]", "not a JSON object"),
        ("{", "cut off"),
    ],
)
def test_what_is_no_row_is_said_with_its_line(tmp_path: Path, line: str, cause: str):
    path = tmp_path / "rows.jsonl"
    path.write_text('{"prompt": "q", "completion": "a"}\n' + line, encoding="utf-8")
    with pytest.raises(InputError, match=cause) as caught:
        READING.rows(path)
    assert "rows.jsonl:2" in caught.value.cause


async def test_training_examples_are_asked_as_a_pipeline_asks(examples: Path):
    rows = READING.rows(examples)
    assert [row.stage for row in rows[:2]] == ["specify", "implement"]
    pinned = ["Use exactly this signature" in row.messages[-1].content for row in rows[::2]]
    assert len(set(pinned)) == 2
    for specify, implement in zip(rows[::2], rows[1::2], strict=True):
        assert specify.source is not None
        assert specify.source.request.strip() in specify.messages[-1].content
        assert json.loads(specify.answer)["signature"]["name"] == specify.source.ir.signature.name
        assert specify.answer in implement.messages[-1].content
        assert implement.answer == f"```python\n{specify.source.code.strip()}\n```"


def test_whole_clusters_are_held_out_whatever_their_order():
    rows = [Row((), "a", f"cluster {n % 20}") for n in range(60)]
    learnt, kept = held_out(rows, 0.1)
    assert len(kept) == 6
    assert not {row.cluster for row in learnt} & {row.cluster for row in kept}
    assert {row.cluster for row in held_out(rows[::-1], 0.1)[1]} == {row.cluster for row in kept}
    with pytest.raises(InputError, match="one cluster"):
        held_out(rows[:1] * 3, 0.1)


def row(question: str, answer: str) -> Row:
    messages = (Message(role="system", content="Be brief."), Message(role="user", content=question))
    return Row(messages, answer, "c")


@pytest.mark.parametrize("form", ["chat", "plain"])
def test_answers_count_and_nothing_else(tokenizer, model, form: str):
    encoder = Encoder.of(tokenizer, form)
    rows = [encoder.encode(row("Double 3.", "6")), encoder.encode(row("Double it: 40?", "eighty"))]
    for one, answer in zip(rows, ("6", "eighty"), strict=True):
        assert tokenizer.decode(list(one.answer)) == f"{answer}<|end|>"
        asked = tokenizer.decode(list(one.asked))
        ends = "<|assistant|>" if form == "chat" else "Assistant:\n"
        assert asked.endswith(ends)
        if form == "plain":
            assert asked == plain_text(one.row.messages)
    batch = batch_of(rows, encoder.padding)
    assert [int((label != IGNORED).sum()) for label in batch.labels] == [
        len(r.answer) for r in rows
    ]
    with torch.no_grad():
        together = summed_loss(model, batch)
        # By hand, a row at a time, without padding.
        apart = 0.0
        for one in rows:
            scores = model(torch.tensor([[*one.asked, *one.answer]])).logits[0].log_softmax(-1)
            for place, token in enumerate(one.answer):
                apart -= float(scores[len(one.asked) + place - 1, token])
    assert float(together) == pytest.approx(apart, rel=1e-4)
    tokens = sum(len(one.answer) for one in rows)
    assert mean_loss(model, rows, 1, encoder.padding) == pytest.approx(apart / tokens, rel=1e-4)


@pytest.mark.parametrize("fault", ["question", "padding", "answer", "other token"])
def test_a_token_that_should_not_count_is_noticed(tokenizer, fault: str):
    encoder = Encoder.of(tokenizer, "auto")
    rows = [encoder.encode(row("Double 3.", "6")), encoder.encode(row("Double 12345.", "24690"))]
    batch = batch_of(rows, encoder.padding)
    first = len(rows[0].asked)
    place, value = {
        "question": (first - 1, 7),
        "padding": (-1, 0),
        "answer": (first, IGNORED),
        "other token": (first, 0),
    }[fault]
    batch.labels[0, place] = value
    with pytest.raises(LiftError, match="would be learnt"):
        assert_masked(batch.labels, rows)


def test_greedy_is_what_generate_says(tokenizer, model):
    encoder = Encoder.of(tokenizer, "auto")
    asked = encoder.asked(row("Double 3.", "").messages)
    said = greedy(model, asked, 12, encoder.ends)
    whole = model.generate(torch.tensor([asked]), do_sample=False, max_new_tokens=12)
    assert list(said.tokens) == whole[0, len(asked) :].tolist()
    assert len(said.gaps) == len(said.tokens)


@pytest.mark.parametrize("right", [True, False])
async def test_functions_that_are_right_pass_and_others_do_not(
    tokenizer, examples: Path, monkeypatch: pytest.MonkeyPatch, right: bool
):
    encoder = Encoder.of(tokenizer, "auto")
    rows = executable([encoder.encode(row) for row in READING.rows(examples)], 6)
    assert len(rows) == 6
    said = {row.asked: row.answer if right else encoder.tokens("nothing") for row in rows}
    monkeypatch.setattr(
        "lift_sys_lora.executing.greedy", lambda model, asked, *_: Greedy(said[asked], ())
    )
    sandbox = default_sandbox()
    try:
        share = await passed(None, rows, encoder, 64, sandbox)
    finally:
        await sandbox.aclose()
    assert share == (1.0 if right else 0.0)


async def test_it_trains_on_what_the_dataset_builder_writes(
    base: Path, examples: Path, tmp_path: Path
):
    options = LoraOptions(
        base=str(base),
        data=examples,
        epochs=1,
        compared=1,
        executed=2,
        answer_tokens=8,
        validation_share=0.3,
        learning_rate=1e-3,
    )
    done = await LoraTrainer(options).train(tmp_path / "run")
    assert done.metrics["functions passed"] == 0.0
    assert done.metrics["validation loss"] < done.metrics["base: validation loss"]


def test_rows_that_are_too_long_are_left_out_and_counted(base: Path, tmp_path: Path):
    rows = [{"prompt": f"Double {n}.", "completion": "x" * (8 * n)} for n in range(1, 13)]
    options = LoraOptions(
        base=str(base),
        data=written(tmp_path / "rows.jsonl", *rows),
        longest=100,
        validation_share=0.3,
    )

    read = material(options)
    assert read.left_out > 0
    assert len(read.learnt) + len(read.validation) + read.left_out == 12
    with pytest.raises(InputError, match="the shortest has"):
        material(options.model_copy(update={"longest": 16}))


def test_what_is_measured_on_is_not_learnt_from(base: Path, tmp_path: Path):
    rows = [{"prompt": f"Double {n}.", "completion": str(n)} for n in range(4)]
    options = LoraOptions(
        base=str(base),
        data=written(tmp_path / "rows.jsonl", *rows),
        validation=written(tmp_path / "validation.jsonl", *rows[:1]),
    )
    with pytest.raises(InputError, match="are learnt from"):
        LoraTrainer(options).estimate()
