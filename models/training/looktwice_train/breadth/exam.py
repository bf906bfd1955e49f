"""`breadth-exam`: whole bundles on the exam domains, side by side: every picture is encoded once and read by each bundle's expert and mask decoder.

The exam domains (spec.EXAM) take no part in training, folds or choices, so this is run when a bundle is final. Scores are the calibrated ones of whole images, tiles
included; maps and masks are those of the base view. Intervals: 1,000 bootstrap draws of the pictures of every domain.
"""
from __future__ import annotations

import argparse
import json
from pathlib import Path

import cv2
import numpy as np
from sklearn.metrics import roc_auc_score
from tqdm import tqdm

from ..data.views import load_rgb, make_views
from ..paths import BUNDLE, LOGS
from ..reference_infer import Reference
from .domains import Sample, exam_samples
from .features import MASK, chosen
from .measure import domain_metrics

DRAWS = 1000


def truth_of(sample: Sample, image) -> np.ndarray | None:
    """The base view's mask, bool [196,196]; None without one."""
    if sample.mask is None:
        return None
    drawn = cv2.imread(str(sample.mask), cv2.IMREAD_GRAYSCALE)
    if drawn is None:
        raise ValueError(f"{sample.mask}: the mask cannot be read.")
    plane = cv2.resize((drawn > 127).astype(np.uint8) * 255, image.size, interpolation=cv2.INTER_NEAREST)
    _, masks, _ = make_views(image, plane, tiles=False)
    return masks[0].reshape(196, 2, 196, 2).mean((1, 3)) > 127


def decided(scores: np.ndarray, labels: np.ndarray, limits: tuple[float, float]) -> tuple[float, float | None]:
    """Share of images with a verdict, and how many of those are right."""
    low, high = limits
    told = (scores >= high) | (scores < low)
    return float(told.mean()), float(((scores >= high) == labels)[told].mean()) if told.any() else None


def interval(labels: np.ndarray, scores: np.ndarray, rng: np.random.Generator) -> list[float]:
    """95 % of the image AUROC over bootstrap draws that keep both labels."""
    good, bad = scores[labels == 0], scores[labels == 1]
    draws = [
        roc_auc_score(labels_of(good, bad), np.concatenate([rng.choice(good, len(good)), rng.choice(bad, len(bad))])) for _ in range(DRAWS)
    ]
    return [round(float(q), 4) for q in np.quantile(draws, [0.025, 0.975])]


def labels_of(good: np.ndarray, bad: np.ndarray) -> np.ndarray:
    return np.concatenate([np.zeros(len(good)), np.ones(len(bad))])


def report(bundle: Reference, samples: list[Sample], found: list[dict], truths: list[np.ndarray | None]) -> dict:
    """Domain -> metrics, and their means."""
    limits = (bundle.manifest["calibration"].get("verdict") or {}).get("zeroShot") or {"low": 0.5, "high": 0.5}
    domains = np.array([s.domain for s in samples])
    labels = np.array([s.label for s in samples])
    scores, maps = np.array([f["score"] for f in found]), np.stack([f["map"] for f in found])
    empty = np.zeros((MASK, MASK), bool)
    masks = np.stack([empty if t is None else cv2.resize(t.astype(np.uint8), (MASK, MASK), interpolation=cv2.INTER_AREA) > 0 for t in truths])
    table, rng = {}, np.random.default_rng(0)
    for domain in sorted(set(domains)):
        at = domains == domain
        masked = np.array([t is not None for t in truths])[at]
        row = domain_metrics(labels[at], {"image": scores[at]}, maps[at], masks[at], masked)
        if "auroc_image" in row:
            row["interval"] = interval(labels[at], scores[at], rng)
        ious = [
            float((t & (f["mask"] > 0)).sum() / max(1, (t | (f["mask"] > 0)).sum()))
            for f, t, s in zip(found, truths, samples, strict=True) if s.domain == domain and t is not None and s.label and t.any()
        ]
        if ious:
            row["mask_iou"] = round(float(np.mean(ious)), 4)
        row["decided"], row["right"] = decided(scores[at], labels[at], (limits["low"], limits["high"]))
        table[domain] = row
    told, right = decided(scores, labels, (limits["low"], limits["high"]))
    mean = lambda key: round(float(np.mean([r[key] for r in table.values() if key in r])), 4)  # noqa: E731
    means = {key: mean(key) for key in ("auroc_image", "ap", "f1_max", "pixel_auroc", "pro", "mask_iou")}
    return {"version": bundle.manifest["version"], **means, "decided": round(told, 4), "right": right and round(right, 4), "domains": table}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("bundles", type=Path, nargs="*", default=[BUNDLE], help="folders of whole bundles that share the first one's encoder")
    parser.add_argument("--cap", type=int, default=40, help="images of either label per domain")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--name", default="breadth-exam", help="the log's name")


def run(args: argparse.Namespace) -> None:
    bundles = [Reference(folder, args.threads) for folder in args.bundles]
    samples = [s for some in chosen(exam_samples(), args.cap).values() for s in some]
    found: list[list[dict]] = [[] for _ in bundles]
    truths = []
    for sample in tqdm(samples, desc="exam", mininterval=10):
        image = load_rgb(sample.image)
        encoded = bundles[0].encode(image)
        for bundle, rows in zip(bundles, found, strict=True):
            seen = bundle.look(encoded)
            rows.append({"score": bundle.calibrated(float(seen.outputs["score"][0])), "map": seen.outputs["maps"][0], "mask": seen.mask_logits[0]})
        truths.append(truth_of(sample, image))
    table = [report(bundle, samples, rows, truths) for bundle, rows in zip(bundles, found, strict=True)]
    (LOGS / f"{args.name}.json").write_text(json.dumps({"cap": args.cap, "images": len(samples), "bundles": table}, indent=1) + "\n")
    for row in table:
        print(json.dumps({k: v for k, v in row.items() if k != "domains"}))
