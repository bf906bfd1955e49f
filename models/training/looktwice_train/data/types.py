"""Which defect type an annotated or synthetic anomaly teaches; None where the annotation does not say."""
from __future__ import annotations

from ..modules.segmenter import TYPES

NAMES = {
    "blowhole": "blowhole", "break": "break", "crack": "crack", "fray": "fray", "uneven": "uneven surface", "crazing": "crazing",
    "inclusion": "inclusion", "patches": "patches", "pitted_surface": "pitting", "rolled-in_scale": "rolled-in scale", "scratches": "scratch",
    "missing_cap": "missing part", "cracked": "break",
    "synthetic_scratch": "scratch", "synthetic_crack": "crack", "synthetic_stain": "stain", "synthetic_pits": "pitting",
    "synthetic_missing": "missing part", "synthetic_cutpaste": "foreign material", "synthetic_scar": "foreign material",
    "synthetic_texture": "foreign material", "synthetic_warp": "deformation",
}


def type_index(dataset: str, kind: str) -> int:
    """Index into TYPES, or -1 (unknown: no loss)."""
    if dataset == "deeppcb":
        return TYPES.index("circuit defect")
    name = NAMES.get(kind)
    return TYPES.index(name) if name else -1
