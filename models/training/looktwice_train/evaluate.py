"""`evaluate`: run the exported bundle in ONNX Runtime on the annotated sets and write what the manifest's metrics quote.

These sets were trained on (unless the bundle was made without them), so the figures say that the bundle is whole, not how it
transfers: that is `validate`. Writes metrics.json in the cache; `export` puts it into the manifest.
"""
from __future__ import annotations

import argparse
import json
from collections import defaultdict

import numpy as np
from sklearn.metrics import roc_auc_score
from tqdm import tqdm

from .data.records import ANOMALY_SETS, BOX_MASKS, Record, load_records
from .data.views import load_rgb, make_views
from .features import load_mask
from .paths import CACHE
from .reference_infer import Reference


def chosen_records(datasets: list[str], cap: int, seed: int) -> list[Record]:
    """At most `cap` images per set and label, a seeded sample."""
    records = load_records(tuple(datasets))
    counts: dict[tuple[str, int], int] = defaultdict(int)
    kept = []
    for index in np.random.default_rng(seed).permutation(len(records)):
        record = records[index]
        counts[(record.dataset, record.label)] += 1
        if counts[(record.dataset, record.label)] <= cap:
            kept.append(record)
    return kept


def base_view_iou(record: Record, logits: np.ndarray) -> float | None:
    """IoU of the base view's mask (threshold 0.5, 196 x 196) with the annotation; None without outlines."""
    mask = load_mask(record)
    if mask is None or record.dataset in BOX_MASKS:
        return None
    _, masks, _ = make_views(load_rgb(record.image), mask, tiles=False)
    truth = masks[0].reshape(196, 2, 196, 2).mean((1, 3)) > 127
    predicted = logits[0] > 0
    return float((truth & predicted).sum() / max(1, (truth | predicted).sum()))


def summary(rows: list[dict]) -> dict:
    labels, scores = [r["label"] for r in rows], np.array([r["score"] for r in rows])
    ious = [r["iou"] for r in rows if r["iou"] is not None]
    return {
        "images": len(rows),
        "image_auroc": round(float(roc_auc_score(labels, scores)), 4) if 0 < sum(labels) < len(labels) else None,
        "accuracy_at_0.5": round(float(((scores > 0.5) == np.array(labels, bool)).mean()), 4),
        "mask_iou": round(float(np.mean(ious)), 4) if ious else None,
    }


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--datasets", nargs="+", default=list(ANOMALY_SETS), choices=ANOMALY_SETS)
    parser.add_argument("--cap", type=int, default=20, help="images per set and label")
    parser.add_argument("--seed", type=int, default=0)


def run(args: argparse.Namespace) -> None:
    reference = Reference()
    rows: dict[str, list[dict]] = defaultdict(list)
    for record in tqdm(chosen_records(args.datasets, args.cap, args.seed), desc="evaluate", mininterval=5):
        found = reference.inspect(record.image)
        rows[record.dataset].append({
            "label": record.label, "score": reference.calibrated(float(found.outputs["score"][0])),
            "iou": base_view_iou(record, found.mask_logits) if record.label else None,
        })
    table = {name: summary(part) for name, part in sorted(rows.items())}
    (CACHE / "metrics.json").write_text(json.dumps({"trainedOn": table}, indent=1) + "\n")
    print(json.dumps(table, indent=1))
