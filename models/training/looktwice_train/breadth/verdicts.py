"""`breadth-verdicts`: from the heads that left a group out to one calibrated probability and three verdicts.

Every image of every domain that has both labels is scored, whole, by the heads that never saw its group; what tiles would add is printed. A logistic fit over these (domains and labels
weighed alike) turns the score into a probability; an image whose probability lies between `low` and `high` is "cannot tell". Foreignness is the distance of an
image's class token to the nearest ones that training saw; `foreign_auroc` says how well it tells left-out groups from known ones.
"""
from __future__ import annotations

import argparse
import json

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from ..paths import CACHE, LOGS
from .assemble import KNOWN
from .domains import FOLDS
from .graph import NEAREST, TOP_WEIGHT
from .measure import predict
from .store import Store
from .train import CHECKPOINTS, load_head, rows_of

COVERAGES = (0.2, 0.4, 0.7, 1.0)


def views_of(store: Store, heads_of: dict[str, list]) -> list[dict]:
    """One entry a view: its meta, the left-out heads' verdict and top."""
    entries = []
    for fold, heads in heads_of.items():
        rows = rows_of(store, lambda m, fold=fold: m["fold"] == fold)
        if not rows:
            continue
        found = predict(heads, store, rows)
        entries += [{**store.meta[i], "verdict": float(v), "top": float(t)} for i, v, t in zip(rows, found["verdict"], found["top"], strict=True)]
    return entries


def by_image(entries: list[dict]) -> list[dict]:
    """Views of one image joined: `base` and `tiles` (lists of their logits)."""
    images: dict[tuple, dict] = {}
    for entry in entries:
        key = (entry["domain"], entry["group"])
        image = images.setdefault(key, {**{k: entry[k] for k in ("domain", "label", "medical")}, "base": None, "tiles": []})
        logit = entry["verdict"] + TOP_WEIGHT * entry["top"]
        if entry["view"] == 0:
            image["base"] = logit
        else:
            image["tiles"].append(logit)
    return list(images.values())


def combined(image: dict, share: float) -> float:
    """The image's logit: the base view's, raised or lowered by a share of how far its most suspicious tile is from it."""
    return image["base"] + share * (max(image["tiles"]) - image["base"]) if image["tiles"] else image["base"]


def aurocs(images: list[dict], score) -> dict[str, float]:
    found = {}
    for domain in sorted({i["domain"] for i in images}):
        some = [i for i in images if i["domain"] == domain]
        labels = [i["label"] for i in some]
        if 0 < sum(labels) < len(labels):
            found[domain] = float(roc_auc_score(labels, [score(i) for i in some]))
    return found


def weights_of(images: list[dict]) -> np.ndarray:
    """Domains alike, and the two labels of a domain alike."""
    counts: dict[tuple, int] = {}
    for image in images:
        key = (image["domain"], image["label"])
        counts[key] = counts.get(key, 0) + 1
    return np.array([1 / counts[(i["domain"], i["label"])] for i in images])


def with_both(images: list[dict]) -> list[dict]:
    labels: dict[str, set] = {}
    for image in images:
        labels.setdefault(image["domain"], set()).add(image["label"])
    return [i for i in images if len(labels[i["domain"]]) == 2]


def decided(probability: np.ndarray, labels: np.ndarray, weight: np.ndarray) -> dict[str, float]:
    """Share that is right among the most certain so many of the images (by weight)."""
    order = np.argsort(-np.abs(probability - 0.5))
    right = ((probability > 0.5) == labels)[order] * weight[order]
    covered = np.cumsum(weight[order]) / weight.sum()
    total = np.cumsum(weight[order])
    return {str(c): round(float(right[: np.searchsorted(covered, c) + 1].sum() / total[min(np.searchsorted(covered, c), len(total) - 1)]), 4) for c in COVERAGES}


def fit(scores: np.ndarray, labels: np.ndarray, weight: np.ndarray) -> tuple[float, float]:
    """-> slope, intercept of the logistic."""
    model = LogisticRegression(C=1e6).fit(scores[:, None], labels, sample_weight=weight)
    return float(model.coef_[0, 0]), float(model.intercept_[0])


def margin_for(probability: np.ndarray, labels: np.ndarray, weight: np.ndarray, coverage: float) -> tuple[float, float]:
    """The distance from 0.5 beyond which the most certain `coverage` of the images lie -> margin, share right among them."""
    certain = np.abs(probability - 0.5)
    order = np.argsort(-certain)
    last = int(np.searchsorted(np.cumsum(weight[order]) / weight.sum(), coverage))
    some = order[: last + 1]
    right = ((probability > 0.5) == labels)[some]
    return float(certain[order[last]]), float((right * weight[some]).sum() / weight[some].sum())


def foreign_distances(store: Store) -> tuple[np.ndarray, np.ndarray]:
    """Distances of base views' class tokens to what training knew (`WideGraph`), for images of left-out groups (label 1) and of known domains (label 0)."""
    rows = rows_of(store, lambda m: m["fold"] in FOLDS)
    tokens = store.class_tokens(rows)
    tokens /= np.linalg.norm(tokens, axis=1, keepdims=True)
    folds = np.array([store.meta[i]["fold"] for i in rows])
    distances, unknown = [], []
    for fold in FOLDS:
        others = np.nonzero(folds != fold)[0]
        known = np.random.default_rng(0).permutation(others)[:KNOWN]
        for label, some in ((1, np.nonzero(folds == fold)[0]), (0, np.setdiff1d(others, known)[::4])):
            cosines = np.sort(tokens[some] @ tokens[known].T, axis=1)[:, -NEAREST:]
            distances.append(1 - cosines.mean(1))
            unknown.append(np.full(len(some), label))
    return np.concatenate(distances), np.concatenate(unknown)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--name", default="wide", help="the report's name")
    parser.add_argument("--runs", nargs="+", help="names of the `breadth-train` runs whose heads are averaged; without it the report's name")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0])
    parser.add_argument("--coverage", type=float, default=0.4, help="share of left-out images on which a verdict is given; the rest is `cannot tell`")
    parser.add_argument("--write", action="store_true", help="put bias, temperature, limits and foreignness into the calibration that `export` writes")


def run(args: argparse.Namespace) -> None:
    runs = args.runs or [args.name]
    heads_of = {f: [load_head(CHECKPOINTS / f"{run}-{f}-{s}.pt") for run in runs for s in args.seeds] for f in FOLDS}
    store = Store(("real",))
    images = with_both(by_image(views_of(store, heads_of)))
    tiled = with_both(by_image(views_of(Store(("tiles",)), heads_of)))
    for share in (0, 0.25, 0.5, 0.75, 1.0) if tiled else ():
        found = aurocs(tiled, lambda i, share=share: combined(i, share))
        print(f"share of the highest tile {share}: mean {np.mean(list(found.values())):.4f}", {k: round(v, 3) for k, v in found.items()})
    scores, labels, weight = np.array([i["base"] for i in images]), np.array([i["label"] for i in images]), weights_of(images)
    slope, intercept = fit(scores, labels, weight)
    probability = 1 / (1 + np.exp(-(slope * scores + intercept)))
    margin, accuracy = margin_for(probability, labels, weight, args.coverage)
    found = aurocs(images, lambda i: i["base"])
    medical = {i["domain"] for i in images if i["medical"]}
    distance, unknown = foreign_distances(store)
    scale, crossing = fit(distance, unknown, np.where(unknown == 1, 1 / unknown.mean(), 1 / (1 - unknown.mean())))
    mean = lambda keep: round(float(np.mean([v for k, v in found.items() if keep(k)])), 4)  # noqa: E731
    report = {
        "name": args.name, "runs": runs, "seeds": args.seeds, "images": len(images), "slope": round(slope, 4), "intercept": round(intercept, 4),
        "mean_auroc": mean(lambda _: True), "industrial": mean(lambda k: k not in medical), "medical": mean(lambda k: k in medical),
        "right_of_most_certain": decided(probability, labels, weight), "margin": round(margin, 3), "decided": args.coverage, "right": round(accuracy, 4),
        "foreign_auroc": round(float(roc_auc_score(unknown, distance)), 4), "domains": {k: round(v, 4) for k, v in found.items()},
    }
    (LOGS / f"breadth-verdicts-{args.name}.json").write_text(json.dumps(report, indent=1) + "\n")
    print(json.dumps(report))
    if args.write:
        path = CACHE / "calibration.json"
        calibration = json.loads(path.read_text())
        # One score, one probability: the calibrated score is the probability, so that `verdict` has nothing to change.
        calibration |= {
            "bias": round(-intercept / slope, 4), "temperature": round(1 / slope, 4),
            "data": f"images of {len(found)} domains, each scored by heads that left its group out (models/training/logs/breadth-verdicts-{args.name}.json)",
            "verdict": {"zeroShot": {"slope": 1, "intercept": 0, "low": round(0.5 - margin, 3), "high": round(0.5 + margin, 3)}},
            "foreign": {"scale": round(scale, 4), "offset": round(-crossing / scale, 4)},
        }
        path.write_text(json.dumps(calibration, indent=1) + "\n")
