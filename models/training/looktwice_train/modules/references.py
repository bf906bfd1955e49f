"""Reference mode over cached features: a bank of the references' patches and how far an image is from it.

DSSL at inference, as lib/anomaly/reference-bank.ts does it.
"""
from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from ..data.features_store import FeatureStore, Group
from .nearest import evenly, nearest, unit

LEVELS = (0, 1, 2, 3)
TOP = 0.003
DISCOUNT = 0.5  # how much of a reference patch's own distance to the other references is taken off
PRIOR_MEAN, PRIOR_DEVIATION, PRIOR_OWN, PRIOR_COUNT = 0.174, 0.035, 0.062, 2  # averages over the domains; they move all scores of a set alike


def unit_patches(store: FeatureStore, group: Group) -> dict[str, list[Tensor]]:
    """Normalised patches by view kind: `base`, `tile` -> per view [L',n,D] of the valid patches."""
    levels = torch.from_numpy(store.levels(group)[:, list(LEVELS)])
    valid = store.get(group, "valid").astype(bool)
    out: dict[str, list[Tensor]] = {"base": [], "tile": []}
    for view in range(len(levels)):
        out["base" if view == 0 else "tile"].append(unit(levels[view][:, valid[view]]))
    return out


def top_mean(values: Tensor) -> float:
    return float(values.topk(max(1, round(len(values) * TOP))).values.mean())


class References:
    """The references' patches of one view kind, each with its distance to the other references, and what a normal image's distance is.

    A patch's distance is that to the nearest reference patch, less DISCOUNT times what this reference patch has itself to the other
    references: where normal images differ from each other, differing says little.
    """

    def __init__(self, parts: list[Tensor]) -> None:
        count = torch.tensor([p.shape[1] for p in parts])
        kept = evenly(int(count.sum()))
        owner = torch.repeat_interleave(torch.arange(len(parts)), count)[kept]
        self.bank = torch.cat(parts, 1)[:, kept]
        self.own = torch.full(self.bank.shape[:2], PRIOR_OWN)
        scores: list[float] = []
        if len(parts) > 1:
            loo = [nearest(part, self.bank[:, owner != i]) for i, part in enumerate(parts)]
            self.own = torch.cat([distance for distance, _ in loo], 1)[:, kept]
            scores = [top_mean(self._discounted(d, at, self.own[:, owner != i])) for i, (d, at) in enumerate(loo)]
        worth = len(scores) + PRIOR_COUNT
        spread = sum((s - np.mean(scores)) ** 2 for s in scores)
        self.mean = (sum(scores) + PRIOR_MEAN * PRIOR_COUNT) / worth
        self.deviation = float(np.sqrt((spread + PRIOR_DEVIATION**2 * PRIOR_COUNT) / worth))

    @staticmethod
    def _discounted(distance: Tensor, at: Tensor, own: Tensor) -> Tensor:
        return (distance - DISCOUNT * own.gather(1, at)).mean(0)

    def compare(self, query: Tensor) -> Tensor:
        """[L',n,D] -> standardised distances [n]."""
        return (self._discounted(*nearest(query, self.bank), self.own) - self.mean) / self.deviation


class Bank:
    """K references per view kind."""

    def __init__(self, references: list[dict[str, list[Tensor]]]) -> None:
        self.kinds: dict[str, References] = {}
        for kind in ("base", "tile"):
            parts = [torch.cat(r[kind], 1) for r in references if r[kind]]
            if parts:
                self.kinds[kind] = References(parts)

    def score(self, image: dict[str, list[Tensor]]) -> tuple[float, np.ndarray]:
        """-> standardised image distance (the mean of base view and tiles), base-view map [784] of standardised distances."""
        scores, base = [], np.zeros(784)
        for kind, references in self.kinds.items():
            if not image[kind]:
                continue
            found = references.compare(torch.cat(image[kind], 1))
            scores.append(top_mean(found))
            if kind == "base":
                base = found.numpy()
        return float(np.mean(scores)), base
