"""From the GGUF's Q4_1 weights to the shipped int4 base, layer by layer with GPTQ."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from .gguf import GgufModel
from .gptq import gptq
from .int4 import BLOCK, concat
from .model import Layer, SmolLM2
from .shipped import PROJECTIONS, ShippedBase
from .tokenizer import IMAGE_ID, SEG_ID

PARTS = {"qkv": ("q", "k", "v"), "o": ("o",), "gate_up": ("gate", "up"), "down": ("down",)}


def fuse(model: GgufModel) -> dict[str, Tensor]:
    """The GGUF's own float32 weights under the names of `load_base` (the reference that quantisation is compared with)."""
    fused = {}
    for name, value in model.weights.items():
        if name.split(".")[-1] in ("embed", "norm", "attn_norm", "mlp_norm"):
            fused[name] = torch.from_numpy(value)
    for i in range(model.config.layers):
        for name, parts in PARTS.items():
            fused[f"{i}.{name}"] = torch.from_numpy(np.concatenate([model.weights[f"{i}.{part}"] for part in parts]))
    return fused


def separate_own_tokens(embed: Tensor, seed: int = 7) -> Tensor:
    """Give `<image>` and `<seg>` rows of their own.

    The base never trained them: they equal the other unused control tokens and nearly `<|im_end|>` (cosine 0.99), so the
    tied output could not tell them apart. The new rows are the vocabulary's mean plus a random direction of a common
    token's length, which makes `<seg>` as easy to say as a word and leaves all other rows as they were.
    """
    words = embed[17:]
    mean, spread = words.mean(0), words.std(0)
    generator = torch.Generator().manual_seed(seed)
    embed = embed.clone()
    for token in (IMAGE_ID, SEG_ID):
        embed[token] = mean + spread * torch.randn(len(mean), generator=generator)
    return embed


@torch.no_grad()
def quantize_base(model: GgufModel, calibration: Tensor, batch: int = 16) -> ShippedBase:
    """Quantise every matrix; each layer sees the activations of the layers already quantised before it.

    `calibration` int64 `[sequences, tokens]`.
    """
    weights = fuse(model)
    weights["embed"] = separate_own_tokens(weights["embed"])
    # The copies keep the caller's reference weights as they are while layers are overwritten one by one.
    reference = SmolLM2({name: value.clone() for name, value in weights.items()}, model.config, lora_rank=0)
    matrices = {}
    states = [reference.embed(part) for part in calibration.split(batch)]
    positions = torch.arange(calibration.shape[1])[None, None, :, None]
    frequencies = model.config.rope_theta ** (-torch.arange(0, model.config.head_dim, 2).float() / model.config.head_dim)
    cos, sin = (positions * frequencies).cos(), (positions * frequencies).sin()
    for i, layer in enumerate(reference.layers):
        moments = _input_moments(layer, states, cos, sin)
        for name in PROJECTIONS:
            projection = getattr(layer, name)
            parts = projection.weight.split([model.weights[f"{i}.{part}"].shape[0] for part in PARTS[name]])
            matrices[f"{i}.{name}"] = concat([gptq(part, moments[name], BLOCK) for part in parts])
            projection.weight.copy_(torch.from_numpy(matrices[f"{i}.{name}"].dequantize()))
        states = [layer(state, cos, sin, None, None)[0] for state in states]
    hidden = torch.cat([_final(reference, state) for state in states])
    moments = hidden.T @ hidden / len(hidden)
    # The tied matrix is also the input embedding, whose errors are not weighed by these moments: damp strongly.
    matrices["embed"] = gptq(weights["embed"], moments, BLOCK, damping=1.0)
    norms = {name: value.numpy() for name, value in weights.items() if name.split(".")[-1] in ("norm", "attn_norm", "mlp_norm")}
    return ShippedBase(matrices, norms)


def _input_moments(layer: Layer, states: list[Tensor], cos: Tensor, sin: Tensor) -> dict[str, Tensor]:
    """E[x x^T] of each projection's inputs over all calibration tokens."""
    moments, handles = {}, []
    for name in PROJECTIONS:
        projection = getattr(layer, name)
        width = projection.weight.shape[1]
        moments[name] = torch.zeros(width, width)

        def collect(_module, inputs, total=moments[name]):
            x = inputs[0].reshape(-1, inputs[0].shape[-1])
            total.addmm_(x.T, x)

        handles.append(projection.register_forward_pre_hook(collect))
    for state in states:
        layer(state, cos, sin, None, None)
    for handle in handles:
        handle.remove()
    tokens = sum(state.shape[0] * state.shape[1] for state in states)
    return {name: total / tokens for name, total in moments.items()}


def _final(model: SmolLM2, state: Tensor) -> Tensor:
    wide = state.float().reshape(-1, state.shape[-1])
    return wide * torch.rsqrt(wide.pow(2).mean(-1, keepdim=True) + model.config.norm_eps) * model.norm_weight
