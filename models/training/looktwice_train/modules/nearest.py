"""Nearest reference patches, as lib/anomaly/reference-kind.ts finds them: what `validate` and `reference-study` share."""
from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

MAX_BANK = 12_544
"""Patches per view kind and level; more are thinned out evenly."""
GRID = 28


def unit(patches: Tensor) -> Tensor:
    """L2-normalised, in half the bytes: the distances keep three digits, and the products take a third of the time."""
    return F.normalize(patches, dim=-1).bfloat16()


def evenly(total: int) -> Tensor:
    """Which of `total` patches stay in a bank."""
    count = min(total, MAX_BANK)
    return torch.arange(count) * total // count


def nearest(query: Tensor, bank: Tensor, window: int | None = None) -> tuple[Tensor, Tensor]:
    """[L,n,D], [L,m,D], both from `unit` -> 1 - the largest cosine and where it is, both [L,n].

    `window`: only patches of the bank that are at most so many patches away; both are whole base views then.
    """
    values, indices = [], []
    for level, other in zip(query, bank, strict=True):
        cosines = (level @ other.T).float()
        if window is not None:
            rows, columns = torch.arange(GRID**2) // GRID, torch.arange(GRID**2) % GRID
            away = torch.maximum((rows[:, None] - rows).abs(), (columns[:, None] - columns).abs())
            cosines = (cosines.unflatten(-1, (-1, GRID**2)) - 4.0 * (away > window)[:, None]).flatten(1)
        value, index = cosines.max(-1)
        values.append(1 - value)
        indices.append(index)
    return torch.stack(values), torch.stack(indices)
