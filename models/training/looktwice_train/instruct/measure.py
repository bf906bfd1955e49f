"""Measuring a mask: place, extent, number, shape, tone. Twin of lib/segmentation/describe.ts, equal to the last character.

All arithmetic is on integers or on single IEEE double operations, so that both languages round alike.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field

import cv2
import numpy as np

from .playbook import types_by_name

MIN_REGION_FRACTION = 0.0002
MAX_REGIONS = 16
TONE_STEP = 8
PLACES = (
    ("upper left", "top centre", "upper right"),
    ("centre left", "centre", "centre right"),
    ("lower left", "bottom centre", "lower right"),
)


@dataclass(frozen=True)
class RegionMeasure:
    """One connected region. `bbox` is [x, y, w, h] in px, `extent` the percent of the image area as text ("3.2")."""

    place: str
    area_px: int
    extent: str
    bbox: tuple[int, int, int, int]
    shape: str


@dataclass(frozen=True)
class Measure:
    """What can be said about a mask. `regions` are sorted by area, the largest first; empty when nothing is marked.

    `tone` compares the largest region with a ring around it: darker, brighter, similar, or None without an image.
    `extent_percent` is the share of all regions together, 0..100.
    """

    width: int
    height: int
    regions: tuple[RegionMeasure, ...] = field(default_factory=tuple)
    total_extent: str = "0"
    extent_percent: float = 0.0
    tone: str | None = None

    @property
    def count(self) -> int:
        return len(self.regions)

    def to_json(self) -> dict:
        return asdict(self)


def format_percent(area: int, total: int) -> str:
    """Percent with two significant digits, trailing zeros cut: `17`, `3.2`, `0.4`, `0.025`."""
    percent = area * 100 / total
    digits = 0 if percent >= 9.95 else 1 if percent >= 0.995 else 2 if percent >= 0.0995 else 3
    scale = 10**digits
    units = int(percent * scale + 0.5)
    whole, rest = divmod(units, scale)
    fraction = str(rest).zfill(digits).rstrip("0") if digits else ""
    return f"{whole}.{fraction}" if fraction else str(whole)


def _cell(total: int, area: int, size: int) -> int:
    """Third (0, 1, 2) of an axis of `size` px in which the mean pixel centre of `total / area` lies."""
    return min(2, int(3 * (2 * total + area) / (2 * area * size)))


def _hull(points: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Convex hull by the monotone chain, without collinear points."""
    points = sorted(set(points))

    def half(ordered: list[tuple[int, int]]) -> list[tuple[int, int]]:
        chain: list[tuple[int, int]] = []
        for p in ordered:
            while len(chain) >= 2 and (
                (chain[-1][0] - chain[-2][0]) * (p[1] - chain[-2][1])
                - (chain[-1][1] - chain[-2][1]) * (p[0] - chain[-2][0])
            ) <= 0:
                chain.pop()
            chain.append(p)
        return chain[:-1]

    return half(points) + half(points[::-1])


def _shape(region: np.ndarray, area: int) -> str:
    """elongated, irregular or compact, from the hull of the pixel squares of a bool [h, w] crop."""
    points: list[tuple[int, int]] = []
    for y in range(region.shape[0]):
        xs = np.flatnonzero(region[y])
        if len(xs):
            first, last = int(xs[0]), int(xs[-1]) + 1
            points += [(first, y), (last, y), (first, y + 1), (last, y + 1)]
    hull = _hull(points)
    twice_area = 0
    best_product, aspect = float("inf"), 1.0
    for i, (x0, y0) in enumerate(hull):
        x1, y1 = hull[(i + 1) % len(hull)]
        twice_area += x0 * y1 - x1 * y0
        dx, dy = x1 - x0, y1 - y0
        along = [x * dx + y * dy for x, y in hull]
        across = [x * dy - y * dx for x, y in hull]
        length, breadth = float(max(along) - min(along)), float(max(across) - min(across))
        product = length * breadth / float(dx * dx + dy * dy)
        if product < best_product:
            best_product = product
            aspect = max(length, breadth) / min(length, breadth)
    if aspect >= 3:
        return "elongated"
    return "irregular" if 2 * area / twice_area < 0.6 else "compact"


def _tone(region: np.ndarray, mask: np.ndarray, bbox: tuple[int, int, int, int], image: np.ndarray) -> str:
    """Mean luma of the region against the ring 2..r px around it (r = 2 % of the longer side, at least 3 px)."""
    height, width = mask.shape
    reach = max(3, max(width, height) // 50)
    x, y, w, h = bbox
    x0, y0, x1, y1 = max(0, x - reach), max(0, y - reach), min(width, x + w + reach), min(height, y + h + reach)
    inside = region[y0:y1, x0:x1].astype(np.uint8)
    grown = cv2.dilate(inside, np.ones((2 * reach + 1, 2 * reach + 1), np.uint8))
    near = cv2.dilate(mask[y0:y1, x0:x1].astype(np.uint8), np.ones((3, 3), np.uint8))
    ring = (grown > 0) & (near == 0)
    luma = image[y0:y1, x0:x1].astype(np.int64) @ np.array([299, 587, 114])
    n_in, n_ring = int(inside.sum()), int(ring.sum())
    if n_ring == 0:
        return "similar"
    difference = int(luma[inside > 0].sum()) / n_in - int(luma[ring].sum()) / n_ring
    if difference >= TONE_STEP * 1000:
        return "brighter"
    return "darker" if difference <= -TONE_STEP * 1000 else "similar"


def measure_mask(mask: np.ndarray, image: np.ndarray | None = None) -> Measure:
    """Measure a binary mask.

    mask: [h, w], nonzero = anomalous. image: uint8 [h, w, 3] RGB of the same size, or None (then no tone).
    Regions are 8-connected, at least 0.02 % of the image, at most 16; if all are smaller, the largest one counts.
    Raises ValueError when the sizes differ.
    """
    mask = np.asarray(mask) > 0
    height, width = mask.shape
    if image is not None and image.shape[:2] != mask.shape:
        raise ValueError(f"mask is {width} x {height} px but the image is {image.shape[1]} x {image.shape[0]} px")
    total = width * height
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    boxes = [(int(-s[4]), int(s[1]), int(s[0]), i, s) for i, s in enumerate(stats) if i]
    boxes.sort(key=lambda b: b[:3])
    kept = [b for b in boxes if -b[0] >= MIN_REGION_FRACTION * total][:MAX_REGIONS] or boxes[:1]
    regions = []
    for _, _, _, label, (x, y, w, h, area) in kept:
        crop = labels[y : y + h, x : x + w] == label
        ys, xs = np.nonzero(crop)
        column = _cell(int(xs.sum()) + int(x) * int(area), int(area), width)
        row = _cell(int(ys.sum()) + int(y) * int(area), int(area), height)
        regions.append(
            RegionMeasure(
                place=PLACES[row][column],
                area_px=int(area),
                extent=format_percent(int(area), total),
                bbox=(int(x), int(y), int(w), int(h)),
                shape=_shape(crop, int(area)),
            )
        )
    if not regions:
        return Measure(width, height)
    tone = _tone(labels == kept[0][3], mask, regions[0].bbox, image) if image is not None else None
    marked = sum(r.area_px for r in regions)
    return Measure(width, height, tuple(regions), format_percent(marked, total), marked * 100 / total, tone)


def evidence_text(measure: Measure, defect: str, material: str) -> str:
    """The LOOK-BACK EVIDENCE spliced after `<seg>` (docs/design/model.md). Raises ValueError on an empty measure."""
    if not measure.regions:
        raise ValueError("there is no region to describe")
    largest = measure.regions[0]
    details = [largest.place, f"{largest.extent} % of the image", f"{largest.bbox[2]} x {largest.bbox[3]} px", largest.shape]
    if measure.tone:
        details.append("similar in brightness" if measure.tone == "similar" else measure.tone)
    noun = "region" if measure.count == 1 else "regions"
    parts = [f"{measure.count} {noun}", f"largest: {', '.join(details)}"]
    if 2 <= measure.count <= 3:
        parts.append(f"others: {', '.join(r.place for r in measure.regions[1:])}")
    parts += [f"type: {defect}", f"material: {material}"]
    return f"[{'; '.join(parts)}]"


def severity_of(extent_percent: float, count: int, defect: str) -> str:
    """Rule of thumb: type (appearance 0, function 1, structure 2) + extent (0..3) + many regions (1).

    4 points and more are severe, 2 or 3 moderate, fewer minor. Used for retrieval and the findings card, not a standard.
    """
    kind = types_by_name().get(defect)
    points = kind["criticality"] if kind else 1
    points += 3 if extent_percent >= 10 else 2 if extent_percent >= 3 else 1 if extent_percent >= 0.5 else 0
    points += 1 if count >= 5 else 0
    return "severe" if points >= 4 else "moderate" if points >= 2 else "minor"
