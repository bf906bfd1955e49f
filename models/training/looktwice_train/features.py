"""`features`: encode every training view once with the bundle's int8 encoder and keep the result on disk.

Five shards, each with its own plan (a deterministic list of jobs) so that a run can stop and go on:
  real   the base view of every annotated image
  synth  normal pictures, clean and with one synthetic anomaly
  tiles  the any-resolution tiles of a capped number of images per domain (grouped with their base view)
  crops  one random augmented crop of every annotated image, like a tile at another scale
  held   views with tiles of further images, for validation alone
Arrays per shard (memory-mapped): levels int8 [n,4,784,384] (per-channel scales in scales.npy), cls float16 [n,384],
mask uint8 [n,196,196] (area mean of the 392-pixel mask), pixels uint8 [n,392,392,3]; meta.jsonl has one line per view.
"""
from __future__ import annotations

import argparse
import json
import zlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import cv2
import numpy as np
from tqdm import tqdm

from .data.records import ANOMALY_SETS, NORMAL_SETS, Record, load_records
from .data.samples import TILED, validated, with_tiles
from .data.synthesis import add_anomaly, photometric
from .data.views import SIZE, load_rgb, make_views, normalise, select_grid
from .paths import BUNDLE, CACHE

LEVELS, PATCHES, WIDTH, MASK = 4, 784, 384, 196
SHARDS = ("real", "synth", "tiles", "crops", "held")


@dataclass(frozen=True)
class Job:
    record: Record
    shard: str
    variant: int = 0  # synth: 0 clean, 1.. with an anomaly


def seed_of(job: Job) -> int:
    """A stable seed per job, so that a resumed run paints the same anomaly."""
    return zlib.crc32(f"{job.shard}/{job.record.dataset}/{job.record.image.name}/{job.variant}".encode())


def plan(shard: str) -> list[Job]:
    """The jobs of a shard in a fixed shuffled order (any prefix is a fair sample of all sets)."""
    rng = np.random.default_rng(7)
    real = load_records(ANOMALY_SETS)
    if shard == "real":
        jobs = [Job(r, shard) for r in real]
    elif shard == "synth":
        jobs = [Job(r, shard, v) for r in load_records(NORMAL_SETS) for v in (0, 1)]
        jobs += [Job(r, shard, 1) for r in real if r.label == 0]
    elif shard == "tiles":
        rng.permutation(len(real))  # the order that `sampled` takes: the jobs are shuffled by what comes after it
        jobs = [Job(r, shard) for r in with_tiles(real)]
    elif shard == "held":
        known = {r.image for r in with_tiles(real)}
        jobs = [Job(r, shard) for r in validated(real) if r.image not in known and select_grid(r.width, r.height).tiles]
    else:
        jobs = [Job(r, shard) for r in real if r.label == 0 or r.mask is not None]
    return [jobs[i] for i in rng.permutation(len(jobs))]


def load_mask(record: Record) -> np.ndarray | None:
    """uint8 0/255 [h,w], or None for an image without a mask."""
    if record.mask is None:
        return None
    mask = cv2.imread(str(record.mask), cv2.IMREAD_GRAYSCALE)
    if mask is None:
        raise ValueError(f"{record.mask}: the mask cannot be read.")
    return (mask > 127).astype(np.uint8) * 255


def random_crop(image: np.ndarray, mask: np.ndarray | None, rng: np.random.Generator):
    """A square crop of 35-90 % of the shorter side, flipped/turned and jittered.

    Half of the crops of a masked image look for a place without mask: that gives the sets without normal images normals.
    """
    h, w = image.shape[:2]
    want_normal = mask is not None and rng.random() < 0.5
    best = None
    for _ in range(12):
        side = int(rng.uniform(0.35, 0.9) * min(h, w))
        y, x = int(rng.integers(0, h - side + 1)), int(rng.integers(0, w - side + 1))
        inside = 0.0 if mask is None else float(mask[y : y + side, x : x + side].mean() / 255)
        best = (y, x, side)
        if mask is None or (inside == 0.0) == want_normal:
            break
    y, x, side = best
    picture = cv2.resize(image[y : y + side, x : x + side], (SIZE, SIZE), interpolation=cv2.INTER_AREA if side > SIZE else cv2.INTER_CUBIC)
    plane = np.zeros((SIZE, SIZE), np.uint8)
    if mask is not None:
        plane = cv2.resize(mask[y : y + side, x : x + side], (SIZE, SIZE), interpolation=cv2.INTER_AREA if side > SIZE else cv2.INTER_LINEAR)
    turn, flip = int(rng.integers(0, 4)), rng.random() < 0.5
    picture, plane = np.rot90(picture, turn), np.rot90(plane, turn)
    if flip:
        picture, plane = picture[:, ::-1], plane[:, ::-1]
    return photometric(picture, rng), np.ascontiguousarray(plane)


def render(job: Job, donors: list[Record]):
    """-> pixels uint8 [v,S,S,3], masks uint8 [v,S,S], valid [v,P], label, kind."""
    record, rng = job.record, np.random.default_rng(seed_of(job))
    mask = load_mask(record)
    if job.shard in ("real", *TILED):
        pixels, masks, valid = make_views(load_rgb(record.image), mask, tiles=job.shard in TILED)
        return pixels, masks, valid, record.label, record.kind
    image = np.asarray(load_rgb(record.image))
    label, kind = record.label, record.kind
    if job.shard == "synth":
        image = cv2.resize(image, (SIZE, SIZE), interpolation=cv2.INTER_AREA if min(image.shape[:2]) > SIZE else cv2.INTER_CUBIC)
        mask = np.zeros((SIZE, SIZE), np.uint8)
        if job.variant:
            donor = cv2.imread(str(donors[rng.integers(len(donors))].image))[..., ::-1]
            for _ in range(6):
                painted, mask, kind = add_anomaly(image, donor, rng)
                if 0.0006 < mask.mean() / 255 < 0.4:
                    image, label, kind = painted, 1, f"synthetic_{kind}"
                    break
            else:
                mask[:] = 0
        image = photometric(image, rng) if rng.random() < 0.7 else image
    else:
        image, mask = random_crop(image, mask, rng)
        label = int(mask.max() > 127)
    return image[None], mask[None], np.ones((1, PATCHES), np.float32), label, kind


def encode_shard(shard: str, limit: int | None, threads: int) -> None:
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    session = ort.InferenceSession(str(BUNDLE / "encoder.onnx"), options)
    jobs = plan(shard)[:limit]
    views = sum(1 if j.shard not in TILED else 1 + select_grid(j.record.width, j.record.height).tiles for j in jobs)
    folder = CACHE / "features" / shard
    folder.mkdir(parents=True, exist_ok=True)
    meta_path = folder / "meta.jsonl"
    lines = meta_path.read_text().splitlines() if meta_path.exists() else []
    done_jobs = len({json.loads(line)["group"] for line in lines})
    arrays = {
        name: np.lib.format.open_memmap(folder / f"{name}.npy", mode="r+" if lines else "w+", dtype=dtype, shape=(views, *shape))
        for name, dtype, shape in (
            ("levels", np.int8, (LEVELS, PATCHES, WIDTH)),
            ("cls", np.float16, (WIDTH,)),
            ("mask", np.uint8, (MASK, MASK)),
            ("valid", np.uint8, (PATCHES,)),
            ("pixels", np.uint8, (SIZE, SIZE, 3)),
        )
    }
    donors = load_records(NORMAL_SETS)
    scales = channel_scales(session)
    row = len(lines)
    pool = ThreadPoolExecutor(2)
    ahead = 8
    with meta_path.open("a") as meta, tqdm(total=len(jobs), initial=done_jobs, desc=shard, mininterval=5) as bar:
        pending = [pool.submit(render, job, donors) for job in jobs[done_jobs : done_jobs + ahead]]
        for index in range(done_jobs, len(jobs)):
            pixels, masks, valid, label, kind = pending.pop(0).result()
            if index + ahead < len(jobs):
                pending.append(pool.submit(render, jobs[index + ahead], donors))
            levels, cls = session.run(None, {"pixels": normalise(pixels)})
            record, count = jobs[index].record, len(pixels)
            rows = slice(row, row + count)
            arrays["levels"][rows] = np.clip(np.round(levels / scales[:, None]), -127, 127).astype(np.int8)
            arrays["cls"][rows] = cls
            arrays["mask"][rows] = np.stack([cv2.resize(m, (MASK, MASK), interpolation=cv2.INTER_AREA) for m in masks])
            arrays["valid"][rows] = valid
            arrays["pixels"][rows] = pixels
            for view in range(count):
                entry = {
                    "group": index, "view": view, "dataset": record.dataset, "domain": record.domain, "category": record.category,
                    "kind": kind, "label": label, "image": record.image.name, "split": record.split,
                    "masked": record.mask is not None or record.label == 0 or shard == "synth", "variant": jobs[index].variant,
                    "width": record.width, "height": record.height,
                }
                meta.write(json.dumps(entry) + "\n")
            meta.flush()
            row += count
            bar.update()
    for array in arrays.values():
        array.flush()


def channel_scales(session) -> np.ndarray:
    """int8 step per level and channel [4,384]: the 99.98th percentile over 48 real views / 127; computed once, then read."""
    path = CACHE / "features" / "scales.npy"
    if path.exists():
        return np.load(path)
    sample = []
    for job in plan("real")[:48]:
        pixels, *_ = render(job, [])
        sample.append(session.run(["levels"], {"pixels": normalise(pixels)})[0][0])
    stacked = np.abs(np.stack(sample)).transpose(1, 3, 0, 2).reshape(LEVELS, WIDTH, -1)
    scales = (np.percentile(stacked, 99.98, axis=-1) / 127).astype(np.float32)
    np.save(path, scales)
    return scales


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--shards", nargs="+", default=list(SHARDS), choices=SHARDS)
    parser.add_argument("--limit", type=int, help="at most this many jobs per shard (for a quick first bundle)")
    parser.add_argument("--bank", action="store_true", help="only sample the patch bank from the shards")
    parser.add_argument("--threads", type=int, default=2)


def run(args: argparse.Namespace) -> None:
    (CACHE / "features").mkdir(parents=True, exist_ok=True)
    for shard in [] if args.bank else args.shards:
        encode_shard(shard, args.limit, args.threads)
    if args.bank or set(args.shards) == set(SHARDS):
        from .data.bank import build_bank
        from .data.features_store import FeatureStore

        build_bank(FeatureStore())
