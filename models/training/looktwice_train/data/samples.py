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


def with_tiles(records: list[Record]) -> list[Record]:
    """The first TILE_CAP images of every domain and label that are large enough for tiles: more of them than a fair sample has, since training is to see tiles."""
    found: list[Record] = []
    seen: Counter[tuple[str, int]] = Counter()
    for record in sampled(records):
        key = (record.domain, record.label)
        if select_grid(record.width, record.height).tiles and seen[key] < TILE_CAP:
            seen[key] += 1
            found.append(record)
    return found


def validated(records: list[Record]) -> list[Record]:
    """The first HELD_CAP images of either label, of every domain that has both."""
    labels = {domain: {r.label for r in records if r.domain == domain} for domain in {r.domain for r in records}}
    seen: Counter[tuple[str, int]] = Counter()
    found: list[Record] = []
    for record in sampled(records):
        key = (record.domain, record.label)
        if labels[record.domain] == {0, 1} and seen[key] < HELD_CAP:
            seen[key] += 1
            found.append(record)
    return found
