"""DSSL, visual branch, within one view: how far is each patch from what the rest of the picture looks like?

Normal patches find close matches among other patches; anomalous patches rarely do (VMAD, defect-sensitive structure learning).
Without a reference image the view itself is the sample of the normal. The cue has no weights, so it transfers as it is.
"""
from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

TEMPERATURE = 0.05
USED_LEVELS = (1, 3)  # two of the four: what the expert was trained on
CUES = 2 * len(USED_LEVELS)
NEIGHBOURHOOD = 2  # patches closer than this (Chebyshev) are no evidence: they share the defect


def neighbourhood_mask(grid: int) -> Tensor:
    """bool [P,P], true where two patches are too close to count as independent samples."""
    index = torch.arange(grid * grid)
    y, x = index // grid, index % grid
    return torch.maximum((y[:, None] - y[None]).abs(), (x[:, None] - x[None]).abs()) <= NEIGHBOURHOOD


def used(levels: Tensor) -> Tensor:
    """[N,4,...] -> [N,2,...]: the levels of the cues."""
    return levels[:, USED_LEVELS[0] :: USED_LEVELS[1] - USED_LEVELS[0]]


def with_z_scores(distance: Tensor, valid: Tensor, count: Tensor) -> Tensor:
    """Soft nearest distances [N,2,P], valid [N,P] and how many are valid [N,1] -> cues [N,4,P]: the distances, then their z-scores over the view x 0.2; 0 on padding."""
    weight = (valid / count)[:, None]
    mean = (distance * weight).sum(-1, keepdim=True)
    spread = torch.sqrt(((distance - mean) ** 2 * weight).sum(-1, keepdim=True) + 1e-6)
    return torch.cat([distance, (distance - mean) / spread * 0.2], dim=1) * valid[:, None]


class WithinImageDssl(nn.Module):
    """levels [N,L,P,D], valid [N,P] -> cues [N,4,P]: soft nearest distance (0..2) at encoder layers 6 and 12, then their z-scores.

    Soft nearest distance = 1 - t * log mean_j exp(cos(i, j) / t) over the other valid patches outside the neighbourhood:
    a smooth top-k mean that needs no sorting.
    """

    def __init__(self, grid: int) -> None:
        super().__init__()
        self.register_buffer("near", neighbourhood_mask(grid), persistent=False)

    def similarity(self, levels: Tensor, valid: Tensor) -> Tensor:
        """levels [N,K,P,D], valid [N,P] -> cosines [N,K,P,P] with the other valid patches outside the neighbourhood, far below -1 with all others."""
        unit = F.normalize(levels, dim=-1)
        blocked = self.near.to(levels.dtype) * -1e4 + (valid[:, None, None, :] - 1) * 1e4
        return unit @ unit.transpose(-1, -2) + blocked

    def nearest(self, similarity: Tensor) -> Tensor:
        """[N,K,P,P] -> distance to the nearest of the others, 0..2, the mean over levels [N,P]."""
        return (1 - similarity.amax(-1).clamp(min=-1)).mean(1)

    def cues(self, similarity: Tensor, valid: Tensor) -> Tensor:
        """Similarities [N,2,P,P] at the two levels -> cues [N,4,P]."""
        count = valid.sum(-1, keepdim=True).clamp(min=1)
        soft = TEMPERATURE * torch.logsumexp(similarity / TEMPERATURE, dim=-1)
        return with_z_scores(1 - (soft - TEMPERATURE * torch.log(count)[:, None]), valid, count)

    def forward(self, levels: Tensor, valid: Tensor) -> Tensor:
        return self.cues(self.similarity(used(levels), valid), valid)
