"""Image and pixel metrics of a head (or several as an ensemble) on stored views, per domain."""
from __future__ import annotations

import numpy as np
import torch
from sklearn.metrics import average_precision_score, precision_recall_curve, roc_auc_score

from ..metrics import pro
from .graph import TOP_WEIGHT
from .head import TOP
from .store import Store


def predict(heads, store: Store, rows: list[int], batch: int = 16) -> dict[str, np.ndarray]:
    """-> map logits [n,P], verdict [n], top [n] (mean of the 20 highest patches), the mean over the heads; mask [n,112,112]."""
    heads = heads if isinstance(heads, (list, tuple)) else [heads]
    kept: dict[str, list] = {"maps": [], "verdict": [], "top": [], "mask": []}
    with torch.inference_mode():
        for start in range(0, len(rows), batch):
            data = store.batch(rows[start : start + batch])
            valid = data["valid"]
            found = [head(data["z"], data["near"], data["cls"], valid) for head in heads]
            maps = torch.stack([m for m, _ in found]).mean(0)
            kept["maps"].append(maps.numpy())
            kept["verdict"].append(torch.stack([v for _, v in found]).mean(0).numpy())
            kept["top"].append((maps + (valid - 1) * 1e4).topk(TOP, dim=1).values.mean(1).numpy())
            kept["mask"].append((data["mask"] > 0.5).numpy())
    return {name: np.concatenate(parts) for name, parts in kept.items()}


def f1_max(labels: np.ndarray, scores: np.ndarray) -> float:
    precision, recall, _ = precision_recall_curve(labels, scores)
    return float((2 * precision * recall / np.maximum(precision + recall, 1e-9)).max())


def domain_metrics(labels: np.ndarray, scores: dict[str, np.ndarray], maps: np.ndarray, masks: np.ndarray, masked: np.ndarray) -> dict:
    """Metrics of one domain: image ones where both labels are there, pixel ones over its masked anomalies and at most as many normals."""
    found: dict = {"images": int(len(labels)), "anomalous": int(labels.sum())}
    if 0 < labels.sum() < len(labels):
        for name, values in scores.items():
            found[f"auroc_{name}"] = round(float(roc_auc_score(labels, values)), 4)
        main = next(iter(scores.values()))
        found["ap"] = round(float(average_precision_score(labels, main)), 4)
        found["f1_max"] = round(f1_max(labels, main), 4)
    with_mask = np.nonzero((labels == 1) & masked & (masks.reshape(len(masks), -1).any(1)))[0]
    if len(with_mask) >= 5:
        use = np.concatenate([with_mask, np.nonzero(labels == 0)[0][: len(with_mask)]])
        planes = torch.nn.functional.interpolate(torch.from_numpy(maps[use]).reshape(-1, 1, 28, 28), size=masks.shape[1:], mode="bilinear", align_corners=False)[:, 0].numpy()
        truth = masks[use]
        found["pixel_auroc"] = round(float(roc_auc_score(truth.ravel(), planes.ravel())), 4)
        found["pro"] = round(pro(planes, truth) or 0.0, 4)
    return found


def measure(heads, store: Store, rows: list[int]) -> dict[str, dict]:
    """Domain -> metrics; `auroc_both` is of verdict plus the map's top, the first named score."""
    found = predict(heads, store, rows)
    labels = np.array([store.meta[i]["label"] for i in rows])
    masked = np.array([store.meta[i]["masked"] for i in rows])
    domains = np.array([store.meta[i]["domain"] for i in rows])
    table = {}
    for domain in sorted(set(domains)):
        at = domains == domain
        scores = {"both": found["verdict"][at] + TOP_WEIGHT * found["top"][at], "verdict": found["verdict"][at], "top": found["top"][at]}
        table[domain] = domain_metrics(labels[at], scores, found["maps"][at], found["mask"][at], masked[at])
        table[domain]["medical"] = bool(next(store.meta[i]["medical"] for i in rows if store.meta[i]["domain"] == domain))
    return table


def summary(table: dict[str, dict]) -> dict:
    """Means over domains: image metrics of those with both labels, medical ones apart, pixel metrics of those with masks."""
    def mean(key: str, keep=lambda _: True) -> float | None:
        values = [row[key] for row in table.values() if key in row and keep(row)]
        return round(float(np.mean(values)), 4) if values else None

    return {
        "domains": sum("auroc_both" in row for row in table.values()),
        **{key: mean(key) for key in ("auroc_both", "auroc_verdict", "auroc_top", "ap", "f1_max", "pixel_auroc", "pro")},
        "industrial": mean("auroc_both", lambda row: not row["medical"]), "medical": mean("auroc_both", lambda row: row["medical"]),
    }
