"""One domain from a repository to a folder: pictures, masks, rows, fingerprints, chosen by the seed alone."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import random
import re
import shutil
from collections import Counter, defaultdict
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from .imagery import Seen, fingerprints, prepare, shrink_mask
from .labels import Item, list_items, one_per_original
from .repository import Repository
from .spec import Source
from .trivial import trivial_auroc

COLUMNS = ("image", "mask", "category", "split", "type", "label", "width", "height", "source")
FORMAT = 1  # part of the recipe: raise it when the same options would give other files
NEAR_COPY = 4  # bits: pictures of two domains that are nearer, and look alike, count as the same
SAME_PICTURE = 1  # bits: the same picture under both labels of a domain


@dataclass(frozen=True)
class Options:
    """What an export depends on besides the domain."""

    count: int = 150  # at most so many normal and so many anomalous pictures
    max_side: int = 700  # px
    quality: int = 92  # JPEG
    seed: int = 0


def recipe(source: Source, options: Options) -> str:
    """A digest of everything that decides the files of a domain."""
    text = json.dumps([FORMAT, source.rule, asdict(options)], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def safe(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9_-]+", "_", name).strip("_")[:60] or "x"


def queue(source: Source, items: list[Item], rng: random.Random) -> tuple[list[Item], list[Item]]:
    """Normals and anomalies in the order in which they are tried: shuffled, kinds of anomaly taken in turn."""
    normal = [item for item in items if item.kind is None]
    rng.shuffle(normal)
    kinds: defaultdict[str, list[Item]] = defaultdict(list)
    for item in items:
        if item.kind is not None:
            kinds[item.kind].append(item)
    for kind in sorted(kinds):
        rng.shuffle(kinds[kind])
    anomalous, queues = [], [kinds[kind] for kind in sorted(kinds)]
    while any(queues):
        anomalous += [q.pop() for q in queues if q]
    return normal, anomalous


class DomainExport:
    """Writes one domain into `folder`, an empty staging folder."""

    def __init__(
        self, source: Source, repository: Repository, folder: Path, options: Options, everywhere: Seen
    ) -> None:
        self.source, self.repository, self.folder, self.options, self.everywhere = (
            source,
            repository,
            folder,
            options,
            everywhere,
        )
        self.seen = {0: Seen(), 1: Seen()}
        self.rows: list[dict[str, str | int]] = []
        self.stats: Counter[str] = Counter()
        self.names: set[str] = set()

    def picture(self, item: Item) -> tuple[Image.Image, np.ndarray | None, np.ndarray, np.ndarray] | str:
        """The picture, its mask, fingerprint and thumbnail, or why it is left out."""
        data = self.repository.read(item.path)
        if not data:
            return "absent"
        try:
            image, mask, stored = prepare(self.source, self.repository, item, data)
        except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
            return "unreadable"
        if max(stored) < self.source.min_side:
            return "too_small"
        if self.source.keep_size and stored not in self.source.keep_size:
            return "other_size"
        label = int(item.kind is not None)
        views, thumb = fingerprints(image)
        if self.seen[label].nearest(views)[0] <= self.source.dedup_bits:
            return "duplicate"
        apart, at = self.seen[1 - label].nearest(views[:1])
        if apart <= SAME_PICTURE and self.seen[1 - label].unlike(at, thumb) < 1.5:
            return "conflict"
        apart, at = self.everywhere.nearest(views)
        if apart <= NEAR_COPY and self.everywhere.unlike(at, thumb) < 6:
            return "other_domain"
        if mask is not None and not mask.any():
            if self.source.empty_mask == "skip":
                return "empty_mask"
            mask = None
        return image, mask, views[0], thumb

    def write(self, item: Item, image: Image.Image, mask: np.ndarray | None, split: str) -> None:
        kind = safe(item.kind or "good")
        stem = safe(Path(item.path).stem)
        name, number = stem, 1
        while f"{split}/{kind}/{name}" in self.names:
            number += 1
            name = f"{stem}_{number}"
        self.names.add(f"{split}/{kind}/{name}")
        scale = min(1.0, self.options.max_side / max(image.size))
        size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
        target = self.folder / split / kind / f"{name}.jpg"
        target.parent.mkdir(parents=True, exist_ok=True)
        (image if size == image.size else image.resize(size, Image.Resampling.LANCZOS)).save(
            target, quality=self.options.quality
        )
        drawn = ""
        if mask is not None:
            drawn = f"{self.source.name}/ground_truth/{kind}/{name}_mask.png"
            outline = self.folder / "ground_truth" / kind / f"{name}_mask.png"
            outline.parent.mkdir(parents=True, exist_ok=True)
            shrink_mask(mask, size).save(outline, optimize=True)
            self.stats["masks"] += 1
        self.rows.append(
            {
                "image": f"{self.source.name}/{split}/{kind}/{name}.jpg",
                "mask": drawn,
                "category": self.source.name,
                "split": split,
                "type": kind,
                "label": int(item.kind is not None),
                "width": size[0],
                "height": size[1],
                "source": f"{self.source.repo}@{self.source.commit[:10]}:{item.path}",
            }
        )

    def run(self) -> None:
        source, rng = self.source, random.Random(f"{self.options.seed}:{self.source.name}")
        items, self.stats["unlabelled"] = list_items(source, self.repository)
        kept = one_per_original(items, source.base_re)
        self.stats["augmented"] = len(items) - len(kept)
        self.stats["raw_normal"] = sum(item.kind is None for item in items)
        self.stats["raw_anomalous"] = len(items) - self.stats["raw_normal"]
        for label, waiting in enumerate(queue(source, kept, rng)):
            for item in waiting:
                if len(self.seen[label].bits) >= self.options.count:
                    break
                found = self.picture(item)
                if isinstance(found, str):
                    self.stats[found] += 1
                    continue
                image, mask, bits, thumb = found
                self.seen[label].add(bits[None], thumb[None])
                split = "train" if item.kind is None and rng.random() < source.train_share else "test"
                self.write(item, image, mask, split)
        self.stats["normal"], self.stats["anomalous"] = len(self.seen[0].bits), len(self.seen[1].bits)


def export_domain(
    source: Source, repository: Repository, out: Path, options: Options, everywhere: Seen
) -> dict[str, Any]:
    """Write OUT/<domain> whole or not at all, replacing what is there.

    Returns its notes (recipe, counts, trivial_auroc) and adds its fingerprints to `everywhere`.
    """
    target, staging = out / source.name, out / f".{source.name}.part"
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir(parents=True)
    export = DomainExport(source, repository, staging, options, everywhere)
    export.run()
    files = [staging / str(row["image"]).removeprefix(f"{source.name}/") for row in export.rows]
    notes: dict[str, Any] = {
        "recipe": recipe(source, options),
        "counts": dict(sorted(export.stats.items())),
        "trivial_auroc": trivial_auroc(files, [int(str(row["label"])) for row in export.rows]),
    }
    with (staging / "rows.csv").open("w", newline="", encoding="utf8") as handle:
        writer = csv.DictWriter(handle, COLUMNS)
        writer.writeheader()
        writer.writerows(export.rows)
    bits, thumbs = (
        np.concatenate([getattr(export.seen[label], name) for label in (0, 1)]) for name in ("bits", "thumbs")
    )
    np.savez_compressed(staging / "fingerprints.npz", bits=bits, thumbs=thumbs.astype(np.uint8))
    (staging / "domain.json").write_text(json.dumps(notes, indent=1), encoding="utf8")
    shutil.rmtree(target, ignore_errors=True)
    os.replace(staging, target)
    everywhere.add(bits, thumbs)
    return notes


def finished(source: Source, out: Path, options: Options, everywhere: Seen) -> dict[str, Any] | None:
    """The notes of a domain that an earlier run wrote with the same recipe, else None. Adds to `everywhere`."""
    folder = out / source.name
    try:
        notes = json.loads((folder / "domain.json").read_text(encoding="utf8"))
        with np.load(folder / "fingerprints.npz") as stored:
            bits, thumbs = stored["bits"], stored["thumbs"].astype(np.int16)
    except (OSError, ValueError, KeyError):
        return None
    if notes.get("recipe") != recipe(source, options):
        return None
    everywhere.add(bits, thumbs)
    return notes
