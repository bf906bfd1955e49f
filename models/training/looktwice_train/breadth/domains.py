"""The wide data: which domains there are, what their labels are good for, and which are held out together.

Sources of images, each with a manifest.csv (image, mask, category, split, type, label, width, height): the project's own sets, the abridged export of
`breadth`, and whatever `fetch-data` has put into the cache. Exam domains are read by `exam_samples` alone and never by training.
"""
from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ..data.records import ANOMALY_SETS, load_records
from ..paths import CACHE, DATA
from .spec import EXAM

EXPORT = CACHE / "domains"
"""Where `fetch-data` exports to; domains there replace the abridged ones of the same name."""
EXAM_EXPORT = CACHE / "exam"
BACKGROUNDS = ("photos_imagenet_sample", "textures_plain")
"""Normal pictures of everything and nothing: donors and grounds of painted anomalies, no domain of their own."""
SHORTCUTS = ("area", "aspect", "colour", "bytes/px", "border")
"""Trivial features that say nothing about a defect; where one of them tells the labels apart, image labels teach a shortcut."""
SHORTCUT_LIMIT = 0.88
FOLDS = ("fabric", "medical", "metal", "object", "built")
OWN_FOLDS = {
    "magnetic_tile": "metal", "kolektor_sdd": "metal", "deeppcb": "object", "dobot_cubes": "object", "lookout_cookie": "object", "lookout_aliens": "object",
    "cplid_insulator": "built", "neu": "metal", "cracks": "built",
}
OTHER_NAMES = {"photos_imagenet_sample": "photos", "textures_plain": "textures"}


@dataclass(frozen=True)
class Sample:
    """One image of a domain; `label` 1 is anomalous; `mask` None on an anomaly means unmasked, not clean."""

    domain: str
    label: int
    kind: str
    image: Path
    mask: Path | None


GROUPS = {
    "fabric": "fabric", "texture": "fabric", "medical": "medical", "x-ray and CT": "medical", "metal surface": "metal", "casting and machined": "metal",
    "infrastructure": "built", "electrical network": "built", "food and plants": "built",
}
"""Groups of sources.json -> folds; what is not named is an object."""


def fold_of(group: str) -> str:
    """The fold that a group of sources.json is held out with."""
    return GROUPS.get(group, "object")


@lru_cache(maxsize=1)
def described() -> dict[str, dict]:
    """Name -> entry of every domain that sources.json describes, with the trivial features that were measured on the export."""
    found = {entry["name"]: entry for entry in json.loads((Path(__file__).resolve().parents[1] / "data" / "sources.json").read_text())["domains"]}
    for root in (EXPORT, EXAM_EXPORT):
        path = root / "domains.json"
        if path.is_file():
            for name, entry in json.loads(path.read_text()).items():
                found[name] = {**found.get(name, {}), **entry}
    return found


def fold_of_domain(name: str) -> str:
    if name in OWN_FOLDS:
        return OWN_FOLDS[name]
    if name in OTHER_NAMES.values():
        return "any"
    return fold_of(described().get(name, {}).get("group", ""))


def _rows(root: Path) -> list[dict[str, str]]:
    path = root / "manifest.csv"
    if not path.is_file():
        return []
    with path.open(newline="") as handle:
        return list(csv.DictReader(handle))


def without_shortcut(name: str) -> bool:
    """Whether no trivial feature tells the labels of a domain apart, so that its image labels may be learnt."""
    trivial = described().get(name, {}).get("trivial_auroc") or {}
    return all(value < SHORTCUT_LIMIT for feature, value in trivial.items() if feature in SHORTCUTS)


def _exported(root: Path, wanted) -> list[Sample]:
    return [
        Sample(name, int(row["label"]), row["type"], root / row["image"], root / row["mask"] if row["mask"] else None)
        for row in _rows(root) if wanted(name := row["image"].split("/")[0])
    ]


def training_samples() -> list[Sample]:
    """Every image that training and folds may see."""
    full = {row["image"].split("/")[0] for row in _rows(EXPORT)}
    samples = _exported(EXPORT, lambda name: name not in EXAM)
    samples += _exported(DATA / "breadth", lambda name: name not in EXAM and name not in full)
    for record in load_records(ANOMALY_SETS):
        samples.append(Sample(record.domain, record.label, record.kind, record.image, record.mask))
    return samples


def exam_samples() -> list[Sample]:
    """The exam domains: the full export where it is there, else the abridged one."""
    full = {row["image"].split("/")[0] for row in _rows(EXAM_EXPORT)}
    return _exported(EXAM_EXPORT, lambda name: name in EXAM) + _exported(DATA / "breadth", lambda name: name in EXAM and name not in full)


def background_samples() -> list[Sample]:
    """Photos and plain textures, all normal."""
    return [Sample(OTHER_NAMES[r.dataset], 0, "good", r.image, None) for r in load_records(BACKGROUNDS)]
