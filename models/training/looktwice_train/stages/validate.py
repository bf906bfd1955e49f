"""`validate`: leave-one-dataset-out validation of the expert, zero-shot and with references, and the calibration that follows.

For every domain that has a held-out expert (`expert --lodo`), scores its images with the model that never saw the domain:
zero-shot, and with K normal reference images (DSSL at inference, as lib/anomaly/reference-bank.ts does it). Writes
logs/validation.json with the table, and the bundle's calibration (Platt scaling and fusion weights over all held-out domains).
"""
from __future__ import annotations

import argparse
import json
from collections import defaultdict

import cv2
import numpy as np
import torch
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from torch import Tensor
from tqdm import tqdm

from ..data.features_store import FeatureStore, Group
from ..data.sampler import collate
from ..metrics import pro
from ..modules.evidence import statistics
from ..modules.ltfm import AnomalyExpert
from ..modules.nearest import evenly, nearest, unit
from ..paths import CACHE, LOGS
from .expert import evaluation_groups
from .mask import load_expert

LEVELS = (0, 1, 2, 3)
TOP = 0.003
DISCOUNT = 0.5  # how much of a reference patch's own distance to the other references is taken off
PRIOR_MEAN, PRIOR_DEVIATION, PRIOR_OWN, PRIOR_COUNT = 0.174, 0.035, 0.062, 2  # averages over the domains; they move all scores of a set alike
# The honest slope of a stranger's picture leaves every score in the middle bucket, and then the buckets say nothing. So the middle is
# fitted to the held-out scores, and the spread is stretched until this share of them stays in the middle bucket.
PEAK, PEAK_PATCHES = 0.2, 3  # how the map's peak would join the score, in logits per logit: part of the table only
MIDDLE_SHARE, MIDDLE_EDGE = 1 / 3, 0.7  # the paper's upper bucket edge
MAP_WEIGHTS = (0.0, 0.05, 0.1, 0.15, 0.25, 0.5, 0.75)


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


def score_parts(expert: AnomalyExpert, batch: dict[str, Tensor], out: dict[str, Tensor]) -> dict[str, float]:
    """What the score is made of and what it leaves out, for the table of the parts and the ablations."""
    levels, cues, valid = (batch[name][0] for name in ("levels", "cues", "valid"))
    evidence = expert.evidence
    novelty, contrast = statistics(evidence.novelty(levels, cues, valid), evidence.contrast(levels, valid), valid).tolist()
    logits = out["logits"][0].clamp(-12, 12).mean(1) + (valid - 1) * 1e4
    peak = float(logits.topk(PEAK_PATCHES, dim=-1).values.mean(-1).amax())
    score = float(out["score"])
    return {"novelty": novelty, "contrast": contrast, "map_peak": peak, "score_and_peak": score + PEAK * peak, "global_token": float(out["token_score"])}


@torch.no_grad()
def score_domain(expert: AnomalyExpert, store: FeatureStore, groups: list[Group], references: list[Group]) -> list[dict]:
    bank = Bank([unit_patches(store, g) for g in references]) if references else None
    rows = []
    for group in groups:
        batch = collate(store, [group])
        out = expert(batch["levels"], batch["cues"], batch["valid"])
        row = {"label": group.label, "logit": float(out["score"]), "parts": score_parts(expert, batch, out), "map": out["maps"][0, 0].numpy(), "masked": group.masked,
               "mask": store.get(group, "mask")[0] > 127, "dataset": group.meta["dataset"]}
        if bank:
            row["reference"], row["reference_map"] = bank.score(unit_patches(store, group))
        rows.append(row)
    return rows


def upsample(flat: np.ndarray) -> np.ndarray:
    return cv2.resize(flat.reshape(28, 28).astype(np.float32), (98, 98), interpolation=cv2.INTER_LINEAR)


def pixel_metrics(rows: list[dict], key: str) -> dict[str, float | None]:
    usable = [r for r in rows if r["masked"]]
    if not any(r["mask"].any() for r in usable):
        return {"pixel_auroc": None, "pro": None}
    maps = np.stack([upsample(r[key]) for r in usable])
    masks = np.stack([cv2.resize(r["mask"].astype(np.uint8), (98, 98), interpolation=cv2.INTER_AREA) > 0 for r in usable])
    return {"pixel_auroc": float(roc_auc_score(masks.reshape(-1), maps.reshape(-1))), "pro": pro(maps, masks)}


def fuse_maps(rows: list[dict], calibration: dict, weight: float) -> None:
    """Adds `fused_map`: the logits' weighted mean, patch by patch, as lib/anomaly/fusion.ts does it."""
    scale, bias = calibration["reference"]["scale"], calibration["reference"]["bias"]
    for row in rows:
        own = np.clip(row["map"], 1e-6, 1 - 1e-6)
        row["fused_map"] = (1 - weight) * np.log(own / (1 - own)) + weight * (scale * row["reference_map"] + bias)


def map_metrics(domains: dict[str, list[dict]], calibration: dict, weight: float) -> dict[str, dict]:
    """Pixel metrics of the fused maps of every domain that has masks."""
    for rows in domains.values():
        fuse_maps(rows, calibration, weight)
    found = {domain: pixel_metrics(rows, "fused_map") for domain, rows in domains.items()}
    return {domain: metrics for domain, metrics in found.items() if metrics["pro"] is not None}


def auroc(rows: list[dict], score) -> float | None:
    labels = [r["label"] for r in rows]
    return float(roc_auc_score(labels, [score(r) for r in rows])) if 0 < sum(labels) < len(labels) else None


def fused_auroc(rows: list[tuple[dict, str]], score: np.ndarray) -> float:
    """Mean over domains of the image AUROC of `score`."""
    names, labels = np.array([d for _, d in rows]), np.array([r["label"] for r, _ in rows])
    return float(np.mean([roc_auc_score(labels[names == d], score[names == d]) for d in sorted(set(names))]))


def fit_calibration(domains: dict[str, list[dict]]) -> dict:
    """Platt scaling of the LTFM logit and logistic fusion with the reference score, every domain and label weighing the same."""
    rows = [(r, d) for d, rs in domains.items() if 0 < sum(r["label"] for r in rs) < len(rs) for r in rs]
    label = np.array([r["label"] for r, _ in rows])
    count = defaultdict(int)
    for r, d in rows:
        count[(d, r["label"])] += 1
    weight = np.array([1 / count[(d, r["label"])] for r, d in rows])
    expert = np.array([[r["logit"]] for r, _ in rows])
    reference = np.array([[r["reference"]] for r, _ in rows])
    platt = LogisticRegression(C=10).fit(expert, label, weight)
    slope, intercept = float(platt.coef_[0, 0]), float(platt.intercept_[0])
    bias = -intercept / slope
    temperature = float(np.quantile(np.abs(expert - bias), MIDDLE_SHARE) / np.log(MIDDLE_EDGE / (1 - MIDDLE_EDGE)))
    calibrated = (expert - bias) / temperature
    lone = LogisticRegression(C=10).fit(reference, label, weight)
    scaled = reference * lone.coef_[0, 0] + lone.intercept_[0]
    # A logistic fit of both weighs calibration and ranking together and ranks worse than references alone; ranking is what counts.
    weights = np.linspace(0.5, 1.0, 11)
    best = max(weights, key=lambda w: fused_auroc(rows, (1 - w) * calibrated[:, 0] + w * scaled[:, 0]))
    return {
        "bias": bias, "temperature": temperature, "buckets": [0.3, MIDDLE_EDGE],
        "data": f"leave-one-dataset-out scores of {len(rows)} images of {len(domains)} domains (models/training/logs/validation.json)",
        "reference": {
            "topFraction": TOP, "levels": list(LEVELS), "weight": float(best), "discount": DISCOUNT, "priorMean": PRIOR_MEAN,
            "priorDeviation": PRIOR_DEVIATION, "priorOwn": PRIOR_OWN, "priorCount": PRIOR_COUNT, "scale": float(lone.coef_[0, 0]), "bias": float(lone.intercept_[0]),
        },
        "maskThreshold": 0.5,
    }


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--name", default="lodo3", help="name of the held-out experts (expert --lodo --name)")
    parser.add_argument("--shots", type=int, default=4, help="reference images; 0 measures zero-shot alone")
    parser.add_argument("--cap", type=int, default=60, help="images per domain and label")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--no-calibration", action="store_true", help="only write the table (for ablations)")


def run(args: argparse.Namespace) -> None:
    torch.set_num_threads(args.threads)
    store = FeatureStore(("real", "tiles"))
    domains: dict[str, list[dict]] = {}
    table: dict[str, dict] = {}
    for path in tqdm(sorted((CACHE / "checkpoints").glob(f"{args.name}-lodo-*.pt")), desc="validate"):
        domain = path.stem.split("-lodo-")[1]
        groups = evaluation_groups(store, domain, args.cap + args.shots)
        normals = [g for g in groups if g.label == 0]
        order = np.random.default_rng(args.seed).permutation(len(normals))
        references = [normals[i] for i in order[: args.shots]] if len(normals) > 2 * args.shots else []
        test = [g for g in groups if g not in references]
        rows = score_domain(load_expert(path, domain), store, test, references)
        domains[domain] = rows
        entry = {"n": len(rows), "zero_shot": {"auroc": auroc(rows, lambda r: r["logit"]), **pixel_metrics(rows, "map")},
                 "parts": {name: auroc(rows, lambda r, name=name: r["parts"][name]) for name in rows[0]["parts"]}}
        if references:
            entry["shots"] = {"auroc": auroc(rows, lambda r: r["reference"]), **pixel_metrics(rows, "reference_map")}
        table[domain] = entry
    usable = {d: rs for d, rs in domains.items() if rs and "reference" in rs[0]}
    calibration, quality = {}, {}
    if usable:
        calibration = fit_calibration(usable)
        w, scale, bias = (calibration["reference"][k] for k in ("weight", "scale", "bias"))
        maps = {weight: map_metrics(usable, calibration, weight) for weight in MAP_WEIGHTS}
        quality = {weight: {k: float(np.mean([m[k] for m in found.values()])) for k in ("pixel_auroc", "pro")} for weight, found in maps.items()}
        chosen = max(quality, key=lambda weight: sum(quality[weight].values()))
        calibration["reference"]["mapWeight"] = chosen
        for domain, rows in usable.items():
            table[domain]["fused"] = {"auroc": auroc(
                rows, lambda r: (1 - w) * (r["logit"] - calibration["bias"]) / calibration["temperature"] + w * (scale * r["reference"] + bias)), **maps[chosen].get(domain, {})}
    present = [k for k in ("zero_shot", "shots", "fused") if any(k in t for t in table.values())]
    mean = {k: float(np.mean([t[k]["auroc"] for t in table.values() if k in t and t[k]["auroc"] is not None])) for k in present}
    masked = [t["zero_shot"] for t in table.values() if t["zero_shot"]["pro"] is not None]
    maps_zero_shot = {k: float(np.mean([z[k] for z in masked])) for k in ("pixel_auroc", "pro")}
    parts = {k: float(np.mean([t["parts"][k] for t in table.values() if t["parts"][k] is not None])) for k in next(iter(table.values()))["parts"]}
    LOGS.mkdir(parents=True, exist_ok=True)
    suffix = "" if not args.no_calibration else f"-{args.name}-seed{args.seed}"
    (LOGS / f"validation{suffix}.json").write_text(json.dumps({"shots": args.shots, "seed": args.seed, "mean_auroc": mean, "mean_auroc_of_parts": parts, "zero_shot_maps": maps_zero_shot, "fused_maps_by_weight": quality, "domains": table}, indent=1) + "\n")
    if calibration and not args.no_calibration:
        (CACHE / "calibration.json").write_text(json.dumps(calibration, indent=1) + "\n")
    print(json.dumps(mean))
    print(json.dumps(parts))
    print(json.dumps(maps_zero_shot))
    for domain, entry in table.items():
        print(domain, json.dumps(entry))
    print(json.dumps(calibration))
