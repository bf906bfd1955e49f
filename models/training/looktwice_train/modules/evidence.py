"""What the image score rests on: two kinds of evidence that need no knowledge of the material.

Novelty (DSSL within the image): how far the most unusual patches are from anything else in the picture.
Contrast: a linear reading of how a patch differs from the ring around it. Linear on purpose: solved in closed form on every
training domain with equal weight, it transfers where trained adaptors do not (docs/decisions/zero-shot-evidence.md).
"""
from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .dssl import WithinImageDssl

OUTER, INNER = 9, 3  # the ring: a 9 x 9 window of patches without its 3 x 3 middle
NOVEL_PATCHES, CONTRAST_PATCHES = 10, 20
MIDDLE_LEVEL = 2  # levels 1 and 3 come as cues already
NOVELTY_WEIGHT, CONTRAST_WEIGHT = 1.0, 2.0
LOWEST = -1e4


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
    """levels [N,L,P,D], cues [N,4,P], valid [N,P] of one image's N views -> one logit.

    Fitted by the `evidence` stage, never by gradient: all weights are buffers.
    """

    def __init__(self, levels: int = 4, width: int = 384, grid: int = 28) -> None:
        super().__init__()
        self.register_buffer("direction", torch.zeros(levels, width))
        self.register_buffer("novelty_scale", torch.ones(3))  # deviation of the distance at levels 1, 2, 3 over patches
        self.register_buffer("scale", torch.ones(2))  # deviation of the two image statistics
        self.register_buffer("slope", torch.zeros(()))
        self.register_buffer("offset", torch.zeros(()))
        self.dssl = WithinImageDssl(grid)

    def contrast(self, levels: Tensor, valid: Tensor) -> Tensor:
        """[N,P]. The head is linear, so the ring is taken of its output, not of 384 channels."""
        read = (levels * self.direction[:, None]).sum(-1)
        return ((read - ring_mean(read, valid)) / deviation(levels, valid)).sum(1)

    def middle(self, levels: Tensor, valid: Tensor) -> Tensor:
        """[N,P]: the soft nearest distance at the level whose cue is not given."""
        return self.dssl.distance(levels[:, MIDDLE_LEVEL : MIDDLE_LEVEL + 1], valid)[:, 0]

    def novelty(self, middle: Tensor, cues: Tensor) -> Tensor:
        """[N,P]: soft nearest distances at three levels, each in units of its own spread, averaged."""
        return (cues[:, 0] / self.novelty_scale[0] + middle / self.novelty_scale[1] + cues[:, 1] / self.novelty_scale[2]) / 3

    def forward(self, levels: Tensor, cues: Tensor, valid: Tensor) -> Tensor:
        """-> logit [1] of one image."""
        found = statistics(self.novelty(self.middle(levels, valid), cues), self.contrast(levels, valid), valid)
        return self.logit(found)[None]

    def logit(self, found: Tensor) -> Tensor:
        """Statistics [...,2] -> logit [...]."""
        novelty, contrast = (found / self.scale).unbind(-1)
        return self.slope * (NOVELTY_WEIGHT * novelty + CONTRAST_WEIGHT * contrast) + self.offset


def statistics(novelty: Tensor, contrast: Tensor, valid: Tensor) -> Tensor:
    """Maps [N,P] of one image's views -> [2]: peak novelty over the view's mean, peak contrast; each the largest of the views."""
    mean = (novelty * valid).sum(-1) / valid.sum(-1).clamp(min=1)
    hidden = (1 - valid) * LOWEST
    peak = (novelty + hidden).topk(NOVEL_PATCHES, dim=-1).values.mean(-1)
    high = (contrast + hidden).topk(CONTRAST_PATCHES, dim=-1).values.mean(-1)
    return torch.stack([(peak - mean).amax(0), high.amax(0)])
