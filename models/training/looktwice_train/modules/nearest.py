"""Nearest reference patches, as lib/anomaly/reference-kind.ts finds them: what `validate` and `reference-study` share."""
from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from .dssl import neighbourhood_mask
from .precision import PRODUCTS

MAX_BANK = 6_272
"""Patches per view kind and level; more are thinned out evenly."""
GRID = 28
NEAR = neighbourhood_mask(GRID)


def unit(patches: Tensor) -> Tensor:
    """L2-normalised."""
    return F.normalize(patches, dim=-1)


def evenly(total: int, most: int = MAX_BANK) -> Tensor:
    """Which of `total` patches stay in a bank of at most `most`."""
    count = min(total, most)
    return torch.arange(count) * total // count


def nearest(query: Tensor, bank: Tensor, window: int | None = None) -> tuple[Tensor, Tensor]:
    """[L,n,D], [L,m,D], both from `unit` -> 1 - the largest cosine and where it is, both [L,n].

    `window`: only patches of the bank that are at most so many patches away; both are whole base views then.
    """
    values, indices = [], []
    for level, other in zip(query.to(PRODUCTS), bank.to(PRODUCTS), strict=True):
        cosines = (level @ other.T).float()
        if window is not None:
            rows, columns = torch.arange(GRID**2) // GRID, torch.arange(GRID**2) % GRID
            away = torch.maximum((rows[:, None] - rows).abs(), (columns[:, None] - columns).abs())
            cosines = (cosines.unflatten(-1, (-1, GRID**2)) - 4.0 * (away > window)[:, None]).flatten(1)
        value, index = cosines.max(-1)
        values.append(1 - value)
        indices.append(index)
    return torch.stack(values), torch.stack(indices)


def nearest_within(view: Tensor, valid: Tensor) -> Tensor:
    """Unit patches [L,P,D] of one whole view, valid [P] bool -> 1 - each valid patch's largest cosine with those of the view outside of its neighbourhood, [L,n]."""
    blocked = NEAR | ~valid
    found = [1 - (level @ level.T).float().masked_fill(blocked, -1).amax(-1)[valid] for level in view.to(PRODUCTS)]
    return torch.stack(found)
