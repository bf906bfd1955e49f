"""The wide head as part of the exported expert: raw encoder levels in, map and image verdict out (docs/design/model.md).

Several heads (folds of seeds) are averaged: their first layers read the same projected patches, so that an ensemble costs little beside the encoder.
"""
from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

from .head import TOP, WideHead
from .store import Store


class WideGraph(nn.Module):
    """Heads over the levels of one image's views.

    levels: four tensors [V,P,D]; near: four tensors [V,P], the distance to the nearest other patch of the view; cls [V,D]; valid [V,P]
    -> map logits [V,P], image logits by view [V].
    """

    def __init__(self, heads: list[WideHead], basis: dict[str, np.ndarray]) -> None:
        super().__init__()
        self.heads = nn.ModuleList(heads)
        spread = np.sqrt((basis["scale"] ** 2).mean(1)) * 127 / 4  # as Store has it
        projection = basis["basis"] / spread[:, None, None]
        self.register_buffer("projection", torch.from_numpy(projection.astype(np.float32)))
        self.register_buffer("offset", torch.from_numpy(np.einsum("ld,ldk->lk", basis["mean"], projection).astype(np.float32)))

    def forward(self, levels: list[Tensor], near: list[Tensor], cls: Tensor, valid: Tensor) -> tuple[Tensor, Tensor]:
        z = torch.stack([level @ self.projection[i] - self.offset[i] for i, level in enumerate(levels)], 1)
        distances = torch.stack(near, 1)
        found = [head(z, distances, cls, valid) for head in self.heads]
        maps = torch.stack([m for m, _ in found]).mean(0)
        verdict = torch.stack([v for _, v in found]).mean(0)
        top = (maps + (valid - 1) * 1e4).topk(TOP, dim=1).values.mean(1)
        return maps, verdict + 0.5 * top


def basis_of(store: Store) -> dict[str, np.ndarray]:
    return {name: store.basis[name] for name in ("mean", "basis", "scale")}
