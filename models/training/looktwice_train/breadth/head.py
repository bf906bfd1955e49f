"""The wide head: a first look that was taught what defects look like on dozens of domains.

Every patch is read three ways: as it is (what rust, cracks and stains look like), relative to its own view (what does not belong here) and by its distance to the
nearest other patch of the view (DSSL within the image). A small MLP maps that to a common space, where learned e+ and e- decide (Anomaly-OV, section 3.2);
map and image verdict have weights of their own (UniADet, arXiv 2601.05552): the image verdict pools the patches by attention, so that it can overrule a normal detail that stands out.
"""
from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

LEVELS = 4
TOP = 20
"""Patches whose mean logit is the map's own word about the image."""
LEAST = 1e-4
NEAR_RIM = 6
"""Rim patches that a patch is compared with."""


def relative_to_view(z: Tensor, valid: Tensor) -> Tensor:
    """[N,L,P,K], valid [N,P] -> deviation from the view's mean patch in units of its root mean square deviation, [N,L,P,K]."""
    weight = (valid / valid.sum(-1, keepdim=True).clamp(min=1))[:, None, :, None]
    mean = (z * weight).sum(2, keepdim=True)
    spread = torch.sqrt((((z - mean) ** 2).mean(-1, keepdim=True) * weight).sum(2, keepdim=True) + LEAST)
    return (z - mean) / spread


def near_features(near: Tensor, valid: Tensor) -> Tensor:
    """Distances [N,L,P] -> [N,P,2L]: ten times as they are, and in units of the view's spread."""
    weight = (valid / valid.sum(-1, keepdim=True).clamp(min=1))[:, None]
    mean = (near * weight).sum(-1, keepdim=True)
    spread = torch.sqrt(((near - mean) ** 2 * weight).sum(-1, keepdim=True) + 1e-5)
    return torch.cat([near * 5, (near - mean) / spread * 0.5], 1).transpose(1, 2)


def likeness_to_border(z: Tensor, valid: Tensor, grid: int) -> Tensor:
    """z [N,L,P,K] -> how much each patch looks like the view's outermost ones, which are mostly background where an object is shown: the mean cosine with the nearest of them by level,
    as it is and in units of the view's spread [N,P,2L]. The view's own rim is that of the valid patches' grid."""
    unit = F.normalize(z - (z * valid[:, None, :, None]).sum(2, keepdim=True) / valid.sum(-1)[:, None, None, None].clamp(min=1), dim=-1)
    index = torch.arange(grid * grid, device=z.device)
    row, column = index // grid, index % grid
    rim = index[(row == 0) | (row == grid - 1) | (column == 0) | (column == grid - 1)]
    cosine = unit @ unit[:, :, rim].transpose(2, 3) - (1 - valid[:, None, None, rim]) * 4
    # A rim patch is not compared with itself: its own cosine of 1 is left out by taking the next ones.
    like = cosine.topk(NEAR_RIM + 1, dim=-1).values[..., 1:].mean(-1).clamp(min=-1)
    weight = (valid / valid.sum(-1, keepdim=True).clamp(min=1))[:, None]
    mean = (like * weight).sum(-1, keepdim=True)
    spread = torch.sqrt(((like - mean) ** 2 * weight).sum(-1, keepdim=True) + 1e-4)
    return torch.cat([like, (like - mean) / spread * 0.5], 1).transpose(1, 2)


def novelty(near: Tensor, valid: Tensor) -> Tensor:
    """Distances [N,L,P] -> how far the most distant patches of a view are from the rest, per level: the logarithm of their ratio and their difference [N,2L]."""
    weight = valid[:, None]
    mean = (near * weight).sum(-1) / weight.sum(-1).clamp(min=1)
    highest = (near + (weight - 1) * 1e4).topk(TOP, dim=-1).values.mean(-1)
    return torch.cat([torch.log((highest / mean.clamp(min=LEAST)).clamp(min=LEAST)) - 0.7, (highest - mean) * 5], 1)


class WideHead(nn.Module):
    """z [N,L,P,K] (principal components in units of their level's spread), near [N,L,P], cls [N,D], valid [N,P] of N single views -> map logits [N,P], image logit [N]."""

    def __init__(
        self, components: int, cls_width: int = 384, width: int = 256, inner: int = 128, heads: int = 4, grid: int = 28, dropout: float = 0.2, whole: bool = True, statistics: bool = False,
        absolute_out: float = 0.0, surround: bool = False,
    ) -> None:
        super().__init__()
        self.grid, self.statistics, self.absolute_out = grid, statistics, absolute_out
        self.config = {"components": components, "width": width, "inner": inner, "whole": whole, "statistics": statistics, "surround": surround}
        self.absolute = nn.Linear(LEVELS * components, width)
        self.relative = nn.Linear(LEVELS * components, width, bias=False)
        self.distances = nn.Linear(2 * LEVELS, width, bias=False)
        self.surround = nn.Linear(2 * LEVELS, width, bias=False) if surround else None
        self.inner = nn.Linear(width, inner)
        self.around = nn.Conv2d(inner, inner, 3, padding=1, groups=inner)
        nn.init.zeros_(self.around.weight)
        nn.init.zeros_(self.around.bias)
        self.direction = nn.Parameter(torch.randn(inner) * inner**-0.5)  # e+ minus e-: all that a linear comparison with the two can tell
        self.bias = nn.Parameter(torch.tensor(-2.0))
        self.attention = nn.Linear(inner, heads)
        self.value = nn.Linear(inner, 64)
        self.whole = nn.Sequential(nn.LayerNorm(cls_width), nn.Linear(cls_width, 32)) if whole else None
        read = heads * 64 + 2 + (32 if whole else 0) + (2 * LEVELS if statistics else 0)
        self.verdict = nn.Sequential(nn.Linear(read, 128), nn.GELU(), nn.Dropout(dropout), nn.Linear(128, 1))
        self.dropout = nn.Dropout(dropout)

    def patches(self, z: Tensor, near: Tensor, valid: Tensor) -> Tensor:
        """-> [N,P,inner]."""
        flat = lambda x: x.transpose(1, 2).flatten(2)  # noqa: E731
        absolute = self.absolute(flat(z))
        if self.training and self.absolute_out:
            # A view now and then without it: what a domain looks like must not be enough.
            absolute = absolute * (torch.rand(len(z), 1, 1) >= self.absolute_out) / (1 - self.absolute_out)
        read = absolute + self.relative(flat(relative_to_view(z, valid))) + self.distances(near_features(near, valid))
        if self.surround is not None:
            read = read + self.surround(likeness_to_border(z, valid, self.grid))
        hidden = F.gelu(self.inner(self.dropout(F.gelu(read)))) * valid[..., None]
        planes = hidden.transpose(1, 2).unflatten(2, (self.grid, self.grid))
        return hidden + self.around(planes).flatten(2).transpose(1, 2)

    def forward(self, z: Tensor, near: Tensor, cls: Tensor, valid: Tensor) -> tuple[Tensor, Tensor]:
        hidden = self.patches(z, near, valid)
        logits = hidden @ self.direction + self.bias
        outside = (1 - valid) * -1e4
        weights = (self.attention(hidden) + outside[..., None]).softmax(1)
        pooled = (weights.transpose(1, 2) @ self.value(hidden)).flatten(1)
        top = (logits + outside).topk(TOP, dim=1).values.mean(1)
        mean = (logits * valid).sum(1) / valid.sum(1).clamp(min=1)
        read = [pooled, top[:, None] * 0.3, mean[:, None] * 0.3]
        if self.whole is not None:
            read.append(self.whole(cls))
        if self.statistics:
            read.append(novelty(near, valid))
        return logits, self.verdict(torch.cat(read, 1)).squeeze(1)
