"""Base view and any-resolution tiles of an image (docs/design/model.md, "Preprocessing"); the TypeScript twin is lib/vision."""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageOps

SIZE = 392
PATCH = 14
GRID = SIZE // PATCH
GRIDS = ((1, 2), (2, 1), (2, 2), (1, 3), (3, 1), (1, 4), (4, 1))
MEAN = np.array([0.485, 0.456, 0.406], np.float32)
STD = np.array([0.229, 0.224, 0.225], np.float32)
PAD = np.round(MEAN * 255).astype(np.uint8)


@dataclass(frozen=True)
class Placement:
    """Where the image lies on the tile canvas: grid (columns, rows), fitted size in canvas pixels."""

    columns: int
    rows: int
    width: int
    height: int

    @property
    def tiles(self) -> int:
        return 0 if (self.columns, self.rows) == (1, 1) else self.columns * self.rows


def select_grid(width: int, height: int) -> Placement:
    """The any-resolution grid for an image of width x height pixels (LLaVA-OneVision's rule, at most 4 tiles)."""
    if max(width, height) <= 1.25 * SIZE:
        return Placement(1, 1, SIZE, SIZE)
    best: tuple[float, float, Placement] | None = None
    for columns, rows in GRIDS:
        canvas_w, canvas_h = columns * SIZE, rows * SIZE
        scale = min(canvas_w / width, canvas_h / height)
        fitted_w, fitted_h = min(round(width * scale), canvas_w), min(round(height * scale), canvas_h)
        effective = min(fitted_w * fitted_h, width * height)
        padding = canvas_w * canvas_h - fitted_w * fitted_h
        if best is None or (effective, -padding) > (best[0], best[1]):
            best = (effective, -padding, Placement(columns, rows, max(fitted_w, 1), max(fitted_h, 1)))
    assert best is not None
    return best[2]


def load_rgb(path) -> Image.Image:
    """Decode to 8-bit RGB with EXIF orientation applied and alpha flattened on white."""
    image = ImageOps.exif_transpose(Image.open(path))
    if image.mode in ("RGBA", "LA", "P"):
        image = image.convert("RGBA")
        ground = Image.new("RGBA", image.size, (255, 255, 255, 255))
        image = Image.alpha_composite(ground, image)
    return image.convert("RGB")


def pillow_resize(image: Image.Image, size: tuple[int, int]) -> np.ndarray:
    """uint8 [h,w,3]; cubic with antialiasing, what training uses."""
    return np.asarray(image.resize(size, Image.Resampling.BICUBIC))


def make_views(image: Image.Image, mask: np.ndarray | None = None, tiles: bool = True, resize=pillow_resize):
    """-> pixels uint8 [V,S,S,3], masks uint8 [V,S,S] in 0..255 (zeros without mask), valid float32 [V,P]."""
    placement = select_grid(*image.size)
    views = [resize(image, (SIZE, SIZE))]
    picture = Image.fromarray(mask) if mask is not None else Image.new("L", image.size)
    masks = [np.asarray(picture.resize((SIZE, SIZE), Image.Resampling.BOX if max(image.size) > SIZE else Image.Resampling.BILINEAR))]
    valid = [np.ones(GRID * GRID, np.float32)]
    if tiles and placement.tiles:
        fitted = (placement.width, placement.height)
        canvas = np.empty((placement.rows * SIZE, placement.columns * SIZE, 3), np.uint8)
        canvas[:] = PAD
        canvas[: placement.height, : placement.width] = resize(image, fitted)
        plane = np.zeros(canvas.shape[:2], np.uint8)
        plane[: placement.height, : placement.width] = np.asarray(picture.resize(fitted, Image.Resampling.BILINEAR))
        centres = np.arange(GRID) * PATCH + PATCH / 2
        for row in range(placement.rows):
            for column in range(placement.columns):
                y, x = row * SIZE, column * SIZE
                views.append(canvas[y : y + SIZE, x : x + SIZE])
                masks.append(plane[y : y + SIZE, x : x + SIZE])
                inside = (centres[:, None] + y < placement.height) & (centres[None, :] + x < placement.width)
                valid.append(inside.reshape(-1).astype(np.float32))
    return np.stack(views), np.stack(masks), np.stack(valid)


def normalise(pixels: np.ndarray) -> np.ndarray:
    """uint8 [V,S,S,3] -> float32 [V,3,S,S], ImageNet mean and deviation."""
    return ((pixels.astype(np.float32) / 255 - MEAN) / STD).transpose(0, 3, 1, 2)
