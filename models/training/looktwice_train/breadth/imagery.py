"""Pictures from bytes: decoding, folding strips, masks, and fingerprints by which copies are recognised."""

from __future__ import annotations

import io
import re

import numpy as np
from PIL import Image, ImageDraw, ImageOps

from .labels import Item
from .repository import Repository
from .spec import Source

Image.MAX_IMAGE_PIXELS = 200_000_000
GRID = 17  # the fingerprint compares neighbours on a grid of this side: 17 x 16 bits
THUMB = 24
FINGERPRINT_BYTES = GRID * (GRID - 1) // 8
_ONES = np.array([bin(value).count("1") for value in range(256)], np.uint16)


def decode(data: bytes) -> Image.Image:
    """Raises OSError, ValueError or SyntaxError, as Pillow does, on what is no picture."""
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def to_rgb(image: Image.Image) -> Image.Image:
    """Transparent pixels become white; 16-bit and float pictures are stretched to 0..255."""
    if image.mode in ("RGBA", "LA", "PA") or (image.mode == "P" and "transparency" in image.info):
        image = image.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", image.size, (255, 255, 255, 255)), image).convert("RGB")
    if image.mode in ("I;16", "I", "F"):
        values = np.asarray(image, np.float32)
        low, high = float(values.min()), float(values.max())
        return Image.fromarray(((values - low) / max(high - low, 1e-6) * 255).astype(np.uint8)).convert("RGB")
    return image.convert("RGB")


def fold_strip(image: Image.Image, pieces: int) -> Image.Image:
    """A long strip cut into `pieces`, stacked from top to bottom."""
    width, height = image.width // pieces, image.height
    folded = Image.new(image.mode, (width, height * pieces))
    for i in range(pieces):
        folded.paste(image.crop((i * width, 0, (i + 1) * width, height)), (0, i * height))
    return folded


def _mask_file(source: Source, repository: Repository, path: str, size: tuple[int, int]) -> np.ndarray | None:
    rule = source.mask or {}
    pattern, replacements = rule["sub"]
    total: np.ndarray | None = None
    for replacement in replacements:
        data = repository.read(re.sub(pattern, replacement, path))
        if data is None:
            continue
        try:
            image = decode(data)
        except (OSError, ValueError, SyntaxError):
            continue
        values = np.asarray(image.convert("RGB") if rule.get("rgb") else image).astype(np.int32)
        if values.ndim == 3:
            values = values[..., :3].max(axis=2)
        mask = np.isin(values, rule["values"]) if "values" in rule else values > rule.get("threshold", 0)
        if mask.shape != (size[1], size[0]):
            mask = (
                np.asarray(Image.fromarray((mask * 255).astype(np.uint8)).resize(size, Image.Resampling.NEAREST)) > 127
            )
        total = mask if total is None else total | mask
    return total


def read_mask(source: Source, repository: Repository, item: Item, size: tuple[int, int]) -> np.ndarray | None:
    """Boolean array (height, width) of the stored picture's size (width, height), or None where nobody drew one.

    `mask`: kind `path` with `sub` (regular expression, and replacements from a picture's to its masks' paths) and
    `threshold` or `values`, `rgb`; or kind `shapes`: what the label file outlines or boxes.
    """
    if source.mask is None or item.kind is None:
        return None
    if source.mask["kind"] == "path":
        return _mask_file(source, repository, item.path, size)
    mask = Image.new("L", size, 0)
    draw = ImageDraw.Draw(mask)
    for shape in item.shapes:
        draw.polygon([(x * size[0], y * size[1]) for x, y in shape], fill=255, outline=255)
    return np.asarray(mask) > 127


def shrink_mask(mask: np.ndarray, size: tuple[int, int]) -> Image.Image:
    """A target pixel counts if at least a quarter of it is covered; a mask never vanishes altogether."""
    image = Image.fromarray((mask * 255).astype(np.uint8))
    if image.size == size:
        return image
    cover = np.asarray(image.resize(size, Image.Resampling.BOX)).astype(np.float32)
    kept = cover >= 0.25 * 255
    if not kept.any() and mask.any():
        kept = cover >= max(float(cover.max()), 1.0)
    return Image.fromarray((kept * 255).astype(np.uint8))


def prepare(
    source: Source, repository: Repository, item: Item, data: bytes
) -> tuple[Image.Image, np.ndarray | None, tuple[int, int]]:
    """The RGB picture, its mask if there is one, and the stored size.

    A mask is drawn on the stored pixels; without one the camera's turn is applied.
    """
    image = decode(data)
    stored = image.size
    mask = read_mask(source, repository, item, stored)
    image = to_rgb(ImageOps.exif_transpose(image) if mask is None else image)
    if source.crop:
        left, top, right, bottom = (round(edge * side) for edge, side in zip(source.crop, image.size * 2, strict=True))
        image = image.crop((left, top, right, bottom))
        mask = None if mask is None else mask[top:bottom, left:right]
    if source.fold:
        image = fold_strip(image, source.fold)
        mask = (
            None
            if mask is None
            else np.asarray(fold_strip(Image.fromarray((mask * 255).astype(np.uint8)), source.fold)) > 127
        )
    return image, mask, stored


def fingerprints(image: Image.Image) -> tuple[np.ndarray, np.ndarray]:
    """Bits (8, 34) uint8 of the picture (row 0), its turns and mirror images, and a thumbnail (24, 24, 3) int16."""
    grey = np.asarray(image.convert("L").resize((GRID, GRID), Image.Resampling.BOX)).astype(np.int16)
    rows = []
    for turn in range(4):
        turned = np.rot90(grey, turn)
        rows += [np.packbits((view[:, 1:] > view[:, :-1]).ravel()) for view in (turned, turned[:, ::-1])]
    thumb = np.asarray(image.convert("RGB").resize((THUMB, THUMB), Image.Resampling.BOX)).astype(np.int16)
    return np.stack(rows), thumb


class Seen:
    """Fingerprints of what was kept."""

    def __init__(self) -> None:
        self.bits = np.zeros((0, FINGERPRINT_BYTES), np.uint8)
        self.thumbs = np.zeros((0, THUMB, THUMB, 3), np.int16)

    def nearest(self, views: np.ndarray) -> tuple[int, int]:
        """(bits apart, index) of the kept picture that is nearest to any of the views; (999, -1) when none is kept."""
        if not len(self.bits):
            return 999, -1
        distances = np.stack([_ONES[self.bits ^ view].sum(axis=1) for view in views])
        at = int(distances.min(axis=0).argmin())
        return int(distances[:, at].min()), at

    def unlike(self, index: int, thumb: np.ndarray) -> float:
        """Mean difference (0..255) of the thumbnails."""
        return float(np.abs(self.thumbs[index] - thumb).mean())

    def add(self, bits: np.ndarray, thumbs: np.ndarray) -> None:
        """bits (n, 34), thumbs (n, 24, 24, 3)."""
        self.bits = np.concatenate([self.bits, bits])
        self.thumbs = np.concatenate([self.thumbs, thumbs])
