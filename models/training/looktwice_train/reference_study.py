"""`reference-study`: what each choice of the reference mode gains, and what it costs, on the sets that have normal images.

For every set: four normal images as references, tested on `--images` further normal and as many anomalous ones (cached features: run `features` first). Prints a
Markdown table: image AUROC per set and mean, and the milliseconds of processor time that comparing one image takes (encoding excluded: five views cost five
times one). At the end the variant is chosen on all sets but one and scored on that one, for every set in turn: what a choice made on other data is worth.

Each variant is a statistic of the distances of an image's patches to their nearest reference patch; no weights are trained here.
"""
from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from sklearn.metrics import roc_auc_score
from torch import Tensor

from .data.features_store import FeatureStore, Group
from .modules.nearest import MAX_BANK, evenly, nearest, unit
from .modules.references import (
    CENTRING,
    DISCOUNT,
    LEVELS,
    MEAN_SHARE,
    RESIDUAL_WEIGHT,
    TOP,
    WITHIN_WEIGHT,
    geometric_mean,
    less_mean,
    top_mean,
    view_patches,
)
from .modules.residual import Moments, Residual

REFERENCES = 4


@dataclass(frozen=True)
class Variant:
    """`views`: which distances count (both: the mean of each kind's standardised one; finest: the tiles where there are any); `levels`: indices into the
    encoder's four; `top_base`, `top_tile`: the share of most distant patches whose mean is the score; `discount`: how much of the nearest reference patch's own distance to the
    other references is taken off; `window`: only reference patches that are at most so many patches away; `centring`: how much of the references' mean patch is
    subtracted before patches are compared; `residual` and `within`: weights in the geometric mean, the nearest reference patch has the rest; `mean_share`: how much
    of the image's own mean distance is subtracted; `bank`: how many reference patches are kept."""

    name: str
    views: str = "both"
    levels: tuple[int, ...] = LEVELS
    top_base: float = TOP["base"]
    top_tile: float = TOP["tile"]
    discount: float = DISCOUNT
    window: int | None = None
    centring: float = CENTRING
    residual: float = RESIDUAL_WEIGHT
    within: float = WITHIN_WEIGHT
    mean_share: float = MEAN_SHARE
    bank: int = MAX_BANK

    @property
    def bank_key(self) -> tuple:
        """What a bank depends on."""
        return self.centring, self.window, self.bank


def nearest_alone(name: str, **changes) -> Variant:
    """A variant without the further distances, as the first versions were."""
    return Variant(name, **{"centring": 0.0, "residual": 0.0, "within": 0.0, "mean_share": 0.0, "top_base": 0.003, **changes})


VARIANTS = (
    Variant("shipped: nearest reference patch 0.5, unexplained rest 0.3, own view 0.2; base view (top 1 %) and tiles (top 0.3 %), layers 3 to 12, less 0.3 of the own mean distance"),
    Variant("third version: top 0.3 % of both, nothing of the own mean distance taken off", top_base=0.003, mean_share=0),
    Variant("nothing of the own mean distance taken off", mean_share=0),
    Variant("0.6 of the own mean distance taken off", mean_share=0.6),
    Variant("top 0.3 % of the base view", top_base=0.003),
    Variant("without the own view", within=0),
    Variant("without the unexplained rest", residual=0),
    Variant("nearest reference patch alone", residual=0, within=0),
    Variant("unexplained rest alone", residual=1, within=0),
    Variant("own view alone", residual=0, within=1),
    Variant("equal weights", residual=1 / 3, within=1 / 3),
    Variant("nothing of the mean taken off", centring=0),
    Variant("all of the mean taken off", centring=1),
    Variant("nothing of the references' own distance taken off", discount=0),
    Variant("twice the reference patches kept", bank=2 * MAX_BANK),
    Variant("half the reference patches kept", bank=MAX_BANK // 2),
    Variant("base view only", views="base"),
    Variant("tiles where there are any", views="finest"),
    Variant("layers 6 to 12", levels=(1, 2, 3)),
    Variant("layer 9 only", levels=(2,)),
    Variant("top 1 % of the tiles", top_tile=0.01),
    nearest_alone("second version: nearest reference patch alone, nothing of the mean taken off"),
    nearest_alone("the same, layer 12 only", levels=(3,)),
    nearest_alone("the same, own mean distance subtracted", mean_share=1),
    nearest_alone("first version: tiles where there are any, layers 6 to 12, top 1 %, nothing taken off", views="finest", levels=(1, 2, 3), top_base=0.01, top_tile=0.01, discount=0),
    nearest_alone("same place only (3 patches), base view, nothing taken off", views="base", discount=0, window=3),
)


class Image:
    """Valid patches of an image, by view kind."""

    def __init__(self, store: FeatureStore, group: Group) -> None:
        self.label = group.label
        self.kinds = view_patches(store, group)


class Bank:
    """The references' centred patches of one view kind, and `own` [L,m]: each one's distance to the other references."""

    def __init__(self, parts: list[Tensor], mean: Tensor, variant: Variant) -> None:
        self.mean, self.window = mean, variant.window
        centred = [unit(part - mean) for part in parts]
        kept = evenly(sum(part.shape[1] for part in parts), variant.bank)
        owner = torch.repeat_interleave(torch.arange(len(parts)), torch.tensor([part.shape[1] for part in parts]))[kept]
        self.patches = torch.cat(centred, dim=1)[:, kept]
        self.own = torch.cat([nearest(self.patches[:, owner == i], self.patches[:, owner != i], self.window)[0] for i in range(len(parts))], dim=1)

    def compare(self, query: Tensor) -> tuple[Tensor, Tensor]:
        """-> distance to the nearest patch, and what that one has to the other references: [L,n] each."""
        distance, index = nearest(unit(query - self.mean), self.patches, self.window)
        return distance, self.own.gather(1, index)


class References:
    """Reference images; a bank is built once for all variants that need the same one."""

    def __init__(self, images: list[Image]) -> None:
        self.images = images
        self.banks: dict[tuple, Bank] = {}
        self.residuals: dict[str, Residual] = {}

    def parts(self, kind: str) -> list[Tensor]:
        return [image.kinds[kind].unit for image in self.images]

    def residual(self, kind: str) -> Residual:
        if kind not in self.residuals:
            self.residuals[kind] = Residual([Moments.of(part) for part in self.parts(kind)])
        return self.residuals[kind]

    def bank(self, kind: str, variant: Variant) -> Bank:
        key = (kind, *variant.bank_key)
        if key not in self.banks:
            self.banks[key] = Bank(self.parts(kind), variant.centring * self.residual(kind).mean, variant)
        return self.banks[key]


class Comparison:
    """An image beside references; distances are computed once for all variants that need the same ones."""

    def __init__(self, image: Image, references: References) -> None:
        self.image, self.references = image, references
        self.known: dict[tuple, tuple[tuple[Tensor, ...], float]] = {}

    def timed(self, key: tuple, find: Callable[[], tuple[Tensor, ...]]) -> tuple[tuple[Tensor, ...], float]:
        """What `find` gives, [L,n] each, and the seconds of processor time that one level took."""
        if key not in self.known:
            started = time.process_time()
            found = find()
            self.known[key] = found, (time.process_time() - started) / len(found[0])
        return self.known[key]

    def distances(self, kind: str, variant: Variant) -> tuple[Tensor, float]:
        """The patches' combined distances [L,n], and the seconds of processor time that one level took: those of the distances that have a weight."""
        patches = self.image.kinds[kind]
        bank, residual = self.references.bank(kind, variant), self.references.residual(kind)
        (distance, own), seconds = self.timed((kind, *variant.bank_key), lambda: bank.compare(patches.unit))
        distance = distance - variant.discount * own
        if not variant.residual and not variant.within:
            return distance, seconds
        (left,), more = self.timed((kind, "residual"), lambda: (residual(patches.unit),))
        spent = seconds * (variant.residual + variant.within < 1) + more * (variant.residual > 0)
        return geometric_mean(distance, left, patches.within, variant.residual, variant.within), spent

    def kinds(self, variant: Variant) -> list[str]:
        if variant.views == "base" or "tile" not in self.image.kinds:
            return ["base"]
        return ["base", "tile"] if variant.views == "both" else ["tile"]

    def score(self, variant: Variant) -> tuple[list[float], float]:
        """The statistic of each view kind that counts, and the seconds it took."""
        scores, seconds = [], 0.0
        for kind in self.kinds(variant):
            distance, cost = self.distances(kind, variant)
            values = less_mean(distance[list(variant.levels)].mean(0), variant.mean_share)
            scores.append(top_mean(values, variant.top_tile if kind == "tile" else variant.top_base))
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


def measure(store: FeatureStore, images: int, seed: int) -> tuple[list[str], np.ndarray, np.ndarray]:
    """-> the sets, image AUROC [variants, sets] and milliseconds per image [variants, sets]."""
    domains, table, costs = [], [], []
    for domain, references, tested in sets_of(store, images, seed):
        own = [Comparison(image, References([other for other in references if other is not image])) for image in references]
        known = References(references)
        compared = [Comparison(image, known) for image in tested]
        results = np.array([evaluate(variant, own, compared) for variant in VARIANTS])
        domains.append(domain)
        table.append(results[:, 0])
        costs.append(results[:, 1])
        print(f"seed {seed}, {domain}: done", flush=True)
    return domains, np.array(table).T, np.array(costs).T


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--images", type=int, default=20, help="normal and anomalous test images per set")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2], help="draws of references and test images, averaged")
    parser.add_argument("--threads", type=int, default=2)


def run(args: argparse.Namespace) -> None:
    torch.set_num_threads(args.threads)
    torch.set_grad_enabled(False)
    store = FeatureStore(("tiles", "real"))
    runs = [measure(store, args.images, seed) for seed in args.seeds]
    domains = runs[0][0]
    table, costs = (np.mean([r[i] for r in runs], axis=0) for i in (1, 2))
    print(f"\n| variant | {' | '.join(domains)} | mean | ms |\n|{'---|' * (len(domains) + 3)}")
    for variant, row, cost in zip(VARIANTS, table, costs, strict=True):
        cells = " | ".join(f"{100 * value:.1f}" for value in (*row, row.mean()))
        print(f"| {variant.name} | {cells} | {cost.mean():.0f} |")
    held_out = []
    for index in range(len(domains)):
        best = int(np.delete(table, index, axis=1).mean(1).argmax())
        held_out.append(table[best, index])
    print(f"\nChosen on the other sets, scored on the one left out: {100 * np.mean(held_out):.1f}")
