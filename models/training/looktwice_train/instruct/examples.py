"""What the generator is fed: one `Example` per image, from the manifests or invented (virtual)."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np

from ..data.records import Record
from .measure import MAX_REGIONS, PLACES, Measure, RegionMeasure, format_percent, measure_mask
from .playbook import canonical_type, material_of

OBJECTS = {
    "magnetic_tile": ("magnetic tile", "ceramic"),
    "commutator": ("commutator", "plastic"),
    "pcb": ("PCB", "electronics"),
    "steel": ("steel strip", "steel"),
    "road": ("road surface", "asphalt"),
    "masonry": ("masonry wall", "masonry"),
    "cubes": ("cube", "plastic"),
    "cookie": ("cookie", "food"),
    "aliens": ("toy alien", "plastic"),
    "insulator": ("insulator", "insulator"),
    "photo": ("everyday photo", "unknown"),
}
SYNTHETIC_TYPES = {"scratch": "scratch", "crack": "crack", "stain": "stain", "pits": "pitting", "missing": "missing part", "warp": "deformation"}
_TYPE_OVERRIDES = {("pcb", "mixed"): "circuit defect", ("steel", "mixed"): "unknown", ("magnetic_tile", "break"): "break"}


@dataclass
class Example:
    """One image for the generator.

    `label` 1 = anomalous. `defect` is a vocabulary type. `measure` describes the mask handed in (true or predicted);
    it may be loaded lazily by `load`. `bucket` overrides the drawn suspicion bucket with the runtime's. `virtual` examples
    have no image: the trainer gives them the tokens of any image with the same label.
    """

    label: int
    object: str | None
    material: str
    defect: str = "unknown"
    image: str | None = None
    dataset: str = "virtual"
    width: int = 0
    height: int = 0
    measure: Measure | None = None
    mask_path: Path | None = None
    bucket: str | None = None
    virtual: bool = False
    meta: dict = field(default_factory=dict)

    def load(self) -> Measure | None:
        """The measure, read from the mask and image files on first use; None when there is no mask."""
        if self.measure is None and self.mask_path is not None and self.image is not None:
            self.measure = _measure_files(self.mask_path, Path(self.image))
        return self.measure


@lru_cache(maxsize=8192)
def _measure_files(mask_path: Path, image_path: Path) -> Measure:
    mask = cv2.imread(str(mask_path), cv2.IMREAD_GRAYSCALE)
    image = cv2.imread(str(image_path), cv2.IMREAD_COLOR)
    if mask is None or image is None:
        raise ValueError(f"cannot read {mask_path if mask is None else image_path}")
    image = cv2.cvtColor(image, cv2.COLOR_BGR2RGB)
    if image.shape[:2] != mask.shape:
        mask = cv2.resize(mask, (image.shape[1], image.shape[0]), interpolation=cv2.INTER_NEAREST)
    return measure_mask(mask > 127, image)


def object_of(record: Record) -> tuple[str | None, str]:
    """(object name or None, material family) of a manifest record."""
    if record.category in OBJECTS:
        return OBJECTS[record.category]
    if record.dataset == "textures_plain":
        word = "".join(f" {c.lower()}" if c.isupper() else c for c in record.image.stem.split("_")[0]).strip()
        return None, material_of(word)
    return None, "unknown"


def example_from_record(record: Record, mask: np.ndarray | None = None, image: np.ndarray | None = None, synthetic: str | None = None) -> Example:
    """An Example of a manifest record.

    With `mask` ([h, w], a true, predicted or synthetic one) it is measured now, with tone if `image` (RGB, same size) is
    given; otherwise the record's mask file is measured on first use. `synthetic` names a synthesis kind and makes the
    image anomalous.
    """
    name, material = object_of(record)
    label = 1 if synthetic else record.label
    kind = _TYPE_OVERRIDES.get((record.category, record.kind)) or canonical_type(record.kind)
    if synthetic:
        kind = SYNTHETIC_TYPES.get(synthetic, "unknown")
    return Example(
        label=label,
        object=name,
        material=material,
        defect=kind if label else "unknown",
        image=str(record.image),
        dataset=record.dataset,
        width=record.width,
        height=record.height,
        measure=measure_mask(mask, image) if mask is not None else None,
        mask_path=record.mask,
    )


_VIRTUAL = """
metal: screw, bolt, nut, metal nut, gear, bearing ring, shaft, bracket, flange, aluminium housing, brass fitting, metal plate, metal grid, zipper, spring, valve body, copper pipe, cutting insert
steel: steel strip, steel sheet, cold-rolled coil, steel plate
ceramic: floor tile, ceramic plate, porcelain cup, ferrite core, roof tile, magnetic tile
glass: bottle, glass bottle, lens, phone screen, glass pane, vial, drinking glass, windscreen
plastic: bottle cap, housing, toothbrush, plastic lid, connector, container, tube, button, plastic bracket, fan blade, toy car
rubber: o-ring, rubber seal, tyre, hose, gasket, conveyor belt
wood: wooden board, plank, parquet floor, chair leg, veneer sheet, pencil
textile: fabric, carpet, woven cloth, shirt, air filter, bandage, conveyor fabric
leather: leather, leather seat, handbag, shoe upper
paper: carton, cardboard box, label, book cover, paper web, egg carton
masonry: concrete wall, brick wall, bridge pier, tunnel lining, plaster facade, kerb stone, marble slab
asphalt: road surface, asphalt lane, airport runway, cycle path
electronics: PCB, circuit board, solder joint, transistor, microchip, ribbon connector, battery module, relay
semiconductor: wafer, silicon die
solar cell: solar cell, solar module
food: cookie, bread loaf, cashew, chewing gum, candle-shaped chocolate, macaroni, hazelnut, pizza, apple
pharmaceutical: pill, tablet, capsule, blister pack, ampoule
cable: cable, wire harness, power cord, ribbon cable
insulator: insulator, insulator string, bushing
coating: car door, painted panel, lacquered table, enamel pot, powder-coated frame
casting: pump impeller, engine block, cast wheel, die-cast housing
weld: weld seam, welded joint, pipe weld
additive: 3D-printed part, printed bracket, sintered part
composite: carbon fibre panel, rotor blade, laminate, helmet shell
medical scan: brain scan, head CT scan, brain MRI, chest X-ray
unknown: candle, workpiece, sample, product, component, toy, brush, grid
"""
_MATERIAL_TYPES = {
    "metal": "scratch dent crack corrosion burr deformation missing|part stain discolouration hole contamination wear",
    "steel": "scratch inclusion rolled-in|scale pitting crazing patch stain corrosion crack",
    "ceramic": "crack blowhole break fray uneven|surface chip stain contamination scratch",
    "glass": "chip crack bubble scratch contamination break",
    "plastic": "scratch crack sink|mark flash incomplete|fill contamination deformation missing|part discolouration print|fault stain",
    "rubber": "cut bubble tear crack contamination",
    "wood": "knot crack stain hole scratch discolouration",
    "textile": "weave|fault hole stain tear cut contamination fray",
    "leather": "cut wrinkle hole stain fold scratch discolouration",
    "paper": "tear print|fault wrinkle stain cut",
    "masonry": "crack spalling stain hole",
    "asphalt": "crack hole",
    "electronics": "circuit|defect short|circuit open|circuit misalignment missing|part contamination burn|mark scratch",
    "semiconductor": "scratch contamination crack",
    "solar cell": "crack burn|mark discolouration",
    "food": "crack break burn|mark contamination hole",
    "pharmaceutical": "chip crack print|fault contamination discolouration",
    "cable": "cut misalignment missing|part deformation",
    "insulator": "missing|part crack contamination break",
    "coating": "bubble delamination scratch contamination discolouration corrosion",
    "casting": "porosity crack incomplete|fill contamination hole",
    "weld": "porosity crack undercut",
    "additive": "delamination porosity deformation",
    "composite": "delamination wrinkle crack hole",
    "medical scan": "unknown",
    "unknown": "crack scratch dent stain contamination missing|part hole deformation misalignment break discolouration",
}


@lru_cache(maxsize=1)
def virtual_objects() -> list[tuple[str, str]]:
    """(object, material) pairs that invented cases draw from."""
    pairs = []
    for line in _VIRTUAL.strip().splitlines():
        material, names = line.split(": ", 1)
        pairs += [(name.strip(), material) for name in names.split(",")]
    return pairs


def random_type(rng: random.Random, material: str) -> str:
    """A defect type that makes sense for the material; `unknown` one time in eight."""
    if rng.random() < 0.125:
        return "unknown"
    return canonical_type(rng.choice(_MATERIAL_TYPES[material].split()).replace("|", " "))


def random_measure(rng: random.Random) -> Measure:
    """A measure as a mask could give it: 1 to 16 regions, extents log-uniform, bounding boxes that fit."""
    width, height = rng.choice([(640, 480), (1024, 1024), (900, 900), (1600, 1200), (512, 512), (800, 600), (300, 700), (2048, 1536)])
    count = rng.choices([1, 2, 3, rng.randint(4, 7), rng.randint(8, MAX_REGIONS)], weights=[50, 18, 12, 13, 7])[0]
    total = width * height
    percents = sorted((10 ** rng.uniform(-1.6, 1.45 if i == 0 else 0.3) for i in range(count)), reverse=True)
    regions = []
    for percent in percents:
        area = max(1, int(total * percent / 100))
        shape = rng.choices(["elongated", "compact", "irregular"], weights=[40, 42, 18])[0]
        fill = {"elongated": rng.uniform(0.3, 0.95), "compact": rng.uniform(0.62, 0.98), "irregular": rng.uniform(0.2, 0.55)}[shape]
        ratio = rng.uniform(3, 9) if shape == "elongated" else rng.uniform(0.6, 1.7)
        ratio = 1 / ratio if rng.random() < 0.5 else ratio
        w = min(width, max(2, round((area / fill * ratio) ** 0.5)))
        h = min(height, max(2, round(area / fill / w)))
        place = rng.choice(rng.choice(PLACES))
        regions.append(RegionMeasure(place, area, format_percent(area, total), (0, 0, w, h), shape))
    marked = sum(r.area_px for r in regions)
    tone = rng.choices(["darker", "brighter", "similar"], weights=[50, 28, 22])[0]
    return Measure(width, height, tuple(regions), format_percent(marked, total), marked * 100 / total, tone)


def virtual_example(rng: random.Random, label: int) -> Example:
    """An invented case: object, material, type and measure drawn at random."""
    name, material = rng.choice(virtual_objects())
    measure = random_measure(rng) if label else None
    return Example(label=label, object=name, material=material, defect=random_type(rng, material), measure=measure, virtual=True)
