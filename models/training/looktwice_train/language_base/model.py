"""SmolLM2 (Llama) for LoRA training on a CPU: frozen dequantised int4 base, LoRA on the fused projections.

Only the LoRA matrices and the input embeddings receive gradients. Measured speeds stand in `SmolLM2`'s docstring.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .gguf import LlamaConfig
from .shipped import PROJECTIONS, load_shipped

Past = list[tuple[Tensor, Tensor]]


class Lora(nn.Module):
    """A rank-r branch x -> (x A^T) B^T * alpha / r beside a frozen projection; B starts at zero, so it starts as nothing."""

    def __init__(self, inputs: int, outputs: int, rank: int, alpha: float, dropout: float):
        super().__init__()
        self.a = nn.Parameter(torch.randn(rank, inputs) / math.sqrt(inputs))
        self.b = nn.Parameter(torch.zeros(outputs, rank))
        self.scale = alpha / rank
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor) -> Tensor:
        a, b = self.a.to(x.dtype), self.b.to(x.dtype)
        return F.linear(F.linear(self.dropout(x), a), b) * self.scale


class Projection(nn.Module):
    """Frozen linear layer without bias, with an optional LoRA branch."""

    def __init__(self, weight: Tensor, lora: Lora | None):
        super().__init__()
        self.register_buffer("weight", weight, persistent=False)
        self.lora = lora

    def forward(self, x: Tensor) -> Tensor:
        y = F.linear(x, self.weight)
        return y if self.lora is None else y + self.lora(x)


def _rms_norm(x: Tensor, weight: Tensor, eps: float) -> Tensor:
    wide = x.float()
    return (wide * torch.rsqrt(wide.pow(2).mean(-1, keepdim=True) + eps) * weight).to(x.dtype)


class Layer(nn.Module):
    """One decoder layer: pre-norm attention (grouped queries, half-split rotary) and pre-norm SwiGLU."""

    def __init__(self, config: LlamaConfig, norms: tuple[Tensor, Tensor], projections: dict[str, Projection]):
        super().__init__()
        self.config = config
        self.register_buffer("attn_norm", norms[0], persistent=False)
        self.register_buffer("mlp_norm", norms[1], persistent=False)
        self.qkv, self.o = projections["qkv"], projections["o"]
        self.gate_up, self.down = projections["gate_up"], projections["down"]

    def forward(self, x: Tensor, cos: Tensor, sin: Tensor, past: tuple[Tensor, Tensor] | None, mask: Tensor | None):
        c, (batch, n, _) = self.config, x.shape
        fused = self.qkv(_rms_norm(x, self.attn_norm, c.norm_eps))
        q, k, v = fused.split([c.q_width, c.kv_width, c.kv_width], dim=-1)
        q = _rotate(q.view(batch, n, c.heads, c.head_dim).transpose(1, 2), cos, sin)
        k = _rotate(k.view(batch, n, c.kv_heads, c.head_dim).transpose(1, 2), cos, sin)
        v = v.view(batch, n, c.kv_heads, c.head_dim).transpose(1, 2)
        if past is not None:
            k, v = torch.cat([past[0], k], 2), torch.cat([past[1], v], 2)
        attended = F.scaled_dot_product_attention(q, k, v, mask, is_causal=mask is None and n > 1, enable_gqa=True)
        x = x + self.o(attended.transpose(1, 2).reshape(batch, n, c.q_width))
        gate, up = self.gate_up(_rms_norm(x, self.mlp_norm, c.norm_eps)).chunk(2, dim=-1)
        return x + self.down(F.silu(gate) * up), (k, v)


def _rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    left, right = x.chunk(2, dim=-1)
    return torch.cat([left * cos - right * sin, right * cos + left * sin], dim=-1)


class SmolLM2(nn.Module):
    """The language model of the bundle, for training and as the parity reference of `language.onnx`.

    `weights`: what `load_base` returns. LoRA sits on all four fused projections of the layers `lora_layers` (default: the
    upper 15) with rank `lora_rank`; the ONNX graph has slots for exactly the default layers and rank.
    `dtype`: torch.bfloat16 keeps and multiplies the frozen matrices in bfloat16 (norms, softmax and logits in float32).
    Measured on one core with AVX512-BF16, forward and backward of 2 x 200 tokens, processor seconds: float32 3.0, bfloat16 1.9;
    with `frozen_below=first_lora_layer` (embeddings not trained) 2.5 and 1.4. On cores without AVX512-BF16 use float32.
    """

    def __init__(
        self,
        weights: dict[str, Tensor],
        config: LlamaConfig = LlamaConfig(),
        *,
        lora_rank: int = 16,
        lora_layers: Sequence[int] | None = None,
        lora_alpha: float = 32,
        lora_dropout: float = 0.0,
        dtype: torch.dtype = torch.float32,
    ):
        super().__init__()
        self.config, self.dtype = config, dtype
        with_lora = set(range(config.layers // 2, config.layers) if lora_layers is None else lora_layers)
        self.first_lora_layer = min(with_lora, default=0)
        self.register_buffer("embed_weight", weights["embed"], persistent=False)
        self.register_buffer("head_weight", weights["embed"].to(dtype), persistent=False)
        self.register_buffer("norm_weight", weights["norm"], persistent=False)
        self.layers = nn.ModuleList()
        for i in range(config.layers):
            projections = {}
            for name in PROJECTIONS:
                weight = weights[f"{i}.{name}"].to(dtype)
                lora = Lora(weight.shape[1], weight.shape[0], lora_rank, lora_alpha, lora_dropout) if i in with_lora and lora_rank else None
                projections[name] = Projection(weight, lora)
            self.layers.append(Layer(config, (weights[f"{i}.attn_norm"], weights[f"{i}.mlp_norm"]), projections))

    def embed(self, ids: Tensor) -> Tensor:
        """Token embeddings: int64 `[...]` -> float32 `[..., 576]`."""
        return F.embedding(ids, self.embed_weight)

    def logits(self, hidden: Tensor) -> Tensor:
        """Next-token logits float32 `[..., vocab]` of last hidden states; call it on the answer's positions only."""
        return F.linear(hidden.to(self.dtype), self.head_weight).float()

    def forward(
        self, embeds: Tensor, attention_mask: Tensor | None = None, past: Past | None = None, frozen_below: int = 0
    ) -> tuple[Tensor, Past]:
        """Run the decoder. Layers below `frozen_below` keep no gradients: half the cost where `embeds` are not trained.

        `embeds` `[B, n, 576]`; `attention_mask` bool or int `[B, total]` (1 = token) is needed only for left padding: with
        right padding causal attention never sees the padding. `past` continues an earlier call. Returns the last hidden
        states after the final norm, float32 `[B, n, 576]` (feed them to `logits`; at `<seg>` they are H_seg), and the cache.
        """
        n = embeds.shape[1]
        start = 0 if past is None else past[0][0].shape[2]
        positions = torch.arange(start, start + n)
        mask = None
        if attention_mask is not None or (past is not None and n > 1):
            mask = positions[:, None] >= torch.arange(start + n)[None]
            if attention_mask is not None:
                mask = mask & attention_mask.bool()[:, None, None, :]
        if attention_mask is None:
            angles = positions[None, None, :, None]
        else:
            angles = (attention_mask.long().cumsum(1) - 1).clamp_min(0)[:, None, start:, None]
        cos, sin = self._rotation(angles)
        x, cache = embeds.to(self.dtype), []
        for i, layer in enumerate(self.layers):
            with torch.set_grad_enabled(torch.is_grad_enabled() and i >= frozen_below):
                x, present = layer(x, cos, sin, None if past is None else past[i], mask)
            cache.append(present)
        return _rms_norm(x.float(), self.norm_weight, self.config.norm_eps), cache

    @torch.no_grad()
    def states(self, embeds: Tensor, layers: Sequence[int]) -> Tensor:
        """The residual streams behind so many layers, side by side: embeds [B,n,576] -> [B, n, len(layers) * 576]. Padding on the right is never seen."""
        cos, sin = self._rotation(torch.arange(embeds.shape[1])[None, None, :, None])
        x, found = embeds.to(self.dtype), []
        for number, layer in enumerate(self.layers[: max(layers)], 1):
            x, _ = layer(x, cos, sin, None, None)
            if number in layers:
                found.append(x.float())
        return torch.cat(found, -1)

    def _rotation(self, angles: Tensor) -> tuple[Tensor, Tensor]:
        frequencies = self.config.rope_theta ** (-torch.arange(0, self.config.head_dim, 2).float() / self.config.head_dim)
        return (angles * frequencies).cos().to(self.dtype), (angles * frequencies).sin().to(self.dtype)

    def lora_state(self) -> dict[str, Tensor]:
        """Detached LoRA tensors `{layer}.{projection}.a [rank, in]` and `.b [out, rank]`, alpha / rank folded into b:
        the input of `export_language` and of `load_lora`."""
        state = {}
        for i, name, lora in self._loras():
            state[f"{i}.{name}.a"] = lora.a.detach().float().clone()
            state[f"{i}.{name}.b"] = lora.b.detach().float() * lora.scale
        return state

    def load_lora(self, state: dict[str, Tensor]) -> None:
        """Put back what `lora_state` returned. Raises `KeyError` when a slot is missing."""
        with torch.no_grad():
            for i, name, lora in self._loras():
                lora.a.copy_(state[f"{i}.{name}.a"])
                lora.b.copy_(state[f"{i}.{name}.b"] / lora.scale)

    def _loras(self):
        for i, layer in enumerate(self.layers):
            for name in PROJECTIONS:
                lora = getattr(layer, name).lora
                if lora is not None:
                    yield i, name, lora

    @torch.no_grad()
    def generate(self, embeds: Tensor, limit: int, stop: Sequence[int] = (2,)) -> list[int]:
        """Greedy continuation of one prompt `[1, n, 576]`: token ids, without the stop token."""
        ids: list[int] = []
        hidden, past = self(embeds)
        for _ in range(limit):
            token = int(self.logits(hidden[:, -1]).argmax(-1))
            if token in stop:
                break
            ids.append(token)
            hidden, past = self(self.embed(torch.tensor([[token]])), past=past)
        return ids


def load_base(path: str | Path) -> dict[str, Tensor]:
    """The shipped base as exact float32 values: `embed` [49152, 576], `norm`, `i.attn_norm`, `i.mlp_norm` [576] and
    `i.qkv` [960, 576], `i.o` [576, 576], `i.gate_up` [3072, 576], `i.down` [576, 1536]. `path`: the npz of `write_shipped`."""
    shipped = load_shipped(path)
    weights = {name: torch.from_numpy(np.asarray(norm, np.float32)) for name, norm in shipped.norms.items()}
    return weights | {name: torch.from_numpy(matrix.dequantize()) for name, matrix in shipped.matrices.items()}
