"""A Qwen2 decoder of small random weights, as the runtime's graph, with a small tokenizer of Qwen2's kind; bundle_fixture.py writes them to tests/fixtures."""

import sys
from pathlib import Path

import torch
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers
from transformers import Qwen2Config, Qwen2ForCausalLM

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from qwen2_language import decoder_tensors, export_language, read_sizes  # noqa: E402

# What the published tokenizer has: neither <image> nor <seg>. As there, they follow the vocabulary and are no part of it.
CONTROLS = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
WORDS = 320
END_OF_TEXT, IM_START, IM_END = range(WORDS, WORDS + len(CONTROLS))
VOCAB = WORDS + len(CONTROLS)
CONTEXT = 768
# How Qwen2 cuts a text before it looks for merges.
PATTERN = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
TEXTS = [
    "You are a helpful assistant.",
    "Are there any defects? It's 3.25 % of 1200 px\n\nYes, a crack.",
    "I'LL check  the   crack, there isn't another\u2026 (scratch)!!\r\n",
    "\u00e9t\u00e9 e\u0301te\u0301 \u691c\u67fb \U0001f50d\t\r\nx ",
]
"""Texts of which the merges are learned, and on which tokenizers are compared: contractions, digits, spaces, composed and decomposed letters."""


def small_decoder(tied: bool) -> Qwen2ForCausalLM:
    """Random weights with biases and norms that matter: a graph that drops any of them is found out."""
    torch.manual_seed(11)
    config = Qwen2Config(
        vocab_size=VOCAB, hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
        max_position_embeddings=4096, rope_theta=1e6, tie_word_embeddings=tied, attn_implementation="eager",
    )
    model = Qwen2ForCausalLM(config).eval().float()
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            parameter.copy_(torch.randn_like(parameter) * 0.3 + (1.0 if "norm" in name else 0.0))
    return model


def small_tokenizer() -> Tokenizer:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizers.NFC()
    split = pre_tokenizers.Split(Regex(PATTERN), "isolated")
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([split, pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokenizer.train_from_iterator(TEXTS, trainers.BpeTrainer(vocab_size=WORDS, initial_alphabet=alphabet, show_progress=False))
    tokenizer.add_special_tokens(CONTROLS)
    return tokenizer


def write_language(out: Path) -> Qwen2ForCausalLM:
    """Writes graph, data, `language.json` and `tokenizer.json`; returns PyTorch's own model."""
    model = small_decoder(tied=True)
    tensors = {name: parameter.numpy() for name, parameter in model.state_dict().items() if name != "lm_head.weight"}
    export_language(decoder_tensors(tensors), read_sizes(model.config.to_dict()), out, context=CONTEXT)
    small_tokenizer().save(str(out / "tokenizer.json"))
    return model
