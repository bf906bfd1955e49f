"""What `data/sources.json` says of a domain, checked when read: labels, masks, licence, and what may be trained on."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

SOURCES = Path(__file__).resolve().parents[1] / "data" / "sources.json"
GROUPS = (
    "fabric",
    "x-ray and CT",
    "medical",
    "metal surface",
    "rigid object",
    "electronics",
    "infrastructure",
    "food and plants",
    "texture",
    "glass and ceramic",
    "printed and packaging",
    "casting and machined",
    "electrical network",
)
# Measured on the final bundle only: never in the training folder, never tuned to.
EXAM = (
    "fabric_stain_moire",
    "cola_can",
    "egg_shell",
    "solder_array",
    "bsdata_ball_screw",
    "car_damage",
    "mvtec_zipper",
    "busi_breast_ultrasound",
)
# Others measure on these independently, so no picture of theirs may be fetched.
# Matched against a domain's name, repository and paths.
NEVER = {
    "solar-cell electroluminescence": r"elpv|electroluminescen|(solar|pv|photovoltaic)[-_ ]?(cell|module|panel|el\b)",
    "head CT": r"head[-_ ]?ct|(brain|cranial|intracranial|stroke)[-_ ]?ct|h(a?)emorrhage",
    "brain MRI": r"brain|br35h|\bmri\b|[-_/]mri[-_/]",
    "MPDD": r"mpdd",
    "MVTec bottle, screw, transistor, leather": (
        r"mvtec.*(bottle|screw|transistor|leather)"
        r"|/(bottle|screw|transistor|leather)/(train|test|ground_truth)/"
    ),
}
MASK_KINDS = ("outline", "box", "none")


class SpecError(ValueError):
    """`sources.json`, or the option that chooses from it, asks for something that cannot or must not be fetched."""


def forbidden(text: str) -> str | None:
    """The name of the data that may never be fetched and that the text points to, or None."""
    return next((name for name, pattern in NEVER.items() if re.search(pattern, text, re.IGNORECASE)), None)


@dataclass(frozen=True)
class Source:
    """One domain. Paths are inside the repository; globs are fnmatch patterns in which * crosses folders."""

    name: str
    group: str  # of GROUPS: left out together in validation
    repo: str  # owner/name
    commit: str  # 40 hex digits
    tier: str  # A clean, B usable with its remarks, C noisy or low resolution
    licence: str
    restricted: bool  # non-commercial, tied to a product, or pictures of unknown right
    remarks: str
    mask_kind: str  # of MASK_KINDS
    image_labels: (
        bool  # False: use the masks or the normals; the label can be guessed from brightness, border, or content
    )
    shows: str = ""
    resolution: str = ""
    data_licence: str = ""
    published: str = ""  # a published benchmark that the pictures belong to
    normal: tuple[str, ...] = ()
    anomalous: dict[str, list[str]] = field(default_factory=dict)
    images: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    labels: dict[str, Any] | None = None  # kinds: labels.py
    mask: dict[str, Any] | None = None  # kinds: masks.py
    base_re: str = ""  # the groups name the original of an augmented copy: one image of each original is kept
    keep_size: tuple[tuple[int, int], ...] = ()  # only pictures stored in these sizes
    min_side: int = 96  # px: the longer side's least length
    fold: int = 0  # a strip is cut into so many pieces, which are stacked
    crop: tuple[float, float, float, float] | None = None  # left, top, right, bottom in 0..1, cut before anything else
    dedup_bits: int = 10  # of 272: nearer pictures of one label count as the same
    train_share: float = 0.6
    empty_mask: str = ""  # "skip": an anomaly whose mask is empty is left out
    counts: dict[str, int] = field(default_factory=dict)
    trivial_auroc: dict[str, float] = field(default_factory=dict)

    @property
    def exam(self) -> bool:
        return self.name in EXAM

    @property
    def rule(self) -> dict[str, Any]:
        """What an export depends on, JSON-ready: notes and counts left out."""
        notes = {
            *("remarks", "counts", "trivial_auroc", "resolution", "shows", "tier", "group", "licence", "data_licence"),
            *("published", "restricted", "image_labels"),
        }
        return {f.name: getattr(self, f.name) for f in fields(self) if f.name not in notes}


def _tuples(value: Any) -> Any:
    return tuple(_tuples(item) for item in value) if isinstance(value, list) else value


def _source(entry: dict[str, Any], where: str) -> Source:
    known = {f.name for f in fields(Source)}
    name = entry.get("name", "?")
    unknown = sorted(set(entry) - known)
    if unknown:
        raise SpecError(
            f"{where}: domain {name} has unknown fields {', '.join(unknown)}. Known are {', '.join(sorted(known))}."
        )
    try:
        source = Source(**{name: _tuples(value) for name, value in entry.items()})
    except TypeError as error:
        raise SpecError(f"{where}: domain {name}: {error}.") from error
    wrong = [
        text
        for bad, text in (
            (not re.fullmatch(r"[a-z0-9_]+", source.name), "name must be lower-case letters, digits and _"),
            (not re.fullmatch(r"[\w.-]+/[\w.-]+", source.repo), "repo must be owner/name"),
            (not re.fullmatch(r"[0-9a-f]{40}", source.commit), "commit must be 40 hex digits"),
            (source.group not in GROUPS, f"group must be one of {', '.join(GROUPS)}"),
            (source.tier not in ("A", "B", "C"), "tier must be A, B or C"),
            (source.mask_kind not in MASK_KINDS, f"mask_kind must be one of {', '.join(MASK_KINDS)}"),
            ((source.mask is None) != (source.mask_kind == "none"), "mask and mask_kind contradict each other"),
        )
        if bad
    ]
    if wrong:
        raise SpecError(f"{where}: domain {source.name}: {'; '.join(wrong)}.")
    banned = forbidden(f"{source.name} {source.repo} {json.dumps([source.normal, source.anomalous, source.images])}")
    if banned:
        raise SpecError(f"{where}: domain {source.name} points to {banned}, which is never fetched. Remove the domain.")
    return source


def load_sources(path: Path = SOURCES) -> list[Source]:
    """Every domain, exam domains first, so that training pictures repeating theirs are dropped. Raises SpecError."""
    try:
        entries = json.loads(path.read_text(encoding="utf8"))["domains"]
    except (OSError, ValueError, KeyError) as error:
        raise SpecError(f"{path} cannot be read as a list of domains: {error}.") from error
    found = [_source(entry, path.name) for entry in entries]
    names = [source.name for source in found]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise SpecError(f"{path.name}: {', '.join(twice)} named more than once.")
    return sorted(found, key=lambda source: not source.exam)


def choose(
    sources: list[Source], only: tuple[str, ...] = (), tiers: str = "ABC", open_only: bool = False
) -> list[Source]:
    """The domains that the options ask for. Raises SpecError on a name that is not there."""
    missing = sorted(set(only) - {source.name for source in sources})
    if missing:
        raise SpecError(
            f"--only names {', '.join(missing)}, which sources.json, --tiers and --open-only leave none of."
        )
    return [s for s in sources if (not only or s.name in only) and s.tier in tiers and not (open_only and s.restricted)]
