"""Read SmolLM2-135M-Instruct from its GGUF file: configuration, vocabulary and weights in Hugging Face order."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from gguf import GGUFReader
from gguf.quants import dequantize


@dataclass(frozen=True)
class LlamaConfig:
    """Sizes of a Llama-family decoder; the defaults are SmolLM2-135M's."""

    layers: int = 30
    width: int = 576
    heads: int = 9
    kv_heads: int = 3
    head_dim: int = 64
    mlp_width: int = 1536
    vocab: int = 49152
    rope_theta: float = 1e5
    norm_eps: float = 1e-5
    max_positions: int = 8192

    @property
    def q_width(self) -> int:
        return self.heads * self.head_dim

    @property
    def kv_width(self) -> int:
        return self.kv_heads * self.head_dim


@dataclass(frozen=True)
class Vocabulary:
    """Byte-level BPE vocabulary: token strings by id, merge rules in order, ids of the control tokens."""

    tokens: list[str]
    merges: list[str]
    control_ids: list[int]
    chat_template: str


@dataclass(frozen=True)
class GgufModel:
    """What the file holds. `weights` are float32 `[out, in]`, exactly what the quantised blocks stand for (Q4_1 with
    non-integer zero points in the layers, Q8_0 in the embedding)."""

    config: LlamaConfig
    vocabulary: Vocabulary
    weights: dict[str, np.ndarray]


def _unpermute(rows: np.ndarray, heads: int) -> np.ndarray:
    """Undo llama.cpp's reordering of Q and K rows (interleaved rotary pairs) into the half-split order of Hugging Face
    and of GroupQueryAttention. Blocks lie within rows, so the reordering is exact for quantised data too."""
    out = rows.shape[0]
    half = out // heads // 2
    return rows.reshape(heads, half, 2, *rows.shape[1:]).swapaxes(1, 2).reshape(rows.shape)


def read_gguf(path: str | Path) -> GgufModel:
    """Read and dequantise the whole model.

    Names of `weights`: `embed` [vocab, width] (tied with the output), `norm` [width], and for layer i
    `i.attn_norm`, `i.mlp_norm` [width], `i.q|k|v|o`, `i.gate|up|down` [out, in].
    Raises `ValueError` when the file is not a Llama with ChatML's GPT-2 style vocabulary.
    """
    reader = GGUFReader(str(path))

    def field(name: str):
        entry = reader.fields.get(name)
        if entry is None:
            raise ValueError(f"{path}: the field {name} is missing; use the SmolLM2-135M-Instruct Q4_1 file")
        return entry.contents()

    if field("general.architecture") != "llama" or field("tokenizer.ggml.model") != "gpt2":
        raise ValueError(f"{path}: not a Llama model with a byte-level BPE vocabulary")
    tokens = field("tokenizer.ggml.tokens")
    types = field("tokenizer.ggml.token_type")
    config = LlamaConfig(
        layers=field("llama.block_count"),
        width=field("llama.embedding_length"),
        heads=field("llama.attention.head_count"),
        kv_heads=field("llama.attention.head_count_kv"),
        head_dim=field("llama.rope.dimension_count"),
        mlp_width=field("llama.feed_forward_length"),
        vocab=len(tokens),
        rope_theta=field("llama.rope.freq_base"),
        norm_eps=round(field("llama.attention.layer_norm_rms_epsilon"), 9),
        max_positions=field("llama.context_length"),
    )
    vocabulary = Vocabulary(
        tokens=tokens,
        merges=field("tokenizer.ggml.merges"),
        control_ids=[i for i, kind in enumerate(types) if kind == 3],
        chat_template=field("tokenizer.chat_template"),
    )

    names = {"token_embd.weight": "embed", "output_norm.weight": "norm"}
    for i in range(config.layers):
        for theirs, ours in {
            "attn_norm": "attn_norm", "ffn_norm": "mlp_norm", "attn_q": "q", "attn_k": "k", "attn_v": "v",
            "attn_output": "o", "ffn_gate": "gate", "ffn_up": "up", "ffn_down": "down",
        }.items():
            names[f"blk.{i}.{theirs}.weight"] = f"{i}.{ours}"

    weights: dict[str, np.ndarray] = {}
    for tensor in reader.tensors:
        name = names[tensor.name]
        shape = tuple(int(n) for n in reversed(tensor.shape))
        values = dequantize(tensor.data, tensor.tensor_type).astype(np.float32).reshape(shape)
        heads = {"q": config.heads, "k": config.kv_heads}.get(name.split(".")[-1])
        if heads is not None:
            values = _unpermute(values, heads)
        weights[name] = values
    missing = set(names.values()) - set(weights)
    if missing:
        raise ValueError(f"{path}: tensors are missing: {', '.join(sorted(missing))}")
    return GgufModel(config, vocabulary, weights)
