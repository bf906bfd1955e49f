"""The annotated images under the shared data folder, as flat records read from each set's manifest.csv."""
from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from ..paths import DATA

ANOMALY_SETS = (
    "magnetic_tile", "kolektor_sdd", "deeppcb", "dobot_cubes", "lookout_vision", "cplid_insulator",
    "neu_det", "neu_seg", "crackforest", "masonry_crack",
)
NORMAL_SETS = ("photos_imagenet_sample", "textures_plain")
# Left out by --commercial-only: their licences forbid or do not name commercial use.
NON_COMMERCIAL = ("kolektor_sdd", "crackforest", "photos_imagenet_sample", "neu_det", "neu_seg", "cplid_insulator")
# One physical domain each: never split between training and validation.
DOMAINS = {"neu_det": "neu", "neu_seg": "neu", "crackforest": "cracks", "masonry_crack": "cracks"}
BOX_MASKS = ("deeppcb", "neu_det")  # masks are filled boxes, not outlines


@dataclass(frozen=True)
class Record:
    """One image. `mask` is None for normals and for anomalies nobody outlined; `label` 1 = anomalous."""

    dataset: str
    category: str
    kind: str
    split: str
    label: int
    image: Path
    mask: Path | None
    width: int
    height: int

    @property
    def domain(self) -> str:
        return domain_of(self.dataset, self.category)


def domain_of(dataset: str, category: str = "") -> str:
    """The group that is held out together in leave-one-dataset-out validation."""
    if dataset == "lookout_vision":
        return f"lookout_{category}"
    return DOMAINS.get(dataset, dataset)


def load_records(datasets: tuple[str, ...] = ANOMALY_SETS, root: Path = DATA) -> list[Record]:
    """Read the manifests. Raises FileNotFoundError naming the set whose manifest is missing."""
    records: list[Record] = []
    for dataset in datasets:
        manifest = root / dataset / "manifest.csv"
        if not manifest.is_file():
            raise FileNotFoundError(f"{manifest} is missing: put the data set there or leave out {dataset}.")
        with manifest.open(newline="") as handle:
            for row in csv.DictReader(handle):
                records.append(
                    Record(
                        dataset=dataset,
                        category=row["category"],
                        kind=row["type"],
                        split=row["split"],
                        label=int(row["label"]),
                        image=root / dataset / row["image"],
                        mask=root / dataset / row["mask"] if row["mask"] else None,
                        width=int(row["width"]),
                        height=int(row["height"]),
                    )
                )
    return records
