"""`breadth-features`: base views of the wide data through the encoder once, reduced to principal components, kept on disk domain by domain.

Shards: `real` (images as they are), `synth` (normal images with painted anomalies), `tiles` (large images with their any-resolution tiles, base view first), `exam` and
`exam-tiles` (exam domains, to be measured alone). A domain is written when it is
complete, so that a run that stopped goes on with the next one. Per shard and domain, below CACHE/breadth:
  levels int8 [n,4,784,K]  the layer-normalised levels, K principal components each, over `scale` of basis.npz
  near float16 [n,4,784]   distance to the nearest other patch of the view outside the neighbourhood, per level
  cls float16 [n,384], mask uint8 [n,112,112] (share of the pixels), valid uint8 [n,784], meta.jsonl (a line a view; `group` counts images, `view` 0 is the base view)
"""
from __future__ import annotations

import argparse
import json
import os
import shutil
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
import numpy as np
import torch
from PIL import Image
from torch import nn
from tqdm import tqdm

from ..data.synthesis import photometric
from ..data.views import load_rgb, make_views, normalise, select_grid
from ..modules.dssl import neighbourhood_mask
from ..paths import CACHE
from .domains import Sample, background_samples, exam_samples, training_samples
from .encoder import OnnxEncoder, TorchEncoder
from .paint import paint

FOLDER = CACHE / "breadth"
COMPONENTS, MASK, BATCH = 192, 112, 8
BASIS_VIEWS = 240
EXAM_CAP = 150
NEAR = neighbourhood_mask(28)


def seeded(name: str) -> np.random.Generator:
    return np.random.default_rng(zlib.crc32(name.encode()))


def chosen(samples: list[Sample], cap: int) -> dict[str, list[Sample]]:
    """Domain -> at most `cap` images of either label, seeded by domain; masked anomalies first, since they teach twice."""
    by_domain: dict[str, list[Sample]] = {}
    for sample in samples:
        by_domain.setdefault(sample.domain, []).append(sample)
    found = {}
    for domain, all_of in sorted(by_domain.items()):
        order = [all_of[i] for i in seeded(domain).permutation(len(all_of))]
        order.sort(key=lambda s: s.label == 1 and s.mask is None)
        found[domain] = [s for label in (0, 1) for s in [o for o in order if o.label == label][:cap]]
    return found


def view_of(sample: Sample) -> tuple[np.ndarray, np.ndarray]:
    """-> base view uint8 [S,S,3], mask uint8 [S,S] (zeros without one)."""
    mask = None
    if sample.mask is not None:
        mask = cv2.imread(str(sample.mask), cv2.IMREAD_GRAYSCALE)
        if mask is None:
            raise ValueError(f"{sample.mask}: the mask cannot be read.")
        mask = (mask > 127).astype(np.uint8) * 255
    pixels, masks, _ = make_views(load_rgb(sample.image), mask, tiles=False)
    return pixels[0], masks[0]


def painted_view(sample: Sample, donors: list[Sample], variant: int):
    """-> view, mask, kind, weight of a normal image with an anomaly; None when none could be painted."""
    rng = seeded(f"{sample.domain}/{sample.image.name}/{variant}")
    image, _ = view_of(sample)
    donor, _ = view_of(donors[int(rng.integers(len(donors)))])
    turn = int(rng.integers(4))
    image = np.ascontiguousarray(np.rot90(image, turn)[:, :: int(rng.choice([-1, 1]))])
    painted = paint(image, donor, rng)
    if painted is None:
        return None
    picture = photometric(painted.image, rng) if rng.random() < 0.5 else painted.image
    return picture, painted.mask, painted.kind, painted.weight


def tiled_views(sample: Sample):
    """-> views uint8 [V,S,S,3] with the base view first, masks uint8 [V,S,S], valid float32 [V,P]."""
    image = load_rgb(sample.image)
    mask = np.zeros((image.height, image.width), np.uint8)
    if sample.mask is not None:
        read = cv2.imread(str(sample.mask), cv2.IMREAD_GRAYSCALE)
        mask = cv2.resize((read > 127).astype(np.uint8) * 255, (image.width, image.height), interpolation=cv2.INTER_NEAREST)
    return make_views(image, mask, tiles=True)


def nearest(levels: torch.Tensor, valid: torch.Tensor) -> torch.Tensor:
    """[B,L,P,D], valid [B,P] -> distance to the nearest valid patch outside the neighbourhood [B,L,P]."""
    unit = torch.nn.functional.normalize(levels, dim=-1).to(torch.bfloat16)
    blocked = NEAR | (valid < 0.5)[:, None, None, :]
    return 1 - (unit @ unit.transpose(-1, -2)).float().masked_fill(blocked, -1).amax(-1)


class Reducer:
    """levels float32 [B,4,P,384] <-> int8 principal components."""

    def __init__(self, path: Path) -> None:
        data = np.load(path)
        self.mean, self.basis, self.scale = (torch.from_numpy(data[name]) for name in ("mean", "basis", "scale"))

    def __call__(self, levels: torch.Tensor) -> np.ndarray:
        parts = torch.einsum("blpd,ldk->blpk", levels - self.mean[:, None], self.basis) / self.scale[:, None]
        return parts.round().clamp(-127, 127).to(torch.int8).numpy()


def fit_basis(encoder: nn.Module, samples: list[Sample], path: Path) -> None:
    """Principal components per level over views drawn evenly from the domains; `scale` is the int8 step: the 99.99th percentile over 127."""
    by_domain = chosen(samples, 6)
    views = [sample for row in range(12) for many in by_domain.values() for sample in many[row : row + 1]][:BASIS_VIEWS]
    found = []
    for start in tqdm(range(0, len(views), BATCH), desc="basis"):
        pixels = np.stack([view_of(s)[0] for s in views[start : start + BATCH]])
        levels, _ = encode(encoder, pixels)
        found.append(levels[:, :, ::7])
    rows = torch.cat(found).transpose(0, 1).flatten(1, 2)  # [4, n, 384]
    mean = rows.mean(1)
    bases, scales = [], []
    for level, middle in zip(rows, mean, strict=True):
        _, values, vectors = torch.linalg.svd(level - middle, full_matrices=False)
        basis = vectors[:COMPONENTS].T
        print("kept variance", float((values[:COMPONENTS] ** 2).sum() / (values**2).sum()))
        bases.append(basis)
        scales.append(torch.quantile(((level - middle) @ basis).abs(), 0.9999, dim=0) / 127)
    np.savez(path, mean=mean.numpy(), basis=torch.stack(bases).numpy(), scale=torch.stack(scales).numpy())


def encode(encoder: nn.Module, pixels: np.ndarray) -> tuple[torch.Tensor, torch.Tensor]:
    with torch.inference_mode():
        return encoder(torch.from_numpy(normalise(pixels)))


def write_domain(target: Path, jobs: list, render, encoder: nn.Module, reduce: Reducer) -> None:
    """Renders and encodes all jobs of a domain, then puts the folder in place. `render(job)` -> views, masks, valid, label, kind, weight, or None."""
    part = target.with_name(target.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    kept: dict[str, list[np.ndarray]] = {name: [] for name in ("levels", "near", "cls", "mask", "valid")}
    lines: list[str] = []

    def encode_batch(batch: list) -> None:
        levels, cls = encode(encoder, np.stack([view for view, *_ in batch]))
        valid = np.stack([ok for _, _, ok in batch])
        kept["levels"].append(reduce(levels))
        kept["near"].append(nearest(levels, torch.from_numpy(valid)).half().numpy())
        kept["cls"].append(cls.half().numpy())
        kept["valid"].append(valid.astype(np.uint8))
        kept["mask"].append(np.stack([cv2.resize(mask, (MASK, MASK), interpolation=cv2.INTER_AREA) for _, mask, _ in batch]))

    waiting: list = []
    with ThreadPoolExecutor(1) as pool:
        for group, ((sample, variant), result) in enumerate(zip(jobs, pool.map(render, jobs), strict=True)):
            if result is None:
                continue
            views, masks, valid, label, kind, weight = result
            for view in range(len(views)):
                waiting.append((views[view], masks[view], valid[view]))
                lines.append(json.dumps({
                    "domain": sample.domain, "label": label, "kind": kind, "weight": round(weight, 3), "variant": variant, "group": group, "view": view,
                    "masked": bool(label == 0 or variant or sample.mask is not None),
                    "image": f"{sample.image.parent.name}/{sample.image.name}",
                }))
            while len(waiting) >= BATCH:
                encode_batch(waiting[:BATCH])
                del waiting[:BATCH]
    if waiting:
        encode_batch(waiting)
    for name, arrays in kept.items():
        np.save(part / f"{name}.npy", np.concatenate(arrays))
    (part / "meta.jsonl").write_text("\n".join(lines) + "\n")
    os.replace(part, target)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--shards", nargs="+", default=["real", "synth", "exam"], choices=["real", "synth", "exam", "tiles", "exam-tiles"])
    parser.add_argument("--cap", type=int, default=60, help="images of either label per domain")
    parser.add_argument("--synth", type=int, default=32, help="painted views per domain with normal images")
    parser.add_argument("--tiles", type=int, default=24, help="images of either label per domain that are encoded with their tiles")
    parser.add_argument("--domains", nargs="*", help="only these domains")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument(
        "--encoder", default="bf16", choices=["bf16", "int8"], help="bf16 is faster on cores with AMX, the bundle's int8 graph elsewhere"
    )


def run(args: argparse.Namespace) -> None:
    torch.set_num_threads(args.threads)
    FOLDER.mkdir(parents=True, exist_ok=True)
    encoder = TorchEncoder().eval().bfloat16() if args.encoder == "bf16" else OnnxEncoder(args.threads)
    samples, backgrounds = training_samples(), background_samples()
    basis = FOLDER / "basis.npz"
    if not basis.exists():
        fit_basis(encoder, samples + backgrounds, basis)
    reduce = Reducer(basis)

    whole = np.ones((1, NEAR.shape[0]), np.float32)

    def real(job):
        view, mask = view_of(job[0])
        return view[None], mask[None], whole, job[0].label, job[0].kind, 1.0

    def synth(job):
        found = painted_view(job[0], backgrounds, job[1])
        return None if found is None else (found[0][None], found[1][None], whole, 1, found[2], found[3])

    def tiles(job):
        return *tiled_views(job[0]), job[0].label, job[0].kind, 1.0

    for shard in args.shards:
        plan = {d: jobs for d, jobs in plan_of(shard, args, samples, backgrounds).items() if not args.domains or d in args.domains}
        render = {"synth": synth, "tiles": tiles, "exam-tiles": tiles}.get(shard, real)
        with tqdm(total=sum(map(len, plan.values())), desc=shard, mininterval=10) as bar:
            for domain, jobs in plan.items():
                target = FOLDER / shard / domain
                if not target.exists():
                    write_domain(target, jobs, render, encoder, reduce)
                bar.update(len(jobs))


def is_large(sample: Sample) -> bool:
    with Image.open(sample.image) as image:
        return select_grid(*image.size).tiles > 0


def plan_of(shard: str, args: argparse.Namespace, samples: list[Sample], backgrounds: list[Sample]) -> dict[str, list[tuple[Sample, int]]]:
    """Domain -> (image, variant) of a shard."""
    if shard == "synth":
        normals = chosen([s for s in samples if s.label == 0], args.synth)
        plan = {d: [(many[i % len(many)], 1 + i // len(many)) for i in range(args.synth)] for d, many in normals.items() if many}
        return plan | {d: [(s, 1) for s in many] for d, many in chosen(backgrounds, 4 * args.synth).items()}
    if shard == "real":
        many = chosen(samples, args.cap) | chosen(backgrounds, 2 * args.cap)
    elif shard == "exam":
        many = chosen(exam_samples(), EXAM_CAP)
    else:
        large = [s for s in (samples if shard == "tiles" else exam_samples()) if s.image.suffix and is_large(s)]
        many = chosen(large, args.tiles if shard == "tiles" else EXAM_CAP)
    return {d: [(s, 0) for s in found] for d, found in many.items()}
