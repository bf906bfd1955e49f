"""Reference values for lib/anomaly/reference-bank.ts: NumPy's distances of an image to references, the unexplained rest by eigenvectors instead of Cholesky's factor.

Reads {"folder", "settings": calibration.reference, "grid", "width", "most" (optional: patches of a kind that a reference keeps), "images": [{"file", "views": [{"kind", "columns", "rows"}]}]} from standard input. A file holds the hidden
states [V,L,P,D] as float32; the last image is compared with all others. Writes {"score", "deviations": per view [rows * columns]}.
"""
import json
import sys
from pathlib import Path

import numpy as np

MAX_BANK, FOLDS, LEAST = 6_272, 4, 1e-3


def unit(x: np.ndarray) -> np.ndarray:
    return x / np.linalg.norm(x, axis=-1, keepdims=True)


def nearest(query: np.ndarray, bank: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    cosine = query @ bank.T
    return 1 - cosine.max(1), cosine.argmax(1)


def within(view: np.ndarray, columns: int, radius: int) -> np.ndarray:
    row, column = np.divmod(np.arange(len(view)), columns)
    near = (abs(row[:, None] - row) <= radius) & (abs(column[:, None] - column) <= radius)
    return 1 - np.where(near, -1, view @ view.T).max(1)


class Usual:
    """Mean and covariance of unit patches."""

    def __init__(self, patches: np.ndarray, ridge: float) -> None:
        self.mean = patches.mean(0)
        self.variances, self.directions = np.linalg.eigh(np.cov(patches.T, bias=True))
        self.ridge = ridge * self.variances.mean()

    def unexplained(self, patches: np.ndarray) -> np.ndarray:
        along = (patches - self.mean) @ self.directions
        return (along**2 * self.ridge / (self.variances + self.ridge)).sum(1)


class Kind:
    """References of one view kind at one level: lists of unit patches."""

    def __init__(self, parts: list[np.ndarray], settings: dict) -> None:
        self.weights, self.discount = settings["geometric"], settings["discount"]
        self.all = Usual(np.concatenate(parts), self.weights["ridge"])
        centred = [self.centre(part) for part in parts]
        total = sum(map(len, parts))
        kept = np.arange(min(total, MAX_BANK)) * total // min(total, MAX_BANK)
        owner = np.repeat(np.arange(len(parts)), [len(part) for part in parts])[kept]
        self.bank = np.concatenate(centred)[kept]
        apart = [nearest(part, self.bank[owner != i]) for i, part in enumerate(centred)]
        self.own = np.concatenate([distance for distance, _ in apart])[kept]
        folds = np.arange(len(parts)) * min(FOLDS, len(parts)) // len(parts)
        self.left_out = [
            (distance - self.discount * self.own[owner != i][at],
             Usual(np.concatenate([p for p, fold in zip(parts, folds, strict=True) if fold != folds[i]]), self.weights["ridge"]).unexplained(parts[i]))
            for i, (distance, at) in enumerate(apart)
        ]

    def centre(self, patches: np.ndarray) -> np.ndarray:
        return unit(patches - self.weights["centring"] * self.all.mean)

    def distances(self, patches: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        distance, at = nearest(self.centre(patches), self.bank)
        return distance - self.discount * self.own[at], self.all.unexplained(patches)


def geometric(nearest_reference: np.ndarray, unexplained: np.ndarray, own_view: np.ndarray, weights: dict) -> np.ndarray:
    a, b = weights["residualWeight"], weights["withinWeight"]
    return np.maximum(nearest_reference, LEAST) ** (1 - a - b) * np.maximum(unexplained, LEAST) ** a * np.maximum(own_view, LEAST) ** b


def top_mean(values: np.ndarray, share: float) -> float:
    return float(np.sort(values)[-max(1, int(len(values) * share + 0.5)):].mean())


def less_mean(values: np.ndarray, share: float) -> np.ndarray:
    return values - share * values.mean()


def thinned(patches: np.ndarray, most: int | None) -> np.ndarray:
    count = min(len(patches), most or len(patches))
    return patches[np.arange(count) * len(patches) // count]


def describe(image: dict, case: dict) -> list[tuple[str, list[tuple[np.ndarray, np.ndarray]]]]:
    """Per view its kind, and per level the unit patches and their distances within the view."""
    grid, width = case["grid"], case["width"]
    levels = np.fromfile(Path(case["folder"]) / image["file"], np.float32).reshape(len(image["views"]), -1, grid, grid, width).astype(np.float64)
    described = []
    for view, states in zip(image["views"], levels, strict=True):
        shown = [unit(states[level, : view["rows"], : view["columns"]].reshape(-1, width)) for level in case["settings"]["levels"]]
        described.append((view["kind"], [(patches, within(patches, view["columns"], case["settings"]["geometric"]["radius"])) for patches in shown]))
    return described


def compare(case: dict) -> dict:
    settings = case["settings"]
    weights, off, used = settings["geometric"], settings["meanShare"], range(len(settings["levels"]))
    *references, image = [describe(entry, case) for entry in case["images"]]
    deviations: list[list[float]] = [[] for _ in image]
    scores = []
    for kind in ("base", "tile"):
        indices = [i for i, (view, _) in enumerate(image) if view == kind]
        if not indices:
            continue
        share = settings["topFraction"][kind]

        def joined(views, level: int, what: int, kind: str = kind) -> np.ndarray:
            return thinned(np.concatenate([levels[level][what] for view, levels in views if view == kind]), case.get("most"))

        fits = [Kind([joined(reference, level, 0) for reference in references], settings) for level in used]
        normal = [
            top_mean(less_mean(np.mean([geometric(*fits[level].left_out[i], joined(reference, level, 1), weights) for level in used], 0), off), share)
            for i, reference in enumerate(references)
        ]
        worth = len(normal) + settings["priorCount"]
        mean = (sum(normal) + settings["priorMean"] * settings["priorCount"]) / worth
        deviation = np.sqrt((np.var(normal) * len(normal) + settings["priorDeviation"] ** 2 * settings["priorCount"]) / worth)
        parts = [
            np.mean([geometric(*fits[level].distances(patches), own_view, weights) for level, (patches, own_view) in enumerate(image[index][1])], 0)
            for index in indices
        ]
        standardised = (less_mean(np.concatenate(parts), off) - mean) / deviation
        for index, found in zip(indices, np.split(standardised, np.cumsum([len(part) for part in parts])[:-1]), strict=True):
            deviations[index] = found.tolist()
        scores.append(top_mean(standardised, share))
    return {"score": float(np.mean(scores)), "deviations": deviations}


if __name__ == "__main__":
    json.dump(compare(json.load(sys.stdin)), sys.stdout)
