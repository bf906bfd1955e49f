"""Pixel metrics used in validation (the product's exact ones are in lib/evaluation)."""
from __future__ import annotations

import numpy as np
from scipy import ndimage


def pro(maps: np.ndarray, masks: np.ndarray, limit: float = 0.3, steps: int = 200) -> float | None:
    """Per-region overlap integrated over the false-positive rate up to `limit`, normalised to 0..1.

    maps [n,h,w] float, masks [n,h,w] bool. None when there is no region. Regions are 8-connected. Thresholds are `steps`
    quantiles of the normal pixels' scores, so the integral's error stays below 1 / steps.
    """
    normal = np.sort(maps[~masks])
    regions = []
    for scores, mask in zip(maps, masks):
        labels, count = ndimage.label(mask, np.ones((3, 3)))
        regions += [np.sort(scores[labels == i]) for i in range(1, count + 1)]
    if not regions or not len(normal):
        return None
    rates = np.linspace(0, limit, steps + 1)
    thresholds = normal[np.clip((len(normal) * (1 - rates)).astype(int), 0, len(normal) - 1)]
    overlap = np.mean([1 - np.searchsorted(r, thresholds, side="left") / len(r) for r in regions], axis=0)
    return float(np.trapezoid(overlap, rates) / limit)
