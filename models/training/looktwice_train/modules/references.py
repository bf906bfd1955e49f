"""Reference mode over cached features: how far an image is from images known to be normal. DSSL at inference, as lib/anomaly/reference-bank.ts does it."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from ..data.features_store import FeatureStore, Group
from .nearest import evenly, nearest, nearest_within, unit
from .residual import Moments, Residual

LEVELS = (0, 1, 2, 3)
TOP = {"base": 0.01, "tile": 0.003}  # share of the most distant patches whose mean is the score: about eight of a base view, nine of four tiles
MEAN_SHARE = 0.3  # how much of the mean over all patches is taken off it: what a whole image differs by (light, a batch) is not what is wrong with a part of it
DISCOUNT = 0.5  # how much of a reference patch's own distance to the other references is taken off
CENTRING = 0.75  # how much of the references' mean patch is taken off before patches are compared
RESIDUAL_WEIGHT, WITHIN_WEIGHT = 0.3, 0.2  # in the geometric mean; the nearest reference patch has the rest
LEAST = 1e-3  # smallest factor of the geometric mean
FOLDS = 4  # leaving one out is costly with many references: at most so many parts are left out in turn
PRIOR_MEAN, PRIOR_DEVIATION, PRIOR_OWN, PRIOR_COUNT = 0.105, 0.018, 0.151, 2  # averages over the domains on three draws (`validate` reports those of its own, "normal"); they move all scores of a set alike


@dataclass(frozen=True)
class Patches:
    """Valid patches of an image's views of one kind: `unit` [L',n,D], and how far each is from the rest of its own view, `within` [L',n]."""

    unit: Tensor
    within: Tensor


def view_patches(store: FeatureStore, group: Group) -> dict[str, Patches]:
    """By view kind: `base`, and `tile` where the image has tiles."""
    levels = unit(torch.from_numpy(store.levels(group)[:, list(LEVELS)]))
    valid = torch.from_numpy(np.asarray(store.get(group, "valid"))) > 0
    views = [Patches(level[:, shown], nearest_within(level, shown)) for level, shown in zip(levels, valid, strict=True)]
    kinds = {"base": views[:1], "tile": views[1:]}
    return {kind: Patches(torch.cat([v.unit for v in found], 1), torch.cat([v.within for v in found], 1)) for kind, found in kinds.items() if found}


def less_mean(distances: Tensor, share: float = MEAN_SHARE) -> Tensor:
    """Distances [n] of an image's patches of one view kind, less a share of their mean."""
    return distances - share * distances.mean()


def top_mean(values: Tensor, share: float) -> float:
    return float(values.topk(max(1, round(len(values) * share))).values.mean())


def fold_of(index: int, count: int) -> int:
    """Which part of `count` references the one at `index` belongs to."""
    return index * min(FOLDS, count) // count


class References:
    """The references' patches of one view kind, and what a normal image's distance is.

    A patch's distance is a weighted geometric mean of three: to the nearest reference patch, less DISCOUNT times what this one has itself to the other
    references (where normal images differ from each other, differing says little); what of it the references' covariance leaves unexplained; and to the nearest
    patch of its own view. Only what is unusual in every way stays far.
    """

    def __init__(self, parts: list[Patches], kind: str) -> None:
        self.top = TOP[kind]
        count = torch.tensor([p.unit.shape[1] for p in parts])
        kept = evenly(int(count.sum()))
        owner = torch.repeat_interleave(torch.arange(len(parts)), count)[kept]
        moments = [Moments.of(p.unit) for p in parts]
        self.residual = Residual(moments)
        centred = [self.centre(p.unit) for p in parts]
        self.bank = torch.cat(centred, 1)[:, kept]
        self.own = torch.full(self.bank.shape[:2], PRIOR_OWN)
        scores: list[float] = []
        if len(parts) > 1:
            loo = [nearest(part, self.bank[:, owner != i]) for i, part in enumerate(centred)]
            self.own = torch.cat([distance for distance, _ in loo], 1)[:, kept]
            folds = [fold_of(i, len(parts)) for i in range(len(parts))]
            residuals = [Residual([m for m, other in zip(moments, folds, strict=True) if other != fold]) for fold in range(folds[-1] + 1)]
            for i, (part, (distance, at)) in enumerate(zip(parts, loo, strict=True)):
                discounted = distance - DISCOUNT * self.own[:, owner != i].gather(1, at)
                scores.append(top_mean(less_mean(geometric_mean(discounted, residuals[folds[i]](part.unit), part.within).mean(0)), self.top))
        self.scores = scores
        self.mean, self.deviation = shrink_to_prior(scores, PRIOR_MEAN, PRIOR_DEVIATION, PRIOR_COUNT)

    def centre(self, patches: Tensor) -> Tensor:
        return unit(patches - CENTRING * self.residual.mean)

    def compare(self, query: Patches) -> Tensor:
        """-> standardised distances [n]."""
        distance, at = nearest(self.centre(query.unit), self.bank)
        discounted = distance - DISCOUNT * self.own.gather(1, at)
        return (less_mean(geometric_mean(discounted, self.residual(query.unit), query.within).mean(0)) - self.mean) / self.deviation


def shrink_to_prior(scores: Sequence[float], mean: float, deviation: float, count: int) -> tuple[float, float]:
    """Mean and deviation of the scores, with a prior of `mean` and `deviation` counting as `count` further ones."""
    worth = len(scores) + count
    spread = sum((s - np.mean(scores)) ** 2 for s in scores)
    return float((sum(scores) + mean * count) / worth), float(np.sqrt((spread + deviation**2 * count) / worth))


def geometric_mean(nearest_reference: Tensor, residual: Tensor, within: Tensor, residual_weight: float = RESIDUAL_WEIGHT, within_weight: float = WITHIN_WEIGHT) -> Tensor:
    """The weighted geometric mean of three distances of the same shape; the nearest reference patch has the rest of the weight."""
    logs = [values.clamp(min=LEAST).log() for values in (nearest_reference, residual, within)]
    return ((1 - residual_weight - within_weight) * logs[0] + residual_weight * logs[1] + within_weight * logs[2]).exp()


class Bank:
    """K references per view kind."""

    def __init__(self, references: list[dict[str, Patches]]) -> None:
        self.kinds: dict[str, References] = {}
        for kind in ("base", "tile"):
            parts = [r[kind] for r in references if kind in r]
            if parts:
                self.kinds[kind] = References(parts, kind)

    def score(self, image: dict[str, Patches]) -> tuple[float, np.ndarray]:
        """-> standardised image distance (the mean of base view and tiles), base-view map [784] of standardised distances."""
        scores, base = [], np.zeros(784)
        for kind, references in self.kinds.items():
            if kind not in image:
                continue
            found = references.compare(image[kind])
            scores.append(top_mean(found, references.top))
            if kind == "base":
                base = found.numpy()
        return float(np.mean(scores)), base


def normal_of(banks: Iterable[Bank]) -> dict[str, float]:
    """What the priors stand in for: mean and deviation of the references' scores beside the others, and their patches' own distance; view kinds that only one reference has tell nothing."""
    kinds = [references for bank in banks for references in bank.kinds.values() if len(references.scores) > 1]
    found = {"mean": [np.mean(k.scores) for k in kinds], "deviation": [np.std(k.scores, ddof=1) for k in kinds], "own": [float(k.own.mean()) for k in kinds]}
    return {name: float(np.mean(values)) for name, values in found.items()}
