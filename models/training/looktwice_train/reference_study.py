"""`reference-study`: what each choice of the reference mode gains, and what it costs, on the sets that have normal images.

For every set: four normal images as references, tested on `--images` further normal and as many anomalous ones (cached features: run `features` first). Prints a
Markdown table: image AUROC per set and mean, and the milliseconds of processor time that comparing one image takes (encoding excluded: five views cost five
times one). At the end the variant is chosen on all sets but one and scored on that one, for every set in turn: what a choice made on other data is worth.

Each variant is a statistic of the distances of an image's patches to their nearest reference patch; no weights are trained here.
"""
from __future__ import annotations

import argparse
import time
from dataclasses import dataclass

import numpy as np
import torch
from sklearn.metrics import roc_auc_score
from torch import Tensor
from torch.nn import functional as F

from .data.features_store import FeatureStore, Group

REFERENCES = 4
BANK = 12_544
"""Patches per view kind and level, as lib/anomaly/reference-bank.ts keeps them."""
GRID = 28


@dataclass(frozen=True)
class Variant:
    """`views`: which distances count (both: the mean of each kind's standardised one); `levels`: indices into the encoder's four; `top`: the share of
    most distant patches whose mean is the score; `window`: only reference patches that are at most so many patches away; `centred`: the references' mean
    patch is subtracted before normalising; `less_mean`: the image's own mean distance is subtracted."""

    name: str
    views: str = "finest"
    levels: tuple[int, ...] = (1, 2, 3)
    top: float = 0.01
    window: int | None = None
    centred: bool = False
    less_mean: bool = False


VARIANTS = (
    Variant("base view only", views="base"),
    Variant("base view and tiles averaged", views="both"),
    Variant("tiles where there are any (shipped)"),
    Variant("layer 6 only", levels=(1,)),
    Variant("layer 9 only", levels=(2,)),
    Variant("layer 12 only", levels=(3,)),
    Variant("layers 3 to 12", levels=(0, 1, 2, 3)),
    Variant("top 0.13 % of patches", top=0.0013),
    Variant("top 4 % of patches", top=0.04),
    Variant("references centred", centred=True),
    Variant("own mean distance subtracted", less_mean=True),
    Variant("same place only (3 patches)", views="base", window=3),
)


class Image:
    """Valid patches of an image: per view kind [L,n,D], with the place of each."""

    def __init__(self, store: FeatureStore, group: Group) -> None:
        levels = torch.from_numpy(store.levels(group))
        valid = torch.from_numpy(np.asarray(store.get(group, "valid"))) > 0
        self.label = group.label
        self.kinds: dict[str, Tensor] = {"base": levels[0]}
        if len(levels) > 1:
            self.kinds["tile"] = torch.cat([view[:, keep] for view, keep in zip(levels[1:], valid[1:], strict=True)], dim=1)


def distances(query: Tensor, references: list[Tensor], centred: bool, window: int | None) -> Tensor:
    """1 - the largest cosine with the references' patches -> [L,n]."""
    bank = torch.cat(references, dim=1)
    if bank.shape[1] > BANK:
        bank = bank[:, torch.linspace(0, bank.shape[1] - 1, BANK).long()]
    if centred:
        mean = bank.mean(1, keepdim=True)
        query, bank = query - mean, bank - mean
    cosines = F.normalize(query, dim=-1) @ F.normalize(bank, dim=-1).transpose(1, 2)
    if window is not None:
        rows, columns = torch.arange(GRID**2) // GRID, torch.arange(GRID**2) % GRID
        away = torch.maximum((rows[:, None] - rows).abs(), (columns[:, None] - columns).abs())
        cosines = (cosines.unflatten(-1, (-1, GRID**2)) - 4.0 * (away > window)[:, None]).flatten(2)
    return 1 - cosines.amax(-1)


class Comparison:
    """An image beside references; distances are computed once for all variants that need the same ones."""

    def __init__(self, image: Image, references: list[Image]) -> None:
        self.image, self.references = image, references
        self.known: dict[tuple, tuple[Tensor, float]] = {}

    def distances(self, kind: str, variant: Variant) -> tuple[Tensor, float]:
        """[L,n], and the seconds of processor time that one level took."""
        key = (kind, variant.centred, variant.window)
        if key not in self.known:
            started = time.process_time()
            found = distances(self.image.kinds[kind], [r.kinds[kind] for r in self.references], variant.centred, variant.window)
            self.known[key] = found, (time.process_time() - started) / len(found)
        return self.known[key]

    def kinds(self, variant: Variant) -> list[str]:
        if variant.views == "base" or "tile" not in self.image.kinds:
            return ["base"]
        return ["base", "tile"] if variant.views == "both" else ["tile"]

    def score(self, variant: Variant) -> tuple[list[float], float]:
        """The statistic of each view kind that counts, and the seconds it took."""
        scores, seconds = [], 0.0
        for kind in self.kinds(variant):
            per_level, cost = self.distances(kind, variant)
            values = per_level[list(variant.levels)].mean(0)
            count = max(1, round(len(values) * variant.top))
            scores.append(float(values.topk(count).values.mean() - (values.mean() if variant.less_mean else 0)))
            seconds += cost * len(variant.levels)
        return scores, seconds


def evaluate(variant: Variant, own: list[Comparison], tested: list[Comparison]) -> tuple[float, float]:
    """Image AUROC and milliseconds of processor time per image; `own` are the references, each beside the others."""
    normal = np.array([comparison.score(variant)[0] for comparison in own])
    results = [comparison.score(variant) for comparison in tested]
    scores = np.array([values for values, _ in results])
    # Kinds are on a common scale once the references' own spread is taken out (with a floor: four images tell little).
    spread = np.sqrt(normal.std(0) ** 2 + (0.15 * np.abs(normal.mean(0))) ** 2) + 1e-9
    standardised = ((scores - normal.mean(0)) / spread).mean(1)
    auroc = roc_auc_score([comparison.image.label for comparison in tested], standardised)
    return float(auroc), 1000 * float(np.mean([seconds for _, seconds in results]))


def sets_of(store: FeatureStore, images: int, seed: int):
    """Per domain with normal and anomalous images: references and test images; tiled images where the cache has them."""
    for domain in sorted({group.domain for group in store.groups}):
        of_domain = [g for g in store.groups if g.domain == domain]
        shard = "tiles" if any(g.shard == "tiles" and g.label == 0 for g in of_domain) else "real"
        rng = np.random.default_rng(seed)
        by_label = {label: [g for g in of_domain if g.shard == shard and g.label == label] for label in (0, 1)}
        normal, anomalous = ([groups[i] for i in rng.permutation(len(groups))] for groups in by_label.values())
        if len(normal) < REFERENCES + 8 or len(anomalous) < 8:
            continue
        chosen = normal[: REFERENCES + images] + anomalous[:images]
        loaded = [Image(store, group) for group in chosen]
        yield domain, loaded[:REFERENCES], loaded[REFERENCES:]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--images", type=int, default=20, help="normal and anomalous test images per set")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)


def run(args: argparse.Namespace) -> None:
    torch.set_num_threads(args.threads)
    torch.set_grad_enabled(False)
    domains: list[str] = []
    table = np.zeros((len(VARIANTS), 0))
    costs = np.zeros((len(VARIANTS), 0))
    for domain, references, tested in sets_of(FeatureStore(("tiles", "real")), args.images, args.seed):
        own = [Comparison(image, [other for other in references if other is not image]) for image in references]
        compared = [Comparison(image, references) for image in tested]
        results = np.array([evaluate(variant, own, compared) for variant in VARIANTS])
        domains.append(domain)
        table, costs = np.c_[table, results[:, 0]], np.c_[costs, results[:, 1]]
        print(f"{domain}: done", flush=True)
    print(f"\n| variant | {' | '.join(domains)} | mean | ms |\n|{'---|' * (len(domains) + 3)}")
    for variant, row, cost in zip(VARIANTS, table, costs, strict=True):
        cells = " | ".join(f"{100 * value:.1f}" for value in (*row, row.mean()))
        print(f"| {variant.name} | {cells} | {cost.mean():.0f} |")
    held_out = []
    for index in range(len(domains)):
        best = int(np.delete(table, index, axis=1).mean(1).argmax())
        held_out.append(table[best, index])
    print(f"\nChosen on the other sets, scored on the one left out: {100 * np.mean(held_out):.1f}")
