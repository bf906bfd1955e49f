"""Which of the annotated images are taken where not all are: seeded, and fair to what a set consists of."""
from __future__ import annotations

from collections import Counter

import numpy as np

from .records import Record
from .views import select_grid

TILED = ("tiles", "held")  # the shards whose groups are whole images with their tiles
TILE_CAP = 40  # images per (domain, label) whose tiles are encoded for training
HELD_CAP = 100  # images per (domain, label) that validation may ask for


def sampled(records: list[Record]) -> list[Record]:
    """The images in a seeded order: any prefix of a domain and label is a fair sample of all of these."""
    return [records[i] for i in np.random.default_rng(7).permutation(len(records))]


def first_of_each(records: list[Record], cap: int) -> list[Record]:
    """The first `cap` of every domain and label."""
    seen: Counter[tuple[str, int]] = Counter()
    found: list[Record] = []
    for record in records:
        key = (record.domain, record.label)
        if seen[key] < cap:
            seen[key] += 1
            found.append(record)
    return found


def with_tiles(records: list[Record]) -> list[Record]:
    """Of the images that are large enough for tiles TILE_CAP of every domain and label: more than a fair sample has, since training is to see tiles."""
    return first_of_each([r for r in sampled(records) if select_grid(r.width, r.height).tiles], TILE_CAP)


def validated(records: list[Record]) -> list[Record]:
    """HELD_CAP images of either label, of every domain that has both."""
    found = {(r.domain, r.label) for r in records}
    return first_of_each([r for r in sampled(records) if (r.domain, 1 - r.label) in found], HELD_CAP)
