"""GPTQ (Frantar et al., 2023): int4 codes chosen column by column, later columns absorbing the error of earlier ones.

Rounding Q4_1's non-integer zero points to integers costs about as much again as Q4_1 itself did; compensated rounding
against the activations' second moments takes most of that back.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from .int4 import Int4Matrix, quantize_blocks


def gptq(weights: Tensor, moments: Tensor, block_size: int, damping: float = 0.01) -> Int4Matrix:
    """Quantise `weights` float32 `[out, in]` for inputs with second moments `moments` = E[x x^T] `[in, in]`.

    Minimises E||W x - W_q x||^2. `damping` (share of the mean diagonal) pulls towards plain rounding: the higher, the
    less the result depends on the calibration text.
    """
    out, width = weights.shape
    w = weights.clone()
    hessian = moments.double() + damping * moments.diagonal().mean().double() * torch.eye(width, dtype=torch.double)
    inverse = torch.linalg.cholesky(torch.linalg.inv(hessian), upper=True).float()
    importance = (1 / inverse.diagonal() ** 2).clamp_max(1e12)
    codes, scales, zeros = [], [], []
    for start in range(0, width, block_size):
        stop = start + block_size
        block, errors = w[:, start:stop].clone(), torch.zeros(out, block_size)
        _, scale, zero = quantize_blocks(block, (importance[start:stop] / importance[start:stop].mean()).expand(out, -1))
        step, offset = scale.float(), zero.float()
        safe = torch.where(step != 0, step, torch.ones_like(step))
        chosen = torch.zeros(out, block_size, dtype=torch.uint8)
        for j in range(block_size):
            column = block[:, j]
            q = (column / safe).round().add(offset).clamp(0, 15)
            errors[:, j] = (column - (q - offset) * step) / inverse[start + j, start + j]
            block[:, j:] -= errors[:, j : j + 1] * inverse[start + j, start + j : stop]
            chosen[:, j] = q.to(torch.uint8)
        w[:, stop:] -= errors @ inverse[start:stop, stop:]
        codes.append(chosen)
        scales.append(scale)
        zeros.append(zero)
    return Int4Matrix(torch.cat(codes, 1).numpy(), torch.stack(scales, 1).numpy(), torch.stack(zeros, 1).numpy().astype(np.uint8))
