"""The wide head as part of the exported expert: raw encoder levels in, map and image verdict out (docs/design/model.md).

Several heads (folds of seeds) are averaged: their first layers read the same projected patches, so that an ensemble costs little beside the encoder.
"""
from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

from .head import TOP, WideHead

TOP_WEIGHT = 0.5
"""What the map's highest patches add to the pooled verdict (measured with `breadth-verdicts`)."""
NEAREST = 3


class WideGraph(nn.Module):
    """Heads over the levels of one image's views.

    levels: four tensors [V,P,D]; near: four tensors [V,P], the distance to the nearest other patch of the view; cls [V,D]; valid [V,P]
    -> maps [V,P] in 0..1 (0 on padding), score [1] (a logit), foreign [1]: 1 - the mean cosine of the base view's class token with the three nearest of `known`.

    config: basis (mean, basis, scale of basis.npz), `tile_share` (how much the most suspicious tile counts), known [K,D] unit class tokens of training.
    """

    def __init__(self, heads: list[WideHead], basis: dict[str, np.ndarray], tile_share: float, known: np.ndarray) -> None:
        super().__init__()
        self.heads = nn.ModuleList(heads)
        spread = np.sqrt((basis["scale"] ** 2).mean(1)) * 127 / 4  # as Store has it
        projection = basis["basis"] / spread[:, None, None]
        self.register_buffer("projection", torch.from_numpy(projection.astype(np.float32)))
        self.register_buffer("offset", torch.from_numpy(np.einsum("ld,ldk->lk", basis["mean"], projection).astype(np.float32)))
        self.register_buffer("known", torch.from_numpy(known.astype(np.float32)))
        self.tile_share = tile_share

    def sizes(self) -> dict:
        """What is needed to make a graph of the same form; stands in the manifest (`expert.wide`)."""
        return {"configs": [head.config for head in self.heads], "tileShare": self.tile_share, "known": len(self.known)}

    def views(self, levels: list[Tensor], near: list[Tensor], cls: Tensor, valid: Tensor) -> tuple[Tensor, Tensor]:
        """-> map logits [V,P], image logits by view [V]."""
        z = torch.stack([level @ self.projection[i] - self.offset[i] for i, level in enumerate(levels)], 1)
        distances = torch.stack(near, 1)
        found = [head(z, distances, cls, valid) for head in self.heads]
        maps = torch.stack([m for m, _ in found]).mean(0)
        verdict = torch.stack([v for _, v in found]).mean(0)
        top = (maps + (valid - 1) * 1e4).topk(TOP, dim=1).values.mean(1)
        return maps, verdict + TOP_WEIGHT * top

    def forward(self, levels: list[Tensor], near: list[Tensor], cls: Tensor, valid: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        maps, by_view = self.views(levels, near, cls, valid)
        # 1 for the first view; a sum, since its index would tie the graph to a number of views
        first = ((valid[:, 0] * 0 + 1).cumsum(0) < 1.5).to(valid.dtype)
        base = (by_view * first).sum()
        # Without tiles the base view stands for the highest one.
        highest = torch.maximum((by_view - first * 1e4).amax(0), base - (1 - first).sum().clamp(max=1) * 1e4)
        score = base + self.tile_share * (highest - base)
        token = (cls * first[:, None]).sum(0)
        cosines = self.known @ (token / torch.linalg.vector_norm(token).clamp(min=1e-6))
        return torch.sigmoid(maps) * valid, score[None], (1 - cosines.topk(NEAREST).values.mean())[None]
