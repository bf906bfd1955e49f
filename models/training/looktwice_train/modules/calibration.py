"""The bundle's calibration from held-out scores: threshold and spread of the zero-shot logit, its fusion with the reference score, the maps' fusion.

A row is one scored image: `label`, `logit` (zero-shot), `map` [784], `mask` [h,w] bool, `masked` (whether the mask can be trusted), and after a
draw of references `reference` and `reference_map` [784]. Rows come in sets, one per held-out domain and draw; every set weighs the same.
"""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import partial

import cv2
import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from ..metrics import pro
from .dssl import NEIGHBOURHOOD
from .orientation import LEAST_SHARE
from .references import (
    CENTRING,
    DISCOUNT,
    LEVELS,
    MEAN_SHARE,
    PRIOR_COUNT,
    PRIOR_DEVIATION,
    PRIOR_MEAN,
    PRIOR_OWN,
    RESIDUAL_WEIGHT,
    TOP,
    WITHIN_WEIGHT,
)
from .residual import RIDGE

# The honest slope of a stranger's picture leaves every score in the middle bucket, and then the buckets say nothing. So the spread is
# stretched until this share of the held-out scores stays in the middle bucket.
MIDDLE_SHARE, MIDDLE_EDGE = 1 / 3, 0.7  # the paper's upper bucket edge
THRESHOLDS = np.arange(-3, 3, 0.01)
PLATEAU = 0.005  # how much less than the best one a threshold may be worth and still belong to the best
WEIGHTS = np.linspace(0.5, 1.0, 11)
SINGLE_WEIGHTS = np.linspace(0.1, 1.0, 10)
MAP_WEIGHTS = (0.0, 0.05, 0.1, 0.15, 0.25, 0.5, 0.75)
SIDE = 98  # maps and masks are compared on this grid

Rows = list[dict]
Key = tuple[str, int]
"""Domain and draw."""
Score = Callable[[dict], float]


def own_logit(row: dict) -> float:
    """The zero-shot logit."""
    return row["logit"]


def reference_distance(row: dict) -> float:
    """The standardised distance to the references."""
    return row["reference"]


def auroc(rows: Rows, score) -> float | None:
    """Image AUROC of `score(row)`; None where only one label is there."""
    labels = [r["label"] for r in rows]
    return float(roc_auc_score(labels, [score(r) for r in rows])) if 0 < sum(labels) < len(labels) else None


def pixel_metrics(rows: Rows, key: str) -> dict[str, float | None]:
    """Pixel AUROC and PRO of the maps `row[key]` over the rows with trusted masks; None where no image has one."""
    usable = [r for r in rows if r["masked"]]
    if not any(r["mask"].any() for r in usable):
        return {"pixel_auroc": None, "pro": None}
    maps = np.stack([cv2.resize(r[key].reshape(28, 28).astype(np.float32), (SIDE, SIDE), interpolation=cv2.INTER_LINEAR) for r in usable])
    masks = np.stack([cv2.resize(r["mask"].astype(np.uint8), (SIDE, SIDE), interpolation=cv2.INTER_AREA) > 0 for r in usable])
    return {"pixel_auroc": float(roc_auc_score(masks.reshape(-1), maps.reshape(-1))), "pro": pro(maps, masks)}


def fused_score(row: dict, calibration: dict) -> float:
    """The image logit of reference mode, as lib/anomaly/fusion.ts computes it."""
    own = (row["logit"] - calibration["bias"]) / calibration["temperature"]
    reference = calibration["reference"]
    return (1 - reference["weight"]) * own + reference["weight"] * (reference["scale"] * row["reference"] + reference["bias"])


def worth(scores: np.ndarray, label: np.ndarray, thresholds: np.ndarray) -> np.ndarray:
    """The mean of accuracy and F1 of a yes above each of `thresholds` [T]; scores and labels (bool) of one set, [n]."""
    said = scores > thresholds[:, None]
    return ((said == label).mean(1) + 2 * (said & label).sum(1) / np.maximum(1, said.sum(1) + label.sum())) / 2


def best_threshold(sets: Iterable[Rows], score: Score) -> float:
    """The threshold that is worth most on average over the sets, the middle of those that come close.

    Accuracy alone is nearly the same over a wide range of thresholds, and F1 then says which of them miss less; F1 alone would call most images anomalous.
    A logistic fit puts the threshold where the few far outliers among the anomalies want it, which costs recall.
    """
    graded = [(np.array([score(r) for r in rows]), np.array([r["label"] == 1 for r in rows])) for rows in sets]
    graded = [(scores, label) for scores, label in graded if 0 < label.sum() < len(label)]
    found = np.mean([worth(scores, label, THRESHOLDS) for scores, label in graded], axis=0)
    return round(float(THRESHOLDS[found >= found.max() - PLATEAU].mean()), 4)


def fit_verdict(domains: dict[str, Rows]) -> tuple[float, float]:
    """-> bias and temperature of the zero-shot logit; a calibrated score above 0.5 is a yes."""
    bias = best_threshold(domains.values(), own_logit)
    logits = np.array([own_logit(r) for rows in domains.values() for r in rows])
    spread = np.quantile(np.abs(logits - bias), MIDDLE_SHARE)
    return bias, round(float(spread / np.log(MIDDLE_EDGE / (1 - MIDDLE_EDGE))), 4)


def verdicts(sets: Iterable[Rows], score: Score, threshold: float) -> dict[str, float]:
    """Mean accuracy over the sets, and precision, recall and F1 over all rows, of a yes above `threshold`."""
    found = [(np.array([score(r) > threshold for r in rows]), np.array([r["label"] == 1 for r in rows])) for rows in sets]
    said, label = (np.concatenate(parts) for parts in zip(*found))
    right = float((said & label).sum())
    precision, recall = right / max(1, said.sum()), right / max(1, label.sum())
    accuracy = float(np.mean([(s == y).mean() for s, y in found]))
    return {"accuracy": accuracy, "precision": float(precision), "recall": float(recall), "f1": float(2 * precision * recall / max(1e-9, precision + recall))}


def held_out_accuracy(sets: dict[Key, Rows], score: Score) -> float:
    """Mean accuracy over the sets when every domain is judged by the threshold that the other domains choose."""
    found = []
    for domain in sorted({d for d, _ in sets}):
        threshold = best_threshold([rows for (d, _), rows in sets.items() if d != domain], score)
        found += [verdicts([rows], score, threshold)["accuracy"] for (d, _), rows in sets.items() if d == domain]
    return float(np.mean(found))


def fit_calibration(sets: dict[Key, Rows], domains: dict[str, Rows]) -> dict:
    """Manifest entry `calibration` but for `mapWeight`: the verdict from all zero-shot rows, the fusion from sets with a reference score."""
    rows = [(r, key) for key, found in sets.items() if 0 < sum(r["label"] for r in found) < len(found) for r in found]
    label = np.array([r["label"] for r, _ in rows])
    count: dict[tuple[Key, int], int] = defaultdict(int)
    for row, key in rows:
        count[(key, row["label"])] += 1
    weight = np.array([1 / count[(key, r["label"])] for r, key in rows])
    bias, temperature = fit_verdict(domains)
    slope = float(LogisticRegression(C=10).fit(np.array([[reference_distance(r)] for r, _ in rows]), label, weight).coef_[0, 0])
    draws = sorted({s for _, s in sets})
    calibration = {
        "bias": bias, "temperature": temperature, "buckets": [0.3, MIDDLE_EDGE],
        "data": f"leave-one-dataset-out scores of {len(domains)} domains, {len(draws)} draws of references (models/training/logs/validation.json)",
        "reference": {
            "topFraction": TOP, "meanShare": MEAN_SHARE, "levels": list(LEVELS), "weight": 1.0, "discount": DISCOUNT, "priorMean": PRIOR_MEAN,
            "priorDeviation": PRIOR_DEVIATION, "priorOwn": PRIOR_OWN, "priorCount": PRIOR_COUNT,
            "geometric": {"centring": CENTRING, "residualWeight": RESIDUAL_WEIGHT, "ridge": RIDGE, "withinWeight": WITHIN_WEIGHT, "radius": NEIGHBOURHOOD},
            "turnedShare": LEAST_SHARE, "scale": slope, "bias": -slope * best_threshold(sets.values(), reference_distance),
        },
        "maskThreshold": 0.5,
    }
    # A logistic fit of both weighs calibration and ranking together and ranks worse than references alone; ranking is what counts.
    quality = {float(w): fused_auroc(sets, with_weight(calibration, float(w))) for w in WEIGHTS}
    calibration["reference"]["weight"] = max(quality, key=quality.__getitem__)
    return calibration


def fit_single(sets: dict[Key, Rows], calibration: dict) -> tuple[dict[str, float], dict[float, dict[str, float]]]:
    """-> manifest entry `calibration.reference.single`, and what every weight is worth, from sets with one reference and the `fit_calibration` of these.

    One reference does not tell how much normal images differ, so that what it ranks best judges worse than no reference. The weight is the one that does best at both:
    image AUROC, and how often verdicts are right when every domain is judged by the threshold that the other domains choose.
    """
    scale = calibration["reference"]["scale"]
    found: dict[float, dict[str, float]] = {}
    for weight in SINGLE_WEIGHTS:
        fused = {**calibration, "reference": {"weight": weight, "scale": scale, "bias": 0.0}}
        score = partial(fused_score, calibration=fused)
        threshold = best_threshold(sets.values(), score)
        found[round(float(weight), 2)] = {
            "auroc": fused_auroc(sets, fused), "accuracy_with_the_others_threshold": held_out_accuracy(sets, score),
            "bias": -threshold / float(weight), **verdicts(sets.values(), score, threshold),
        }
    chosen = max(found, key=lambda weight: found[weight]["auroc"] + found[weight]["accuracy_with_the_others_threshold"])
    return {"weight": chosen, "scale": scale, "bias": found[chosen]["bias"]}, found


def with_weight(calibration: dict, weight: float) -> dict:
    """The calibration with another fusion weight."""
    return {**calibration, "reference": {**calibration["reference"], "weight": weight}}


def fused_auroc(sets: dict[Key, Rows], calibration: dict) -> float:
    """Mean over the sets of the image AUROC of the fused score."""
    found = [auroc(rows, lambda r: fused_score(r, calibration)) for rows in sets.values()]
    return float(np.mean([a for a in found if a is not None]))


def map_metrics(sets: dict[Key, Rows], calibration: dict, weight: float) -> dict[Key, dict[str, float]]:
    """Pixel metrics, for every set with masks, of the maps fused logit by logit, as lib/anomaly/fusion.ts does it."""
    scale, bias = calibration["reference"]["scale"], calibration["reference"]["bias"]
    for rows in sets.values():
        for row in rows:
            own = np.clip(row["map"], 1e-6, 1 - 1e-6)
            row["fused_map"] = (1 - weight) * np.log(own / (1 - own)) + weight * (scale * row["reference_map"] + bias)
    found = {key: pixel_metrics(rows, "fused_map") for key, rows in sets.items()}
    return {key: metrics for key, metrics in found.items() if metrics["pro"] is not None}


def fit_map_weight(sets: dict[Key, Rows], calibration: dict) -> tuple[dict[float, dict[str, float]], dict[Key, dict[str, float]]]:
    """Sets `mapWeight`. -> mean pixel AUROC and PRO of every weight, and the sets' metrics at the chosen one."""
    maps = {weight: map_metrics(sets, calibration, weight) for weight in MAP_WEIGHTS}
    quality = {w: {k: float(np.mean([m[k] for m in found.values()])) for k in ("pixel_auroc", "pro")} for w, found in maps.items()}
    chosen = max(quality, key=lambda w: sum(quality[w].values()))
    calibration["reference"]["mapWeight"] = chosen
    return quality, maps[chosen]
