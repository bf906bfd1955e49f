"""Readers of annotation files: each shape is a class and a polygon with x and y in 0..1 of the picture."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree
from typing import Any

Point = tuple[float, float]
Shape = tuple[str, tuple[Point, ...]]


def rectangle(x: float, y: float, w: float, h: float) -> tuple[Point, ...]:
    return ((x, y), (x + w, y), (x + w, y + h), (x, y + h))


def yolo_shapes(text: str) -> list[Shape]:
    """(class, polygon) of each line of a YOLO file; boxes become four corners, other lines are skipped."""
    shapes: list[Shape] = []
    for line in text.splitlines():
        name, *rest = line.split() or [""]
        try:
            numbers = [float(value) for value in rest]
        except ValueError:
            continue
        if len(numbers) == 4:
            x, y, w, h = numbers
            shapes.append((name, rectangle(x - w / 2, y - h / 2, w, h)))
        elif len(numbers) >= 6:
            shapes.append((name, tuple(zip(numbers[0::2], numbers[1::2], strict=False))))
    return shapes


def voc_shapes(text: str) -> list[Shape]:
    """(class, box) of a Pascal VOC file. Raises ValueError when it is not one."""
    try:
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError as error:
        raise ValueError(str(error)) from error
    width, height = (float(root.findtext(f"size/{side}") or 0) for side in ("width", "height"))
    if not width or not height:
        raise ValueError("no picture size")
    shapes: list[Shape] = []
    for item in root.iter("object"):
        x0, y0, x1, y1 = (float(item.findtext(f"bndbox/{edge}") or 0) for edge in ("xmin", "ymin", "xmax", "ymax"))
        shapes.append(
            (item.findtext("name") or "", rectangle(x0 / width, y0 / height, (x1 - x0) / width, (y1 - y0) / height))
        )
    return shapes


def coco_shapes(document: dict[str, Any], outlines: bool) -> dict[str, list[Shape]]:
    """file name -> (category name, polygon) from a COCO file; a picture without annotations has an empty list."""
    names = {c["id"]: str(c["name"]) for c in document["categories"]}
    sizes = {i["id"]: (i["file_name"], float(i["width"]), float(i["height"])) for i in document["images"]}
    found: dict[str, list[Shape]] = {name: [] for name, _, _ in sizes.values()}
    for note in document["annotations"]:
        name, width, height = sizes[note["image_id"]]
        polygons = note.get("segmentation") if outlines else None
        if isinstance(polygons, list) and polygons:
            flat = [tuple((x / width, y / height) for x, y in zip(p[0::2], p[1::2], strict=False)) for p in polygons]
        else:
            x, y, w, h = note["bbox"]
            flat = [rectangle(x / width, y / height, w / width, h / height)]
        found[name] += [(names[note["category_id"]], polygon) for polygon in flat]
    return found


def labelme_shapes(text: str) -> list[Shape]:
    """(label, polygon) of a labelme file."""
    document = json.loads(text)
    width, height = float(document["imageWidth"]), float(document["imageHeight"])
    shapes: list[Shape] = []
    for shape in document["shapes"]:
        points = [(x / width, y / height) for x, y in shape["points"]]
        if shape.get("shape_type") == "rectangle" and len(points) == 2:
            (x0, y0), (x1, y1) = points
            points = list(rectangle(min(x0, x1), min(y0, y1), abs(x1 - x0), abs(y1 - y0)))
        if len(points) >= 3:
            shapes.append((str(shape.get("label", "")), tuple(points)))
    return shapes
