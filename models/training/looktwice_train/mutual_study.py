"""`mutual-study`: what each choice of mutual scoring (lib/anomaly/set-bank.ts) gains, on the sets that have normal images.

Every domain is taken as a set without labels: normal and anomalous images mixed, some of them the sample that all are compared with (cached features: run `features`
first). Prints a Markdown table of image AUROC per domain and mean, what a normal image's distance is, and what choosing the variant on the
other domains is worth. No weights are trained here.
"""
from __future__ import annotations

import argparse
from dataclasses import dataclass
from functools import cache

import numpy as np
import torch
from sklearn.metrics import roc_auc_score
from torch import Tensor
from torch.nn import functional as F
from tqdm import tqdm

from .data.features_store import FeatureStore, Group
from .data.samples import TILED
from .modules.nearest import unit
from .modules.references import LEVELS, RESIDUAL_WEIGHT, WITHIN_WEIGHT, geometric_mean, shrink_to_prior, view_patches
from .modules.residual import Moments, Residual
from .stages.expert import evaluation_groups

GRID = 28
MEMBERS = 32
STEPS = {"base": 2, "tile": 4}  # a member keeps every second patch of its base view and every fourth of its tiles, either way
LIKELY_NORMAL = 0.75  # share of the members, the least distant, that tell what is normal
PRIOR_MEAN, PRIOR_DEVIATION, PRIOR_COUNT = 0.105, 0.018, 2  # wider than what is printed: the members without their most distant quarter differ too little
USED = (1, 2, 3)
RADII = (0, 1, 2)


@dataclass(frozen=True)
class Variant:
    """`levels`: which of the encoder's four; `kinds`: view kinds that count; `residual`, `within`: weights in the geometric mean, the nearest patches of the members have
    the rest; `lowest`: share of the members, the most similar ones, whose distances are averaged per patch; `top`: share of the most distant patches whose mean is the
    score, `tile_top` that of tiles where it differs; `mean_share`: how much of the mean of all patches is taken off it; `radii`: neighbourhoods over which the base view's patches are averaged before (0: each alone, 1: 3 x 3, 2: 5 x 5), the distances to the members averaged over them."""

    name: str
    levels: tuple[int, ...] = USED
    kinds: tuple[str, ...] = ("base", "tile")
    residual: float = RESIDUAL_WEIGHT
    within: float = WITHIN_WEIGHT
    lowest: float = 0.3
    top: float = 0.01
    tile_top: float | None = None
    mean_share: float = 0.3
    members: int = MEMBERS
    radii: tuple[int, ...] = (2,)


VARIANTS = (
    Variant("shipped: nearest patches 0.5, unexplained rest 0.3, own view 0.2; base view (5 x 5 means) and tiles, layers 6 to 12, 32 members, their lowest 30 %, top 1 % less 0.3 of the mean"),
    Variant("without the own view", within=0),
    Variant("without the unexplained rest", residual=0),
    Variant("nearest patches alone", residual=0, within=0),
    Variant("unexplained rest alone", residual=1, within=0),
    Variant("base view only", kinds=("base",)),
    Variant("base view: patches alone", radii=(0,)),
    Variant("base view: 3 x 3 means", radii=(1,)),
    Variant("base view: patches, 3 x 3 and 5 x 5 means", radii=RADII),
    Variant("layers 3 to 12", levels=LEVELS),
    Variant("layers 9 and 12", levels=(2, 3)),
    Variant("layer 9 only", levels=(2,)),
    Variant("lowest 10 %", lowest=0.1),
    Variant("lowest 50 %", lowest=0.5),
    Variant("top 0.3 % of patches", top=0.003),
    Variant("top 0.3 % of the tiles' patches", tile_top=0.003),
    Variant("top 3 % of patches", top=0.03),
    Variant("nothing of the mean taken off", mean_share=0),
    Variant("0.15 of the mean taken off", mean_share=0.15),
    Variant("0.5 of the mean taken off", mean_share=0.5),
    Variant("16 members", members=16),
    Variant("second version: patches, 3 x 3 and 5 x 5 means, nothing taken off", radii=RADII, mean_share=0),
    Variant("first version: nearest patches alone, 3 x 3 means, base view, layer 9, nothing taken off", kinds=("base",), levels=(2,), residual=0, within=0, radii=(1,), mean_share=0),
)


def on_lattice(valid: Tensor) -> dict[str, Tensor]:
    """valid [V,P] bool -> by view kind which of its valid patches, views joined, a member keeps."""
    rows, columns = torch.arange(GRID**2) // GRID, torch.arange(GRID**2) % GRID
    kept: dict[str, list[Tensor]] = {"base": [], "tile": []}
    for view, shown in enumerate(valid):
        kind = "tile" if view else "base"
        step = STEPS[kind]
        lattice = (rows % step == step // 2) & (columns % step == step // 2)
        kept[kind].append(lattice[shown])
    return {kind: torch.cat(found) for kind, found in kept.items() if found}


class Image:
    """Patches of an image by view kind, those that it gives as a member, and the base view's patches averaged over 3 x 3 and 5 x 5, `pooled` [L,n,D] each."""

    def __init__(self, store: FeatureStore, group: Group) -> None:
        self.label = group.label
        self.kinds = view_patches(store, group)
        valid = torch.from_numpy(np.asarray(store.get(group, "valid"))) > 0
        kept = on_lattice(valid)
        self.thin = {kind: self.kinds[kind].unit[:, shown] for kind, shown in kept.items()}
        base = torch.from_numpy(store.levels(group, group.rows[:1]))[0].transpose(1, 2).unflatten(2, (GRID, GRID))
        self.pooled = {r: unit(F.avg_pool2d(base, 2 * r + 1, 1, r, count_include_pad=False).flatten(2).transpose(1, 2)) for r in RADII if r}
        self.thin_pooled = {r: pooled[:, kept["base"]] for r, pooled in self.pooled.items()}


class Set:
    """A domain's images and their distances to the members, computed once for all variants."""

    def __init__(self, images: list[Image]) -> None:
        self.images = images
        self.members = [i * len(images) // MEMBERS for i in range(min(MEMBERS, len(images)))]
        self.apart: dict[tuple[str, int, int], Tensor] = {}
        for index, image in enumerate(images):
            for kind, patches in image.kinds.items():
                self.apart[kind, 0, index] = torch.stack([self.distance(patches.unit, self.images[m].thin.get(kind)) for m in self.members])
            for radius, pooled in image.pooled.items():
                self.apart["base", radius, index] = torch.stack([self.distance(pooled, self.images[m].thin_pooled[radius]) for m in self.members])

    @staticmethod
    def distance(query: Tensor, member: Tensor | None) -> Tensor:
        """To the nearest of a member's patches, [L,n]; NaN where the member has no such views."""
        return torch.full(query.shape[:2], float("nan")) if member is None else 1 - (query @ member.transpose(1, 2)).amax(-1)

    @cache
    def nearest(self, kind: str, radius: int, members: int, lowest: float, index: int) -> Tensor:
        """An image's distances to the first members but itself: per patch the mean of the `lowest` share, [L,n]."""
        others = [at for at, m in enumerate(self.members[:members]) if m != index]
        rows = self.apart[kind, radius, index][others]
        rows = rows[~rows[:, 0, 0].isnan()]
        count = max(1, round(len(rows) * lowest))
        return rows.permute(1, 2, 0).contiguous().topk(count, largest=False, sorted=False).values.mean(-1)

    @cache
    def unexplained(self, kind: str, members: int) -> dict[int, Tensor]:
        """Per image with such views what the members' covariance leaves of its patches, [L,n]."""
        residual = Residual([Moments.of(self.images[m].thin[kind]) for m in self.members[:members] if kind in self.images[m].thin])
        return {index: residual(image.kinds[kind].unit) for index, image in enumerate(self.images) if kind in image.kinds}

    def scores(self, variant: Variant, kind: str) -> np.ndarray:
        """The images' scores of one view kind, NaN where they have no such views."""
        unexplained = self.unexplained(kind, variant.members) if variant.residual else None
        levels = list(variant.levels)
        found = np.full(len(self.images), np.nan)
        for index, image in enumerate(self.images):
            if kind not in image.kinds:
                continue
            radii = variant.radii if kind == "base" else (0,)
            distance = torch.stack([self.nearest(kind, radius, variant.members, variant.lowest, index)[levels] for radius in radii]).mean(0)
            if variant.residual or variant.within:
                patches = image.kinds[kind]
                left = unexplained[index][levels] if unexplained else torch.ones_like(distance)
                distance = geometric_mean(distance, left, patches.within[levels], variant.residual, variant.within)
            values = distance.mean(0)
            share = variant.tile_top if kind == "tile" and variant.tile_top is not None else variant.top
            highest = values.topk(max(1, round(len(values) * share))).values.mean()
            found[index] = float(highest - variant.mean_share * values.mean())
        return found

    def evaluate(self, variant: Variant) -> tuple[float, list[tuple[float, float]]]:
        """-> image AUROC, and per view kind mean and deviation of the normal images' scores."""
        label = np.array([image.label for image in self.images])
        deviations, normal = [], []
        for kind in variant.kinds:
            if sum(kind in self.images[m].thin for m in self.members[: variant.members]) < 2:
                continue
            scores = self.scores(variant, kind)
            mean, deviation = likely_normal(scores[self.members[: variant.members]])
            deviations.append((scores - mean) / deviation)
            normal.append((np.nanmean(scores[label == 0]), np.nanstd(scores[label == 0])))
        return float(roc_auc_score(label, np.nanmean(deviations, axis=0))), normal


def likely_normal(members: np.ndarray) -> tuple[float, float]:
    """Mean and deviation of the least distant members' scores, shrunk to the prior."""
    scores = np.sort(members[~np.isnan(members)])
    return shrink_to_prior(scores[: max(2, int(np.ceil(len(scores) * LIKELY_NORMAL)))], PRIOR_MEAN, PRIOR_DEVIATION, PRIOR_COUNT)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--cap", type=int, default=40, help="images per domain and label")
    parser.add_argument("--threads", type=int, default=2)


def run(args: argparse.Namespace) -> None:
    torch.set_num_threads(args.threads)
    torch.set_grad_enabled(False)
    store = FeatureStore(("real", *TILED))
    domains = sorted({g.domain for g in store.groups if g.shard == "tiles"})
    table, normal = [], []
    for domain in tqdm(domains, desc="domains"):
        groups = evaluation_groups(store, domain, args.cap)
        mixed = [groups[i] for i in np.random.default_rng(0).permutation(len(groups))]
        found = Set([Image(store, group) for group in mixed])
        results = [found.evaluate(variant) for variant in VARIANTS]
        table.append([auroc for auroc, _ in results])
        normal += results[0][1]
    scores = np.array(table).T
    print(f"\n| variant | {' | '.join(domains)} | mean |\n|{'---|' * (len(domains) + 2)}")
    for variant, row in zip(VARIANTS, scores, strict=True):
        print(f"| {variant.name} | {' | '.join(f'{100 * value:.1f}' for value in (*row, row.mean()))} |")
    held_out = [scores[np.delete(scores, i, axis=1).mean(1).argmax(), i] for i in range(len(domains))]
    print(f"\nChosen on the other domains, scored on the one left out: {100 * np.mean(held_out):.1f}")
    mean, deviation = np.mean(normal, axis=0)
    print(f"Normal images' distance: {mean:.3f}, deviation {deviation:.3f}")
