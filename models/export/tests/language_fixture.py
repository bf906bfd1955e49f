"""A Qwen2 decoder of small random weights, as the runtime's graph, with a tokenizer of single bytes; bundle_fixture.py writes them to tests/fixtures."""

import sys
from pathlib import Path

import torch
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import Qwen2Config, Qwen2ForCausalLM

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from qwen2_language import decoder_tensors, export_language, read_sizes  # noqa: E402

# What the published tokenizer has: neither <image> nor <seg>.
CONTROLS = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
CONTEXT = 768


def small_decoder(tied: bool) -> Qwen2ForCausalLM:
    """Random weights with biases and norms that matter: a graph that drops any of them is found out."""
    torch.manual_seed(11)
    config = Qwen2Config(
        vocab_size=256 + len(CONTROLS), hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
        max_position_embeddings=4096, rope_theta=1e6, tie_word_embeddings=tied, attn_implementation="eager",
    )
    model = Qwen2ForCausalLM(config).eval().float()
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            parameter.copy_(torch.randn_like(parameter) * 0.3 + (1.0 if "norm" in name else 0.0))
    return model


def write_tokenizer(out: Path) -> None:
    tokens = sorted(pre_tokenizers.ByteLevel.alphabet()) + CONTROLS
    tokenizer = Tokenizer(models.BPE(vocab={token: index for index, token in enumerate(tokens)}, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.add_special_tokens(CONTROLS)
    tokenizer.save(str(out / "tokenizer.json"))


def write_language(out: Path) -> Qwen2ForCausalLM:
    """Writes graph, data, `language.json` and `tokenizer.json`; returns PyTorch's own model."""
    model = small_decoder(tied=True)
    tensors = {name: parameter.numpy() for name, parameter in model.state_dict().items() if name != "lm_head.weight"}
    export_language(decoder_tensors(tensors), read_sizes(model.config.to_dict()), out, context=CONTEXT)
    write_tokenizer(out)
    return model
