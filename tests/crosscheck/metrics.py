"""Reference values for lib/evaluation: scikit-learn and rouge-score, and PRO and AUPIMO written out after their definitions.

Reads one JSON case from standard input, writes the metrics as JSON to standard output. Arrays too large for JSON are named
by file: `maps` float32 and `masks` uint8, both [images, height, width] in C order.

PRO follows Bergmann et al. (MVTec AD) and anomalib's AUPRO: regions are 8-connected components of the ground truth, the false
positive rate is taken over all normal pixels, the curve is the mean of the regions' true positive rates, integrated up to a
false positive rate of 0.3 and normalised. anomalib resamples each region's curve by index before it averages them; here every curve is
evaluated at every threshold, which is what that resampling approximates.
"""

import json
import sys

import numpy as np
from rouge_score import rouge_scorer
from scipy import ndimage
from sklearn.metrics import (
    average_precision_score,
    precision_recall_curve,
    precision_recall_fscore_support,
    roc_auc_score,
)


def ranking(scores: np.ndarray, labels: np.ndarray) -> dict[str, float]:
    precision, recall, _ = precision_recall_curve(labels, scores)
    f1 = 2 * precision * recall / np.maximum(precision + recall, np.finfo(float).tiny)
    return {
        "auroc": float(roc_auc_score(labels, scores)),
        "averagePrecision": float(average_precision_score(labels, scores)),
        "f1Max": float(f1.max()),
    }


def share_at_or_above(values: np.ndarray, thresholds: np.ndarray) -> np.ndarray:
    ordered = np.sort(values)
    return 1 - np.searchsorted(ordered, thresholds, side="left") / len(ordered)


def pro(maps: np.ndarray, masks: np.ndarray, limit: float = 0.3) -> float:
    thresholds = np.unique(maps)[::-1]
    fpr = share_at_or_above(maps[masks == 0], thresholds)
    overlaps = []
    for scores, mask in zip(maps, masks, strict=True):
        labels, regions = ndimage.label(mask, structure=np.ones((3, 3)))
        overlaps += [share_at_or_above(scores[labels == region], thresholds) for region in range(1, regions + 1)]
    curve = np.mean(overlaps, axis=0)
    fpr, curve = np.concatenate([[0.0], fpr]), np.concatenate([[0.0], curve])
    inside = fpr <= limit
    x = np.append(fpr[inside], limit)
    # At equal rates np.interp takes the last value, which is the highest overlap reached there.
    y = np.append(curve[inside], np.interp(limit, fpr, curve))
    return float(np.trapezoid(y, x) / limit)


def aupimo(maps: np.ndarray, masks: np.ndarray, lower: float, upper: float) -> list[float]:
    normal = np.sort(maps[~masks.any(axis=(1, 2))].ravel())[::-1]
    areas = []
    for scores, mask in zip(maps, masks, strict=True):
        if not mask.any():
            continue
        # Between k and k + 1 false positives the threshold lies just above the (k+1)-th highest normal score.
        counts = np.arange(int(np.floor(lower * len(normal))), int(np.ceil(upper * len(normal))) + 1)
        left = np.clip(counts / len(normal), lower, upper)
        right = np.clip((counts + 1) / len(normal), lower, upper)
        inside = scores[mask > 0]
        tpr = (inside[None, :] > normal[counts][:, None]).mean(axis=1)
        areas.append(float((tpr * np.log(right / left)).sum() / np.log(upper / lower)))
    return areas


def main() -> None:
    case = json.load(sys.stdin)
    shape = case["shape"]
    maps = np.fromfile(case["maps"], dtype=np.float32).reshape(shape)
    masks = np.fromfile(case["masks"], dtype=np.uint8).reshape(shape)
    scorer = rouge_scorer.RougeScorer(["rougeL"], use_stemmer=False)
    precision, recall, f1, _ = precision_recall_fscore_support(
        case["truth"], case["said"], average="binary", zero_division=0
    )
    json.dump(
        {
            "image": ranking(np.array(case["scores"]), np.array(case["labels"])),
            "pixel": ranking(maps.ravel().astype(np.float64), masks.ravel()) | {"pro": pro(maps, masks)},
            "aupimo": aupimo(maps, masks, case["pimo"]["lower"], case["pimo"]["upper"]),
            "rougeL": [scorer.score(target=b, prediction=a)["rougeL"].fmeasure for a, b in case["texts"]],
            "verdicts": {"precision": float(precision), "recall": float(recall), "f1": float(f1)},
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main()
