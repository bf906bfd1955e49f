"""Synthetic anomalies: what a defect does to an image, painted on normal pictures with an exact mask.

Breadth is the point (breadth of training data matters more than any module): CutPaste and its scar form,
Perlin masks filled with foreign texture (as DRAEM does), scratches, cracks, stains, pits, missing parts, local warps.
"""
from __future__ import annotations

import cv2
import numpy as np

KINDS = ("cutpaste", "scar", "texture", "scratch", "crack", "stain", "pits", "missing", "warp", "noise")


def perlin(shape: tuple[int, int], cells: int, rng: np.random.Generator) -> np.ndarray:
    """Smooth value noise in -1..1 with about `cells` cells across, float32 [h,w]."""
    coarse = rng.normal(size=(cells + 2, cells + 2)).astype(np.float32)
    field = cv2.resize(coarse, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC)
    return field / (np.abs(field).max() + 1e-6)


def _blob(shape: tuple[int, int], rng: np.random.Generator, low: float, high: float) -> np.ndarray:
    """A soft irregular blob (float32 0..1) whose radius is low..high of the shorter side."""
    h, w = shape
    radius = rng.uniform(low, high) * min(h, w)
    cy, cx = rng.uniform(0.08, 0.92) * h, rng.uniform(0.08, 0.92) * w
    yy, xx = np.mgrid[:h, :w].astype(np.float32)
    angle, stretch = rng.uniform(0, np.pi), rng.uniform(0.4, 1.0)
    u = (xx - cx) * np.cos(angle) + (yy - cy) * np.sin(angle)
    v = -(xx - cx) * np.sin(angle) + (yy - cy) * np.cos(angle)
    distance = np.sqrt((u / radius) ** 2 + (v / (radius * stretch)) ** 2) + 0.35 * perlin(shape, int(rng.integers(3, 9)), rng)
    return np.clip((1.15 - distance) * rng.uniform(2, 8), 0, 1).astype(np.float32)


def _line(shape: tuple[int, int], rng: np.random.Generator, jagged: bool) -> np.ndarray:
    """A thin line: a smooth scratch or a jagged, sometimes branching crack. float32 0..1."""
    h, w = shape
    canvas = np.zeros(shape, np.uint8)
    thickness = int(rng.integers(1, 4)) if jagged else int(rng.integers(1, 6))
    for _ in range(int(rng.integers(1, 4)) if jagged or rng.random() < 0.3 else 1):
        x, y = rng.uniform(0.05, 0.95) * w, rng.uniform(0.05, 0.95) * h
        heading = rng.uniform(0, 2 * np.pi)
        length = rng.uniform(0.1, 0.9) * min(h, w)
        step = rng.uniform(4, 10)
        bend = rng.normal(0, 0.03)
        points = [(x, y)]
        for _ in range(max(3, int(length / step))):
            heading += rng.normal(0, 0.55) if jagged else bend + rng.normal(0, 0.02)
            x, y = x + step * np.cos(heading), y + step * np.sin(heading)
            points.append((x, y))
        cv2.polylines(canvas, [np.array(points, np.int32)], False, 255, thickness, cv2.LINE_AA)
    return cv2.GaussianBlur(canvas, (0, 0), rng.uniform(0.4, 1.2)).astype(np.float32) / 255


def _tone(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A fill colour that differs from the image's mean: darker, brighter or another hue."""
    mean = image.reshape(-1, 3).mean(0)
    shift = rng.choice([-1, 1]) * rng.uniform(25, 130)
    tint = rng.normal(0, 25, 3) if rng.random() < 0.4 else np.zeros(3)
    return np.clip(mean + shift + tint, 0, 255)


def _foreign_patch(image: np.ndarray, donor: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The donor cropped at random to the image's shape, brightness jittered."""
    h, w = image.shape[:2]
    scale = rng.uniform(1.0, 2.0) * max(h / donor.shape[0], w / donor.shape[1])
    big = cv2.resize(donor, None, fx=scale, fy=scale, interpolation=cv2.INTER_LINEAR)
    y, x = rng.integers(0, max(1, big.shape[0] - h + 1)), rng.integers(0, max(1, big.shape[1] - w + 1))
    crop = cv2.resize(big[y : y + h, x : x + w], (w, h)).astype(np.float32)
    return np.clip(crop * rng.uniform(0.6, 1.3) + rng.uniform(-30, 30), 0, 255)


def add_anomaly(image: np.ndarray, donor: np.ndarray, rng: np.random.Generator, kind: str | None = None):
    """Paint one synthetic anomaly on `image` (uint8 [h,w,3]); `donor` is any other picture.

    Returns (uint8 [h,w,3], mask uint8 0/255 [h,w], kind). The mask marks where the picture visibly changed, so an attempt
    that changes nothing gives an empty mask: the caller tries again.
    """
    kind = kind or str(rng.choice(KINDS))
    base = image.astype(np.float32)
    h, w = image.shape[:2]
    alpha = np.zeros((h, w), np.float32)
    fill = base
    if kind in ("cutpaste", "scar"):
        ph = int(h * (rng.uniform(0.03, 0.25) if kind == "cutpaste" else rng.uniform(0.01, 0.04)))
        pw = int(w * (rng.uniform(0.03, 0.25) if kind == "cutpaste" else rng.uniform(0.08, 0.35)))
        ph, pw = max(ph, 4), max(pw, 4)
        source = base if rng.random() < 0.7 else _foreign_patch(image, donor, rng)
        sy, sx = rng.integers(0, h - ph + 1), rng.integers(0, w - pw + 1)
        patch = np.clip(source[sy : sy + ph, sx : sx + pw] * rng.uniform(0.7, 1.3) + rng.normal(0, 15, 3), 0, 255)
        matrix = cv2.getRotationMatrix2D((pw / 2, ph / 2), rng.uniform(-90, 90), 1)
        matrix[:, 2] += [rng.uniform(0.05, 0.95) * w - pw / 2, rng.uniform(0.05, 0.95) * h - ph / 2]
        fill = cv2.warpAffine(patch, matrix, (w, h), flags=cv2.INTER_LINEAR)
        alpha = cv2.warpAffine(np.ones((ph, pw), np.float32), matrix, (w, h))
    elif kind == "texture":
        field = perlin((h, w), int(rng.integers(3, 10)), rng)
        alpha = np.clip((field - rng.uniform(0.35, 0.7)) * 8, 0, 1) * rng.uniform(0.35, 1.0)
        fill = _foreign_patch(image, donor, rng)
    elif kind in ("scratch", "crack"):
        alpha = _line((h, w), rng, kind == "crack") * rng.uniform(0.35, 1.0)
        tone = _tone(image, rng)
        fill = np.broadcast_to(np.minimum(tone, base.reshape(-1, 3).mean(0) * 0.6) if kind == "crack" else tone, base.shape)
    elif kind == "stain":
        alpha = _blob((h, w), rng, 0.03, 0.2) * rng.uniform(0.25, 0.9)
        fill = np.broadcast_to(_tone(image, rng), base.shape) * rng.uniform(0.6, 1.0) + base * 0.2
    elif kind == "pits":
        cy, cx = rng.uniform(0.1, 0.9) * h, rng.uniform(0.1, 0.9) * w
        spread = rng.uniform(0.0, 0.2) * min(h, w)
        for _ in range(int(rng.integers(1, 16))):
            centre = (int(cx + rng.normal(0, spread + 1e-3)), int(cy + rng.normal(0, spread + 1e-3)))
            cv2.circle(alpha, centre, int(rng.integers(2, max(3, int(0.02 * min(h, w)) + 2))), 1.0, -1, cv2.LINE_AA)
        alpha = cv2.GaussianBlur(alpha, (0, 0), rng.uniform(0.5, 1.5)) * rng.uniform(0.5, 1.0)
        fill = np.broadcast_to(_tone(image, rng), base.shape)
    elif kind == "missing":
        blob = _blob((h, w), rng, 0.04, 0.16) > 0.5
        if rng.random() < 0.5:
            small = cv2.resize(image, (w // 2, h // 2))
            hole = cv2.dilate(cv2.resize(blob.astype(np.uint8), (w // 2, h // 2)), np.ones((5, 5), np.uint8))
            fill = cv2.resize(cv2.inpaint(small, hole, 5, cv2.INPAINT_TELEA), (w, h)).astype(np.float32)
        else:
            border = np.concatenate([base[:4].reshape(-1, 3), base[-4:].reshape(-1, 3), base[:, :4].reshape(-1, 3)])
            fill = np.broadcast_to(border.mean(0), base.shape) + rng.normal(0, 3, base.shape)
        alpha = cv2.GaussianBlur(blob.astype(np.float32), (0, 0), 1.0)
    elif kind == "warp":
        alpha = _blob((h, w), rng, 0.06, 0.2)
        yy, xx = np.mgrid[:h, :w].astype(np.float32)
        strength = rng.uniform(6, 22)
        dx, dy = perlin((h, w), 8, rng) * strength, perlin((h, w), 8, rng) * strength
        fill = cv2.remap(image, xx + dx * alpha, yy + dy * alpha, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT).astype(np.float32)
        alpha = (alpha > 0.05).astype(np.float32)
    else:
        alpha = _blob((h, w), rng, 0.04, 0.18)
        if rng.random() < 0.5:
            fill = base + rng.normal(0, rng.uniform(20, 60), base.shape)
        else:
            fill = cv2.GaussianBlur(image, (0, 0), rng.uniform(3, 9)).astype(np.float32)
    alpha3 = alpha[..., None]
    result = np.clip(base * (1 - alpha3) + fill * alpha3, 0, 255)
    change = np.abs(result - base).max(-1)
    # Smoothed, so that unchanged pixels inside a pasted texture do not leave holes in the mask.
    changed = (cv2.GaussianBlur(change, (0, 0), 1.5) > 7) & (cv2.dilate(alpha, np.ones((3, 3), np.uint8)) > 0.08)
    return result.astype(np.uint8), changed.astype(np.uint8) * 255, kind


def photometric(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Global appearance jitter that no inspector would call a defect: gain, gamma, colour cast, blur, noise, greyscale."""
    out = image.astype(np.float32)
    if rng.random() < 0.2:
        out = np.repeat(out.mean(-1, keepdims=True), 3, -1)
    out = 255 * (np.clip(out / 255, 0, 1) ** rng.uniform(0.7, 1.4))
    out = out * rng.uniform(0.75, 1.25) + rng.uniform(-15, 15)
    if rng.random() < 0.4:
        out = out * rng.uniform(0.88, 1.12, 3)
    if rng.random() < 0.25:
        out = cv2.GaussianBlur(out, (0, 0), rng.uniform(0.4, 1.2))
    if rng.random() < 0.3:
        out = out + rng.normal(0, rng.uniform(2, 8), out.shape)
    return np.clip(out, 0, 255).astype(np.uint8)
