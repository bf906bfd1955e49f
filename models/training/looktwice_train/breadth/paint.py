"""Anomalies painted in the pixels of normal pictures, as wide as a few dozen lines can be.

Extends `data.synthesis` (cut-paste, textures, scratches, cracks, stains, pits, missing parts, warps, noise) by what breaks on objects: dents
(shading alone), chips at the outline, burns, rust, foreign objects, parts that moved or stand twice, print faults, discoloured areas.
Placed on the object where the background is plain, from faint to plain; `weight` says how much the change can be seen, so that
a loss need not insist on what nobody could find (AnomalyVFM's confidence weights, arXiv 2601.20524).
"""
from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from ..data.synthesis import KINDS as SIMPLE_KINDS
from ..data.synthesis import _blob, _foreign_patch, _line, _tone, add_anomaly, perlin

OBJECT_KINDS = ("dent", "chip", "burn", "rust", "object", "moved", "double", "print", "discolour", "lines")
KINDS = (*SIMPLE_KINDS, *OBJECT_KINDS)
SMALLEST, LARGEST = 0.0004, 0.3
"""Share of the picture that a painted anomaly covers."""
VISIBLE = 24.0
"""Mean change of a pixel's strongest channel, of 255, at which an anomaly weighs 1."""


@dataclass(frozen=True)
class Painted:
    """A picture with one or more anomalies: uint8 [h,w,3], mask uint8 0/255 [h,w], kind, weight 0..1."""

    image: np.ndarray
    mask: np.ndarray
    kind: str
    weight: float


def foreground(image: np.ndarray) -> np.ndarray:
    """Where the object is, bool [h,w]: what differs from a plain border; everywhere where the border is not plain."""
    h, w = image.shape[:2]
    band = max(2, min(h, w) // 50)
    border = np.concatenate([image[:band].reshape(-1, 3), image[-band:].reshape(-1, 3), image[:, :band].reshape(-1, 3), image[:, -band:].reshape(-1, 3)]).astype(np.float32)
    middle = np.median(border, 0)
    away = np.abs(border - middle).max(-1)
    if np.percentile(away, 80) > 18:
        return np.ones((h, w), bool)
    found = np.abs(image.astype(np.float32) - middle).max(-1) > max(20.0, 2 * float(np.percentile(away, 80)))
    found = cv2.morphologyEx(found.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8)).astype(bool)
    return found if 0.05 < found.mean() < 0.95 else np.ones((h, w), bool)


def _shape_on(where: np.ndarray, rng: np.random.Generator, low: float, high: float) -> np.ndarray:
    """A soft blob whose middle lies on `where` (bool [h,w]) -> float32 0..1 [h,w]."""
    h, w = where.shape
    blob = _blob((h, w), rng, low, high)
    ys, xs = np.nonzero(where)
    at = int(rng.integers(len(ys)))
    inside = np.argwhere(blob > 0.5)
    if len(inside) == 0:
        return blob
    cy, cx = inside.mean(0)
    return cv2.warpAffine(blob, np.float32([[1, 0, xs[at] - cx], [0, 1, ys[at] - cy]]), (w, h))


def _dent(base: np.ndarray, shape: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Shading of a dent or bump: the slope of a smooth height, lit from one side."""
    height = cv2.GaussianBlur(shape, (0, 0), rng.uniform(2, 8))
    gy, gx = np.gradient(height)
    angle = rng.uniform(0, 2 * np.pi)
    slope = gx * np.cos(angle) + gy * np.sin(angle)
    slope /= np.abs(slope).max() + 1e-6
    return base + (slope * rng.uniform(20, 90))[..., None] * rng.choice([-1, 1])


def _moved(image: np.ndarray, shape: np.ndarray, rng: np.random.Generator, remove: bool) -> tuple[np.ndarray, np.ndarray]:
    """The piece under `shape` put elsewhere (turned, a little scaled), its old place filled in where `remove` -> picture float32, mask float32."""
    h, w = image.shape[:2]
    piece = (shape > 0.5).astype(np.uint8)
    ground, mask = image.copy(), np.zeros((h, w), np.float32)
    if remove:
        small = cv2.resize(image, (w // 2, h // 2), interpolation=cv2.INTER_AREA)
        hole = cv2.dilate(cv2.resize(piece, (w // 2, h // 2)), np.ones((5, 5), np.uint8))
        filled = cv2.resize(cv2.inpaint(small, hole, 4, cv2.INPAINT_TELEA), (w, h))
        edge = cv2.GaussianBlur(piece.astype(np.float32), (0, 0), 1.5)[..., None]
        ground = (image * (1 - edge) + filled * edge).astype(np.uint8)
        mask = piece.astype(np.float32)
    ys, xs = np.nonzero(piece)
    if len(ys) == 0:
        return image.astype(np.float32), mask
    matrix = cv2.getRotationMatrix2D((float(xs.mean()), float(ys.mean())), rng.uniform(-180, 180), rng.uniform(0.8, 1.2))
    reach = 0.1 if remove else 0.4
    matrix[:, 2] += [rng.uniform(-reach, reach) * w, rng.uniform(-reach, reach) * h]
    alpha = cv2.GaussianBlur(cv2.warpAffine(piece.astype(np.float32), matrix, (w, h)), (0, 0), 1.0)
    there = cv2.warpAffine(image, matrix, (w, h), borderMode=cv2.BORDER_REFLECT).astype(np.float32)
    return ground * (1 - alpha[..., None]) + there * alpha[..., None], np.maximum(mask, alpha)


def _object_kind(image: np.ndarray, donor: np.ndarray, where: np.ndarray, kind: str, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """-> picture float32 [h,w,3], where it was painted float32 0..1 [h,w]."""
    base = image.astype(np.float32)
    h, w = image.shape[:2]
    shape = _shape_on(where, rng, 0.03, 0.22)
    soft = shape[..., None]
    if kind == "dent":
        return _dent(base, shape, rng), (shape > 0.1).astype(np.float32)
    if kind == "chip":
        # Bitten out of the outline: the background goes on where the object was. Without a plain background a hole of a dark or bright tone.
        edge = cv2.morphologyEx(where.astype(np.uint8), cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)).astype(bool)
        if where.all() or not edge.any():
            fill = np.broadcast_to(_tone(image, rng), base.shape)
            alpha = (shape > 0.5).astype(np.float32)
        else:
            alpha = ((_shape_on(edge, rng, 0.03, 0.16) > 0.5) & where).astype(np.float32)
            fill = np.broadcast_to(np.median(base[~where], 0), base.shape) + rng.normal(0, 3, base.shape)
        alpha = cv2.GaussianBlur(alpha, (0, 0), 0.8)
        return base * (1 - alpha[..., None]) + fill * alpha[..., None], alpha
    if kind == "burn":
        alpha = np.clip(shape * (0.6 + 0.5 * perlin((h, w), 12, rng)), 0, 1)[..., None] * rng.uniform(0.4, 0.95)
        return base * (1 - alpha) + base * np.array([0.25, 0.18, 0.12]) * alpha, alpha[..., 0]
    if kind == "rust":
        alpha = np.clip((perlin((h, w), int(rng.integers(10, 40)), rng) + 0.4) * shape * 2, 0, 1)[..., None] * rng.uniform(0.4, 0.95)
        tint = np.array([rng.uniform(90, 170), rng.uniform(50, 95), rng.uniform(15, 50)])
        grain = rng.normal(0, 18, (h, w, 1))
        return base * (1 - alpha) + (0.3 * base + 0.7 * tint + grain) * alpha, alpha[..., 0]
    if kind == "object":
        alpha = cv2.GaussianBlur((shape > 0.5).astype(np.float32), (0, 0), 0.8)[..., None]
        return base * (1 - alpha) + _foreign_patch(image, donor, rng) * alpha, alpha[..., 0]
    if kind in ("moved", "double"):
        return _moved(image, shape, rng, kind == "moved")
    if kind == "print":
        # Smear, shift of colours or missing lines inside a box.
        y0, x0 = int(rng.uniform(0, 0.8) * h), int(rng.uniform(0, 0.8) * w)
        box = np.zeros((h, w), np.float32)
        box[y0 : y0 + int(rng.uniform(0.05, 0.3) * h) + 4, x0 : x0 + int(rng.uniform(0.05, 0.3) * w) + 4] = 1
        choice = rng.integers(3)
        if choice == 0:
            fill = cv2.blur(image, (int(rng.integers(9, 31)), 1) if rng.random() < 0.5 else (1, int(rng.integers(9, 31)))).astype(np.float32)
        elif choice == 1:
            fill = np.stack([np.roll(base[..., c], int(rng.integers(-6, 7)), int(rng.integers(2))) for c in range(3)], -1)
        else:
            stripes = (np.arange(h) // int(rng.integers(2, 8)) % 2).astype(np.float32)[:, None, None]
            fill = base + (stripes - 0.5) * rng.uniform(30, 120)
        return base * (1 - box[..., None]) + fill * box[..., None], box
    if kind == "discolour":
        hsv = cv2.cvtColor(image, cv2.COLOR_RGB2HSV).astype(np.float32)
        hsv[..., 0] = (hsv[..., 0] + rng.uniform(15, 165)) % 180
        hsv[..., 1] = np.clip(hsv[..., 1] * rng.uniform(0.3, 1.6) + rng.uniform(0, 60), 0, 255)
        fill = cv2.cvtColor(hsv.astype(np.uint8), cv2.COLOR_HSV2RGB).astype(np.float32) * rng.uniform(0.7, 1.2)
        alpha = soft * rng.uniform(0.3, 1.0)
        return base * (1 - alpha) + fill * alpha, alpha[..., 0]
    # lines: a bundle of parallel strokes, such as a tool, a brush or a broken thread leaves
    alpha = np.zeros((h, w), np.float32)
    stroke = _line((h, w), rng, False)
    for _ in range(int(rng.integers(2, 6))):
        alpha = np.maximum(alpha, np.roll(stroke, (int(rng.integers(-14, 15)), int(rng.integers(-14, 15))), (0, 1)))
    alpha *= rng.uniform(0.3, 0.9)
    return base * (1 - alpha[..., None]) + _tone(image, rng) * alpha[..., None], alpha


def _once(image: np.ndarray, donor: np.ndarray, where: np.ndarray, kind: str, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, float]:
    """One anomaly -> picture uint8, mask bool, mean change of its pixels (0..255)."""
    base = image.astype(np.float32)
    if kind in OBJECT_KINDS:
        painted, alpha = _object_kind(image, donor, where, kind, rng)
        near = cv2.dilate(alpha, np.ones((3, 3), np.uint8)) > 0.08
    else:
        painted, mask, _ = add_anomaly(image, donor, rng, kind)
        painted, near = painted.astype(np.float32), mask > 127
    if not where.all() and kind != "moved":
        keep = cv2.GaussianBlur(where.astype(np.float32), (0, 0), 1.0)[..., None]
        painted, near = base * (1 - keep) + painted * keep, near & where
    change = np.abs(painted - base).max(-1)
    mask = near & (cv2.GaussianBlur(change, (0, 0), 1.5) > 6)
    return np.clip(painted, 0, 255).astype(np.uint8), mask, float(change[mask].mean()) if mask.any() else 0.0


def paint(image: np.ndarray, donor: np.ndarray, rng: np.random.Generator, kinds: tuple[str, ...] = KINDS) -> Painted | None:
    """A normal picture (uint8 [h,w,3]) with one anomaly, seldom two or three of a kind; None when several attempts changed too little or too much."""
    where = foreground(image)
    for _ in range(6):
        kind = str(rng.choice(kinds))
        picture, mask, strength = image, np.zeros(image.shape[:2], bool), 0.0
        for _ in range(1 if rng.random() < 0.75 else int(rng.integers(2, 4))):
            picture, more, change = _once(picture, donor, where, kind, rng)
            mask, strength = mask | more, max(strength, change)
        if SMALLEST < mask.mean() < LARGEST:
            return Painted(picture, mask.astype(np.uint8) * 255, kind, float(np.clip(strength / VISIBLE, 0.25, 1.0)))
    return None
