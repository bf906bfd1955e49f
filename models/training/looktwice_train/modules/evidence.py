"""What the image score rests on: two kinds of evidence that need no knowledge of the material.

Novelty (DSSL within the image): how far the most unusual patches are from the nearest other patch of the picture.
Contrast: a linear reading of how a patch differs from the ring around it. Linear on purpose: solved in closed form on every
training domain with equal weight, it transfers where trained adaptors do not (docs/decisions/zero-shot-evidence.md).
"""
from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .dssl import WithinImageDssl

OUTER, INNER = 9, 3  # the ring: a 9 x 9 window of patches without its 3 x 3 middle
NOVEL_PATCHES, CONTRAST_PATCHES = 20, 20
WEIGHTS = (1.0, 0.25, 2.0)  # of the three statistics; not fitted
LOWEST, LEAST = -1e4, 1e-4


def window_sum(planes: Tensor, size: int) -> Tensor:
    """[N,1,g,g] -> sums over size x size windows, zeros outside."""
    return F.avg_pool2d(planes, size, 1, size // 2, count_include_pad=True) * size * size


def ring_mean(planes: Tensor, valid: Tensor) -> Tensor:
    """Mean of each patch's ring. planes [N,C,P], valid [N,P] (1/0) -> [N,C,P]."""
    n, c, p = planes.shape
    grid = int(p**0.5)
    x = (planes * valid[:, None]).reshape(n * c, 1, grid, grid)
    mask = valid.reshape(n, 1, grid, grid)
    count = (window_sum(mask, OUTER) - window_sum(mask, INNER)).clamp(min=1)
    total = (window_sum(x, OUTER) - window_sum(x, INNER)).reshape(n, c, grid, grid)
    return (total / count).reshape(n, c, p)


def deviation(levels: Tensor, valid: Tensor) -> Tensor:
    """Root mean square distance of a view's patches from their mean. levels [N,L,P,D], valid [N,P] -> [N,L,1]."""
    weight = valid[:, None, :, None] / valid.sum(-1).clamp(min=1)[:, None, None, None]
    mean = (levels * weight).sum(2, keepdim=True)
    return torch.sqrt((((levels - mean) ** 2).mean(-1, keepdim=True) * weight).sum(2) + 1e-6)


class Evidence(nn.Module):
    """levels [N,L,P,D], novelty [N,P], valid [N,P] of one image's N views -> one logit.

    Fitted by the `evidence` stage, never by gradient: all weights are buffers.
    """

    def __init__(self, levels: int = 4, width: int = 384, grid: int = 28) -> None:
        super().__init__()
        self.register_buffer("direction", torch.zeros(levels, width))
        self.register_buffer("scale", torch.ones(3))  # deviation of the three image statistics
        self.register_buffer("slope", torch.zeros(()))
        self.register_buffer("offset", torch.zeros(()))
        self.dssl = WithinImageDssl(grid)

    def contrast(self, levels: Tensor, valid: Tensor) -> Tensor:
        """[N,P]. The head is linear, so the ring is taken of its output, not of 384 channels."""
        read = (levels * self.direction[:, None]).sum(-1)
        return ((read - ring_mean(read, valid)) / deviation(levels, valid)).sum(1)

    def novelty(self, levels: Tensor, valid: Tensor) -> Tensor:
        """[N,P]: distance to the nearest patch of the same view outside the neighbourhood, the mean over levels."""
        return self.dssl.nearest(self.dssl.similarity(levels, valid))

    def forward(self, levels: Tensor, novelty: Tensor, valid: Tensor) -> Tensor:
        """-> logit [1] of one image."""
        return self.logit(statistics(novelty, self.contrast(levels, valid), valid))[None]

    def logit(self, found: Tensor) -> Tensor:
        """Statistics [...,3] -> logit [...]."""
        relative, absolute, contrast = (found / self.scale).unbind(-1)
        return self.slope * (WEIGHTS[0] * relative + WEIGHTS[1] * absolute + WEIGHTS[2] * contrast) + self.offset


def peak(values: Tensor, weight: Tensor, count: int) -> Tensor:
    """[...,n], weight 1/0 -> mean of the `count` largest that weigh 1, [...]."""
    return (values + (1 - weight) * LOWEST).topk(count, dim=-1).values.mean(-1)


def mean_of(values: Tensor, weight: Tensor) -> Tensor:
    """[...,n], weight 1/0 -> [...]."""
    return (values * weight).sum(-1) / weight.sum(-1).clamp(min=1)


def statistics(novelty: Tensor, contrast: Tensor, valid: Tensor) -> Tensor:
    """Maps [N,P] of one image's views, the base view first -> [3]: peak novelty in relation to the mean (a logarithm), the highest view's; peak novelty over the mean,
    averaged over the base view and the tiles together; the highest view's peak contrast."""
    relative = torch.log((peak(novelty, valid, NOVEL_PATCHES) / mean_of(novelty, valid).clamp(min=LEAST)).clamp(min=LEAST))
    base = ((valid[:, :1] * 0 + 1).cumsum(0) < 1.5).to(valid.dtype)  # 1 for the first view; a sum, since its index would tie the graph to a number of views
    tiles = valid * (1 - base)
    # Without tiles the base view counts alone.
    kinds = torch.stack([(valid * base).flatten(), (tiles + valid * (tiles.sum() < 0.5)).flatten()])
    values = novelty.flatten()[None] + 0 * kinds
    absolute = (peak(values, kinds, NOVEL_PATCHES) - mean_of(values, kinds)).mean()
    return torch.stack([relative.amax(0), absolute, peak(contrast, valid, CONTRAST_PATCHES).amax(0)])
