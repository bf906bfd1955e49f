"""The wide data: which domains there are, what their labels are good for, and which are held out together.

Sources of images, each with a manifest.csv (image, mask, category, split, type, label, width, height): the project's own sets, the abridged export of
`breadth`, and whatever `fetch-data` has put into the cache. Exam domains are read by `exam_records` alone and never by training.
"""
from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from pathlib import Path

from ..data.records import ANOMALY_SETS, load_records
from ..paths import CACHE, DATA

EXAM = (
    "fabric_stain_moire", "cola_can", "egg_shell", "solder_array", "bsdata_ball_screw", "car_damage", "mvtec_zipper", "busi_breast_ultrasound",
)
"""Measured on the final bundle alone: out of all training, tuning and folds."""
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
    fold: str
    label: int
    kind: str
    image: Path
    mask: Path | None
    trusted: bool
    """Whether the image label may be learnt from (no shortcut tells it)."""
    medical: bool


def fold_of(group: str) -> str:
    """The fold of a group as sources.json words it: fabrics and other woven or grown textures, medicine, metal, built and natural surroundings, objects."""
    text = group.lower()
    for words, fold in (
        (("medical", "x-ray", "ct", "microscopy"), "medical"),
        (("fabric", "texture", "wood", "stone", "textile", "leather"), "fabric"),
        (("metal", "weld", "casting", "machined", "steel"), "metal"),
        (("infrastructure", "electrical", "scene", "plant", "agri", "food", "concrete", "road", "rail", "pipe"), "built"),
    ):
        if any(word in text.replace("(", " ").replace(")", " ").replace("/", " ").split() for word in words):
            return fold
    return "object"


def described() -> dict[str, dict]:
    """Name -> entry of every domain that sources.json files describe; the exporter's own file goes before the shared one."""
    found: dict[str, dict] = {}
    own = Path(__file__).resolve().parents[1] / "data" / "sources.json"
    for path in (DATA / "sources.json", own, EXPORT / "sources.json"):
        if path.is_file():
            found |= {entry["name"]: entry for entry in json.loads(path.read_text())["domains"]}
    return found


def _rows(root: Path) -> list[dict[str, str]]:
    path = root / "manifest.csv"
    if not path.is_file():
        return []
    with path.open(newline="") as handle:
        return list(csv.DictReader(handle))


def _trusted(entry: dict) -> bool:
    if entry.get("image_labels") is False:
        return False
    trivial = entry.get("trivial_auroc") or {}
    return all(value < SHORTCUT_LIMIT for name, value in trivial.items() if name in SHORTCUTS)


def _exported(root: Path, wanted) -> list[Sample]:
    entries = described()
    samples = []
    for row in _rows(root):
        name = row["image"].split("/")[0]
        if not wanted(name):
            continue
        entry = entries.get(name, {"group": row.get("category", "")})
        fold = fold_of(entry["group"])
        samples.append(Sample(
            name, fold, int(row["label"]), row["type"], root / row["image"], root / row["mask"] if row["mask"] else None, _trusted(entry), fold == "medical",
        ))
    return samples


def training_samples() -> list[Sample]:
    """Every image that training and folds may see."""
    full = {row["image"].split("/")[0] for row in _rows(EXPORT)} - set(EXAM)
    samples = _exported(EXPORT, lambda name: name not in EXAM)
    samples += _exported(DATA / "breadth", lambda name: name not in EXAM and name not in full)
    for record in load_records(ANOMALY_SETS):
        samples.append(Sample(record.domain, OWN_FOLDS[record.domain], record.label, record.kind, record.image, record.mask, True, False))
    return samples


def exam_samples() -> list[Sample]:
    """The exam domains: the full export where it is there, else the abridged one."""
    full = {row["image"].split("/")[0] for row in _rows(EXAM_EXPORT)}
    return _exported(EXAM_EXPORT, lambda name: name in EXAM) + _exported(DATA / "breadth", lambda name: name in EXAM and name not in full)


def background_samples() -> list[Sample]:
    """Photos and plain textures, all normal."""
    return [Sample(OTHER_NAMES[r.dataset], "any", 0, "good", r.image, None, False, False) for r in load_records(BACKGROUNDS)]
