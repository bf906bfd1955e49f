"""Which pictures of a repository are normal and which anomalous, by folder names or by annotation files."""

from __future__ import annotations

import fnmatch
import json
import posixpath
import re
from dataclasses import dataclass

from .annotations import Point, Shape, coco_shapes, labelme_shapes, voc_shapes, yolo_shapes
from .repository import Repository
from .spec import Source, SpecError, forbidden

IMAGE_SUFFIXES = (".jpg", ".jpeg", ".png", ".bmp", ".tif", ".tiff", ".webp")


@dataclass(frozen=True)
class Item:
    """One picture. `kind` is None for a normal; shapes are polygons of the anomaly in 0..1 of the stored one."""

    path: str
    kind: str | None
    shapes: tuple[tuple[Point, ...], ...] = ()


def matches(path: str, globs: tuple[str, ...] | list[str]) -> bool:
    return any(fnmatch.fnmatchcase(path, glob) for glob in globs)


def pictures(source: Source, repository: Repository) -> list[str]:
    """Paths of the pictures of a rule, sorted. Raises SpecError when one belongs to data that is never fetched."""
    wanted = (*source.images, *source.normal, *(g for globs in source.anomalous.values() for g in globs))
    found = [
        path
        for path in sorted(repository.files)
        if path.lower().endswith(IMAGE_SUFFIXES)
        and not posixpath.basename(path).startswith("._")
        and matches(path, wanted)
        and not matches(path, source.exclude)
    ]
    for path in found:
        banned = forbidden(f"{source.repo}/{path}")
        if banned:
            raise SpecError(f"Domain {source.name}: {path} belongs to {banned}, which is never fetched. Exclude it.")
    return found


def _by_folder(source: Source, paths: list[str]) -> list[Item]:
    items = []
    for path in paths:
        if matches(path, source.normal):
            items.append(Item(path, None))
            continue
        kind = next((kind for kind, globs in source.anomalous.items() if matches(path, globs)), None)
        if kind is not None:
            items.append(Item(path, kind))
    return items


def _annotated(source: Source, paths: list[str], repository: Repository) -> dict[str, list[Shape] | None]:
    """path -> shapes; None where there is no label file or it cannot be read."""
    labels = source.labels or {}
    kind, sub = labels["kind"], labels.get("sub")
    if kind == "coco":
        found: dict[str, list[Shape] | None] = {}
        for file in labels["files"]:
            text = repository.text(file)
            if text is None:
                continue
            folder = labels.get("folder", posixpath.dirname(file))
            for name, shapes in coco_shapes(json.loads(text), source.mask_kind == "outline").items():
                found[posixpath.normpath(posixpath.join(folder.replace("{folder}", posixpath.dirname(file)), name))] = (
                    shapes
                )
        return {path: found.get(path) for path in paths}
    readers = {"yolo": yolo_shapes, "voc": voc_shapes, "labelme": labelme_shapes}
    if kind not in readers or not isinstance(sub, list):
        raise SpecError(f"Domain {source.name}: labels of kind {kind} are not known, or their sub is missing.")
    annotated: dict[str, list[Shape] | None] = {}
    for path in paths:
        text = repository.text(re.sub(sub[0], sub[1], path))
        try:
            annotated[path] = None if text is None else readers[kind](text)
        except (ValueError, KeyError, TypeError):
            annotated[path] = None
    return annotated


def list_items(source: Source, repository: Repository) -> tuple[list[Item], int]:
    """The labelled pictures in path order, and how many have no usable label.

    `labels`: kind `yolo`, `voc` or `labelme` with `sub` (regular expression and replacement from a picture's to its
    label's path), or `coco` with `files` and, if pictures lie elsewhere, `folder` ("{folder}" is the file's own);
    `types` (class -> kind of anomaly, in order of precedence; "*" any other class), `normal_classes`,
    `empty_is_normal` (annotated as empty), `missing_is_normal` (no annotation file).
    """
    paths = pictures(source, repository)
    if source.labels is None:
        items = _by_folder(source, paths)
        return items, len(paths) - len(items)
    labels = source.labels
    types: dict[str, str] = labels["types"]
    normals: set[str] = set(labels.get("normal_classes", []))
    items, unlabelled = [], 0
    for path, shapes in _annotated(source, paths, repository).items():
        bad = [(c, s) for c, s in shapes or [] if c in types or ("*" in types and c not in normals)]
        classes = {c for c, _ in shapes or []}
        if bad:
            hit = next((c for c in types if c in classes), "*")
            items.append(Item(path, str(types[hit]), tuple(s for _, s in bad)))
        elif (shapes is None and labels.get("missing_is_normal")) or (shapes == [] and labels.get("empty_is_normal")):
            items.append(Item(path, None))
        elif classes and classes <= normals:
            items.append(Item(path, None))
        else:
            unlabelled += 1
    return items, unlabelled


def one_per_original(items: list[Item], base_re: str) -> list[Item]:
    """Of every group of augmented copies the one with the shortest, then the first path."""
    if not base_re:
        return items
    best: dict[tuple[str, bool], Item] = {}
    for item in items:
        found = re.search(base_re, item.path)
        key = ("".join(g or "" for g in found.groups()) if found else item.path, item.kind is None)
        old = best.get(key)
        if old is None or (len(item.path), item.path) < (len(old.path), old.path):
            best[key] = item
    return sorted(best.values(), key=lambda item: item.path)
