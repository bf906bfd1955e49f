"""Asymmetric int4 in blocks with an integer zero point: the form MatMulNBits runs with int8 activations."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch

# Block size of everything that is shipped: that of Q4_1, so that requantisation moves zero points only.
BLOCK = 32


@dataclass(frozen=True)
class Int4Matrix:
    """w[n, k] = (q[n, k] - zero[n, k // block]) * scale[n, k // block].

    `q` uint8 0..15 `[out, in]`, `scale` float16 and `zero` uint8 0..15, both `[out, in / block]`.
    """

    q: np.ndarray
    scale: np.ndarray
    zero: np.ndarray

    @property
    def block(self) -> int:
        return self.q.shape[1] // self.scale.shape[1]

    def dequantize(self) -> np.ndarray:
        """Exact float32 values `[out, in]` that the runtime computes with."""
        out, width = self.q.shape
        blocks = self.q.reshape(out, width // self.block, self.block).astype(np.float32) - self.zero[..., None].astype(np.float32)
        return (blocks * self.scale[..., None].astype(np.float32)).reshape(out, width)

    def packed(self) -> np.ndarray:
        """`[out, in / block, block / 2]` uint8, element 2i in the low nibble of byte i (MatMulNBits' B input)."""
        out, width = self.q.shape
        pairs = self.q.reshape(out, width // self.block, self.block // 2, 2)
        return (pairs[..., 0] | (pairs[..., 1] << 4)).astype(np.uint8)

    def packed_zero(self) -> np.ndarray:
        """`[out, ceil(in / block / 2)]` uint8, block 2i in the low nibble of byte i (MatMulNBits' zero_points input)."""
        zero = self.zero if self.zero.shape[1] % 2 == 0 else np.pad(self.zero, ((0, 0), (0, 1)))
        return (zero[:, 0::2] | (zero[:, 1::2] << 4)).astype(np.uint8)


def concat(parts: list[Int4Matrix]) -> Int4Matrix:
    """Stack matrices of equal input width along the output dimension (fused projections)."""
    return Int4Matrix(*(np.concatenate([getattr(part, key) for part in parts]) for key in ("q", "scale", "zero")))


def quantize_blocks(w: torch.Tensor, weight: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Per block, the float16 scale and integer zero point with the least weighted squared error.

    `w` and the error weights are `[n, block]`; returns codes uint8 `[n, block]`, scale float16 and zero point uint8 `[n]`. The
    zero points on both sides of the exact one are tried with several scales; each scale is refit to its own codes.
    """
    low, high = w.amin(1), w.amax(1)
    best_error = torch.full((len(w),), torch.inf)
    best_scale, best_zero = torch.zeros(len(w)), torch.zeros(len(w))
    span = torch.where(high > low, high - low, torch.ones_like(low)) / 15
    centre = -low / span
    for zero in (centre.floor().clamp(0, 15), centre.ceil().clamp(0, 15)):
        for shrink in (0.88, 0.95, 1.02):
            codes = (w / (span * shrink)[:, None]).round().add(zero[:, None]).clamp(0, 15) - zero[:, None]
            energy = (weight * codes * codes).sum(1)
            scale = torch.where(energy > 0, (weight * codes * w).sum(1) / energy.clamp_min(1e-30), span)
            scale = scale.half().float()
            codes = _codes(w, scale, zero) - zero[:, None]
            error = (weight * (w - codes * scale[:, None]) ** 2).sum(1)
            better = error < best_error
            best_error = torch.where(better, error, best_error)
            best_scale = torch.where(better, scale, best_scale)
            best_zero = torch.where(better, zero, best_zero)
    q = _codes(w, best_scale, best_zero)
    return q.to(torch.uint8), best_scale.half(), best_zero.to(torch.uint8)


def _codes(w: torch.Tensor, scale: torch.Tensor, zero: torch.Tensor) -> torch.Tensor:
    safe = torch.where(scale != 0, scale, torch.ones_like(scale))
    return (w / safe[:, None]).round().add(zero[:, None]).clamp(0, 15)
