"""`evidence-study`: what other readings of the same evidence would rank, on the domains that each fit left out.

For every domain with both labels (cached features: run `features` and `evidence` first): novelty and contrast of every view under the fit that
never saw the domain, read in several ways, all statistics in units of their spread on the other domains. Prints a Markdown table of image AUROC per
domain and mean and how often verdicts are right when the other domains choose the threshold; at the end how all combinations of the readings do. No weights are trained here.
"""
from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
import torch
from sklearn.metrics import roc_auc_score
from torch import Tensor
from tqdm import tqdm

from .data.features_store import FeatureStore, Group
from .data.samples import HELD_CAP, TILED
from .modules.calibration import held_out_accuracy
from .modules.dssl import TEMPERATURE
from .modules.evidence import CONTRAST_PATCHES, NOVEL_PATCHES, WEIGHTS, Evidence
from .stages.evidence import load_evidence
from .stages.expert import evaluation_groups

ALL = (0, 1, 2, 3)
Peaks = tuple[float, list[float], float]
"""Of an image: the base view's, every tile's, and that of all tiles together."""
FORMS: dict[str, Callable[[float, list[float], float], float]] = {
    "both": lambda base, tiles, together: (base + together) / 2,
    "highest": lambda base, tiles, together: max(base, *tiles),
}
Compared = Callable[[Tensor, Tensor], Tensor]
"""The mean of the largest values and that of all -> what a peak counts."""


def ratio(peak: Tensor, mean: Tensor) -> Tensor:
    return torch.log(peak / mean)


def difference(peak: Tensor, mean: Tensor) -> Tensor:
    return peak - mean


def alone(peak: Tensor, mean: Tensor) -> Tensor:
    return peak


@dataclass(frozen=True)
class Reading:
    """`levels`, `soft`: distances that count, to the nearest patch or a soft minimum over all; `patches`, `contrast_patches`: how many a peak averages; `views`: key of FORMS for
    the peak over the mean; `weights`: of the peak in relation to the mean (the highest view's logarithm), of the peak over the mean, and of contrast."""

    name: str
    weights: tuple[float, float, float] = WEIGHTS
    levels: tuple[int, ...] = ALL
    soft: bool = False
    patches: int = NOVEL_PATCHES
    views: str = "both"
    contrast_patches: int = CONTRAST_PATCHES


SHIPPED = Reading("**shipped: nearest other patch at layers 3 to 12; relative + 0.25 x absolute novelty + 2 x contrast**")
FORMER = Reading("former: soft distance at layers 6 to 12, 10 patches, absolute in the highest view; + 2 x contrast", (0, 1, 2), (1, 2, 3), True, 10, "highest")
READINGS = (
    SHIPPED,
    replace(SHIPPED, name="relative novelty alone", weights=(1, 0, 0)),
    replace(SHIPPED, name="absolute novelty alone", weights=(0, 1, 0)),
    replace(SHIPPED, name="contrast alone", weights=(0, 0, 1)),
    replace(SHIPPED, name="relative + 2 x contrast", weights=(1, 0, 2)),
    replace(SHIPPED, name="relative + 0.5 x absolute + 2 x contrast", weights=(1, 0.5, 2)),
    replace(SHIPPED, name="absolute + 2 x contrast", weights=(0, 1, 2)),
    replace(SHIPPED, name="absolute + contrast", weights=(0, 1, 1)),
    replace(SHIPPED, name="layers 6 to 12", levels=(1, 2, 3)),
    replace(SHIPPED, name="layer 6", levels=(1,)),
    replace(SHIPPED, name="10 patches", patches=10),
    replace(SHIPPED, name="absolute novelty of the highest view", views="highest"),
    replace(SHIPPED, name="contrast: 10 patches", contrast_patches=10),
    replace(SHIPPED, name="soft distance", soft=True),
    FORMER,
    replace(FORMER, name="former, novelty alone", weights=(0, 1, 0)),
)
GRID = [
    Reading("", weights, levels, soft, patches, views)
    for weights, levels, soft, patches, views in product(
        [(relative, absolute, contrast) for relative in (0, 1) for absolute in (0, 0.25, 0.5, 1) for contrast in (1, 2, 3) if relative + absolute],
        (ALL, (1, 2, 3), (1,)), (False, True), (10, 20), ("both", "highest"))
]


class Image:
    """An image's maps of distances and contrast, and the peaks that were asked for."""

    @torch.no_grad()
    def __init__(self, evidence: Evidence, store: FeatureStore, group: Group) -> None:
        levels, valid = torch.from_numpy(store.levels(group)), torch.from_numpy(store.get(group, "valid").astype(np.float32))
        similarity = evidence.dssl.similarity(levels, valid)
        soft = 1 - TEMPERATURE * (torch.logsumexp(similarity / TEMPERATURE, -1) - valid.sum(-1).clamp(min=1).log()[:, None, None])
        self.label, self.shown = group.label, valid > 0
        self.distances = {False: 1 - similarity.amax(-1).clamp(min=-1), True: soft}
        self.contrasts = evidence.contrast(levels, valid)
        self.known: dict[tuple, Peaks] = {}

    def peaks(self, key: tuple, values: Tensor, patches: int, compared: Compared) -> Peaks:
        """Of values [V,P], once per key and comparison."""
        if (*key, compared) not in self.known:
            parts = [view[shown] for view, shown in zip(values, self.shown, strict=True)]
            found = [float(compared(part.topk(min(patches, len(part))).values.mean(), part.mean())) for part in (*parts, torch.cat(parts[1:] or parts))]
            self.known[(*key, compared)] = found[0], found[1:-1] or [found[0]], found[-1]
        return self.known[(*key, compared)]

    def statistics(self, r: Reading) -> tuple[float, float, float]:
        """Relative and absolute novelty, contrast."""
        key, distances = (r.levels, r.soft, r.patches), self.distances[r.soft][:, list(r.levels)].mean(1)
        relative, absolute = (self.peaks(key, distances, r.patches, compared) for compared in (ratio, difference))
        contrast = self.peaks((r.contrast_patches,), self.contrasts, r.contrast_patches, alone)
        return FORMS["highest"](*relative), FORMS[r.views](*absolute), FORMS["highest"](*contrast)


def ranked(reading: Reading, domains: dict[str, list[Image]]) -> tuple[np.ndarray, float]:
    """-> image AUROC of every domain, and how often a verdict is right when the other domains choose the threshold."""
    found = {name: np.array([image.statistics(reading) for image in images]) for name, images in domains.items()}
    aurocs, sets = [], {}
    for name, images in domains.items():
        spread = np.mean([values.std(0) for other, values in found.items() if other != name], axis=0)
        scores = found[name] / spread @ np.array(reading.weights)
        aurocs.append(roc_auc_score([image.label for image in images], scores))
        sets[(name, 0)] = [{"label": image.label, "score": score} for image, score in zip(images, scores, strict=True)]
    middle, width = np.median([r["score"] for rows in sets.values() for r in rows]), np.std([r["score"] for rows in sets.values() for r in rows])
    return np.array(aurocs), held_out_accuracy(sets, lambda row: float((row["score"] - middle) / width))


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--cap", type=int, default=HELD_CAP, help="images per domain and label")
    parser.add_argument("--threads", type=int, default=2)


def run(args: argparse.Namespace) -> None:
    torch.set_num_threads(args.threads)
    store = FeatureStore(("real", *TILED))
    domains: dict[str, list[Image]] = {}
    graded = sorted({g.domain for g in store.groups if g.shard == "tiles"})
    for domain in tqdm(graded, desc="domains"):
        evidence = Evidence()
        evidence.load_state_dict(load_evidence(domain))
        domains[domain] = [Image(evidence, store, group) for group in evaluation_groups(store, domain, args.cap)]
    print("| reading |", " | ".join(domains), "| mean | verdicts |")
    print("|---" * (len(domains) + 3) + "|")
    for reading in READINGS:
        aurocs, right = ranked(reading, domains)
        print(f"| {reading.name} |", " | ".join(f"{100 * a:.1f}" for a in [*aurocs, aurocs.mean(), right]), "|", flush=True)
    results = [ranked(reading, domains) for reading in tqdm(GRID, desc="combinations")]
    table, rights = np.array([aurocs for aurocs, _ in results]), np.array([right for _, right in results])
    soft = np.array([reading.soft for reading in GRID])
    held_out = [table[np.delete(table, i, axis=1).mean(1).argmax(), i] for i in range(len(domains))]
    for name, chosen in (("nearest", ~soft), ("soft", soft)):
        print(f"{chosen.sum()} combinations, {name}: median {100 * np.median(table[chosen].mean(1)):.1f}, verdicts {100 * np.median(rights[chosen]):.1f}")
    print(f"Chosen on the other domains, scored on the one left out: {100 * np.mean(held_out):.1f}")
