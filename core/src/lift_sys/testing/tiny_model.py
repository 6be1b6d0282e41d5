"""A tiny random Hugging Face model, made on the spot: what loads, trains or serves such models is
tested with it, without a download. Wants torch, transformers and tokenizers, when it is called."""

import warnings
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

CHAT_TEMPLATE = (
    "{% for message in messages %}<|{{ message.role }}|>{{ message.content }}"
    "{% if message.role == 'assistant' %}<|end|>{% endif %}{{ '\\n' }}{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)
_SPECIAL = ("<|pad|>", "<|end|>", "<|system|>", "<|user|>", "<|assistant|>")
_TEXTS = (
    "def add(left: int, right: int) -> int:\n    return left + right\n",
    'Turn the request into its specification, as one JSON object: {"intent": {"summary": "..."}}',
    "Write a function that returns the first even number of a list, or None where there is none.",
)


def make_tiny_model(
    folder: Path,
    *,
    chat: bool = True,
    seed: int = 0,
    context: int = 4096,
    width: int = 32,
    layers: int = 2,
    texts: Sequence[str] = _TEXTS,
) -> Path:
    """A Llama with random weights and a byte-level tokenizer that reads any text; into `folder`."""
    _tokenizer(texts, chat).save_pretrained(str(folder))
    torch: Any = import_module("torch")
    transformers: Any = import_module("transformers")
    config = transformers.LlamaConfig(
        vocab_size=320,
        hidden_size=width,
        intermediate_size=2 * width,
        num_hidden_layers=layers,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=context,
        pad_token_id=0,
        bos_token_id=None,
        eos_token_id=1,
        initializer_range=0.2,
    )
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        transformers.LlamaForCausalLM(config).save_pretrained(str(folder))
    return folder


def make_tiny_adapter(folder: Path, model: Path, *, seed: int = 1) -> Path:
    """A LoRA adapter of that model with random weights, into `folder`. Wants peft, too."""
    torch: Any = import_module("torch")
    base: Any = import_module("transformers").AutoModelForCausalLM.from_pretrained(str(model))
    modules = ["q_proj", "v_proj", "down_proj"]
    with torch.random.fork_rng(), quiet_peft() as peft:
        torch.manual_seed(seed)
        config = peft.LoraConfig(r=4, target_modules=modules, init_lora_weights=False)
        peft.get_peft_model(base, config).save_pretrained(str(folder))
    return folder


@contextmanager
def quiet_peft() -> Generator[Any]:
    """PEFT asks transformers in words that these have given up, and warn of."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        yield import_module("peft")


def _tokenizer(texts: Sequence[str], chat: bool) -> Any:
    tokenizers: Any = import_module("tokenizers")
    transformers: Any = import_module("transformers")
    byte_level = tokenizers.pre_tokenizers.ByteLevel
    made = tokenizers.Tokenizer(tokenizers.models.BPE())
    made.pre_tokenizer = byte_level(add_prefix_space=False)
    made.decoder = tokenizers.decoders.ByteLevel()
    trainer = tokenizers.trainers.BpeTrainer(
        vocab_size=320,
        special_tokens=list(_SPECIAL),
        initial_alphabet=byte_level.alphabet(),
        show_progress=False,
    )
    made.train_from_iterator(texts, trainer)
    return transformers.PreTrainedTokenizerFast(
        tokenizer_object=made,
        pad_token="<|pad|>",
        eos_token="<|end|>",
        chat_template=CHAT_TEMPLATE if chat else None,
    )


__all__ = ["CHAT_TEMPLATE", "make_tiny_adapter", "make_tiny_model", "quiet_peft"]
