"""Shared test vectors: `python -m looktwice_train.instruct.fixture --out tests/fixtures` writes measure.json and retrieval.json.

The TypeScript twins (lib/segmentation, lib/knowledge) are tested against them, so both sides must give the same text.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import cv2
import numpy as np

from . import playbook as P
from .measure import evidence_text, format_percent, measure_mask, severity_of
from .statements import check_statements

TEXTS = (
    "It lies in the upper left and covers 3.2 % of the image.",
    "Yes, the largest of 3 regions is at the top centre; the others are in the centre and in the lower right.",
    "One region at the bottom centre measures 20 x 10 px.",
    "It is not in the upper right, but in the lower left.",
    "Nothing stands out on the right side. Two further regions are in the centre right.",
    "There are several regions, the biggest one near the middle, over 12 percent of the image.",
    "No other region is marked. The left half looks normal.",
    "A single spot in the top left, 40 by 40 pixels (0.5 %).",
    "I see no anomaly in the bottom right and no defects elsewhere.",
    "The other region is at the left centre.",
)


def synthetic_masks() -> list[np.ndarray]:
    """About forty masks [h, w] uint8 0/1: empty, full, specks, lines at many angles, rings, grids, random blobs."""
    masks = [np.zeros((40, 60), np.uint8), np.ones((30, 50), np.uint8)]
    for x, y, w, h in ((0, 0, 1, 1), (59, 39, 1, 1), (20, 13, 20, 13), (0, 0, 30, 10), (5, 30, 3, 1), (10, 4, 9, 3), (40, 0, 20, 40), (29, 19, 2, 2)):
        mask = np.zeros((40, 60), np.uint8)
        mask[y : y + h, x : x + w] = 1
        masks.append(mask)
    for angle in range(0, 180, 20):
        mask = np.zeros((120, 160), np.uint8)
        dx, dy = 55 * np.cos(np.radians(angle)), 55 * np.sin(np.radians(angle))
        cv2.line(mask, (int(80 - dx), int(60 - dy)), (int(80 + dx), int(60 + dy)), 1, 1 + angle % 4)
        masks.append(mask)
    ring = np.zeros((100, 100), np.uint8)
    cv2.circle(ring, (30, 70), 22, 1, 3)
    corner = np.zeros((90, 90), np.uint8)
    corner[60:85, 60:64] = 1
    corner[81:85, 60:85] = 1
    grid = np.zeros((150, 200), np.uint8)
    grid[10::20, 10::20] = 1
    grid[10:14, 10:16] = 1
    masks += [ring, corner, grid]
    rng = np.random.default_rng(5)
    for _ in range(20):
        h, w = int(rng.integers(40, 140)), int(rng.integers(40, 180))
        noise = cv2.GaussianBlur(rng.random((h, w)).astype(np.float32), (0, 0), float(rng.uniform(1.5, 7)))
        masks.append((noise > np.quantile(noise, 1 - rng.uniform(0.002, 0.25))).astype(np.uint8))
    return masks


def test_pixels(mask: np.ndarray, inside: list[int], outside: list[int]) -> np.ndarray:
    """uint8 [h, w, 3]: two colours plus a small deterministic pattern; the tests rebuild it from the two colours."""
    h, w = mask.shape
    y, x = np.mgrid[:h, :w]
    pattern = ((x * 3 + y * 5) % 7)[..., None]
    return (np.where(mask[..., None] > 0, inside, outside) + pattern).astype(np.uint8)


def runs(mask: np.ndarray) -> list[int]:
    """Row-major run lengths, zeros first."""
    flat = mask.ravel()
    edges = np.flatnonzero(np.diff(flat)) + 1
    bounds = [0, *edges.tolist(), flat.size]
    lengths = [b - a for a, b in zip(bounds, bounds[1:])]
    return lengths if flat[0] == 0 else [0, *lengths]


def measure_cases() -> list[dict]:
    kinds = [t["name"] for t in P.playbook()["types"]]
    families = [m["name"] for m in P.playbook()["materials"]]
    cases = []
    for i, mask in enumerate(synthetic_masks()):
        outside = [80 + i, 100, 90]
        step = (-40, -8, -7, 0, 7, 8, 30)[i % 7]
        inside = [c + step for c in outside]
        measure = measure_mask(mask, test_pixels(mask, inside, outside))
        kind, family = kinds[i % len(kinds)], families[i % len(families)]
        cases.append({
            "width": mask.shape[1], "height": mask.shape[0], "runs": runs(mask), "inside": inside, "outside": outside,
            "type": kind, "material": family, "measure": measure.to_json(),
            "evidence": evidence_text(measure, kind, family) if measure.regions else None,
            "severity": severity_of(measure.extent_percent, measure.count, kind),
            "statements": [{"text": t, "found": [[s.kind, s.text, s.agrees] for s in check_statements(t, measure)]} for t in TEXTS[i % 2 :: 2]],
        })
    return cases


def retrieval_cases() -> dict:
    pb = P.playbook()
    queries = [(t["name"], m["name"], "") for t in pb["types"] for m in pb["materials"]]
    queries += [("unknown", "unknown", e["aliases"][0]) for e in pb["entries"]]
    words = ["scratches", "rolled-in_scale", "missing_cap", "Mouse bite", "pitted_surface", "good", "hairline on a tile", "faulty imprint", "bent"]
    objects = ["magnetic tile", "PCB", "road surface", "Is there a defect on this glass bottle?", "toy alien", "the seams", "x", "brain MRI"]
    questions = [
        "Are there any defects?", "Suggest corrective actions.", "Why did this happen?", "How serious is it?", "What is a blowhole?",
        "If so, output the mask and recommend what to do.", "Where is the scratch?", "Can we ship it?", "How do I inspect it further?", "",
        "How do we deal with it?", "Is it urgent, or only dust?", "What led to it, and what prevents it?",
        "What caused it, and what should we do?", "How bad is it; why did it happen? Can we ship it?", "Recommend and suggest actions.", "Rock and roll", "Safe or not?",
        "Why is it a defect and not normal variation?", "Why do you think so?", "Why did you mark it?", "Why isn't that normal, and why did it happen?", "Why is the surface so bad?",
        "Draft a short 8D report for this.", "Which 8D actions fit?",
    ]
    asked = [
        "Suggest corrective actions.", "How do we fix it?", "How can we prevent this?", "What should we do first?", "Containment and corrective actions, please.",
        "What should I do with the rest of the lot?", "Only the corrective actions.", "Will it come back next time? Correct it.", "",
    ]
    return {
        "find": [[*q, [e["id"] for e in P.find_entries(*q)]] for q in queries[::7]],
        "prompts": [[e["id"], t, s, P.entry_for_prompt(e, t, s)] for e in pb["entries"] for t in P.TOPICS for s in P.SEVERITIES][::7],
        "types": [[w, P.canonical_type(w)] for w in words],
        "materials": [[o, P.material_of(o)] for o in objects],
        "topics": [[q, P.topics_of(q)] for q in questions],
        "kinds": [[q, P.kinds_of(q)] for q in asked],
        "some": [[e["id"], k, P.entry_for_prompt(e, "actions", "minor", k)] for e in pb["entries"][::5] for k in (["preventive"], ["containment", "corrective"])],
    }


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="looktwice_train.instruct.fixture", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder of the two files")
    args = parser.parse_args(argv)
    percents = [[a, t, format_percent(a, t)] for t in (1000, 153664, 9999) for a in (0, 1, 2, 25, 99, 100, 994, 995, 996, 999)]
    measures = {"percents": percents, "cases": measure_cases()}
    for name, data in (("measure.json", measures), ("retrieval.json", retrieval_cases())):
        (args.out / name).write_text(json.dumps(data, separators=(",", ":")) + "\n", encoding="utf-8")
        print(f"{args.out / name}: {(args.out / name).stat().st_size} bytes")


if __name__ == "__main__":
    main()
