"""`breadth-mask`: go on training the mask decoder on the wide data's outlines and painted anomalies, with the wide head's maps.

Every view's map comes from the heads that left its group out (`breadth-train --folds`), so that the decoder learns to read maps that are as wrong as those of pictures
nobody has seen. Features, defect types and the reading of H_seg stay as they are: only `segmenter.onnx` changes. `--held FOLD` leaves that fold out and reports
mean IoU on its outlines by size, beside the decoder it started from.
"""
from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from tqdm import tqdm

from ..data.views import normalise
from ..paths import CACHE, LOGS
from ..stages.mask import MaskModel, mask_losses
from .domains import FOLDS, Sample, background_samples, training_samples
from .features import painted_view, view_of
from .measure import predict
from .store import Store
from .train import CHECKPOINTS, Sampler, load_head, rows_of

MASK_WIDE = CHECKPOINTS / "mask-wide.pt"
FROZEN = ("features.", "segmenter.types.", "segmenter.prompt.", "segmenter.default")
SIZES = (0.0, 0.002, 0.01, 0.05, 1.01)
"""Bounds of the shares of the picture by which IoU is reported."""


class Pictures:
    """Renders the views of a store's rows again, painted ones from their seeds."""

    def __init__(self) -> None:
        self.backgrounds = background_samples()
        every = training_samples() + self.backgrounds
        self.samples: dict[tuple[str, str], Sample] = {(s.domain, f"{s.image.parent.name}/{s.image.name}"): s for s in every}

    def view(self, meta: dict) -> tuple[np.ndarray, np.ndarray]:
        """-> picture uint8 [S,S,3], mask float32 0..1 [196,196]."""
        sample = self.samples[meta["domain"], meta["image"]]
        found = painted_view(sample, self.backgrounds, meta["variant"]) if meta["variant"] else view_of(sample)
        return found[0], found[1].reshape(196, 2, 196, 2).mean((1, 3), dtype=np.float32) / 255


def left_out_maps(store: Store, runs: list[str], seeds: list[int]) -> np.ndarray:
    """Map of every row [n,P] in 0..1 by heads that did not train on its group; what belongs to no group is read by all folds' heads."""
    heads = {fold: [load_head(CHECKPOINTS / f"{run}-{fold}-{seed}.pt") for run in runs for seed in seeds] for fold in FOLDS}
    maps = np.zeros((len(store), 784), np.float32)
    for fold in (*FOLDS, "any"):
        rows = rows_of(store, lambda m, fold=fold: m["fold"] == fold)
        if rows:
            used = heads.get(fold) or [h for some in heads.values() for h in some[:1]]
            maps[rows] = 1 / (1 + np.exp(-predict(used, store, rows)["maps"]))
    return maps


class Batches:
    """Batches of views for the decoder: features from the reduced levels, maps, pictures, targets."""

    def __init__(self, store: Store, maps: np.ndarray) -> None:
        self.store, self.maps, self.pictures = store, maps, Pictures()
        basis = store.basis
        self.back = torch.from_numpy((basis["basis"] * store.spread[:, None]).astype(np.float32))  # [4,D,K]
        self.mean = torch.from_numpy(basis["mean"].astype(np.float32))

    def __call__(self, rows: list[int]) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """-> levels [N,1,4,P,D], maps [N,1,P], pixels [N,1,3,S,S], target [N,196,196]."""
        z = self.store.batch(rows)["z"]
        levels = torch.einsum("nlpk,ldk->nlpd", z, self.back) + self.mean[:, None]
        shown = [self.pictures.view(self.store.meta[row]) for row in rows]
        pixels = torch.from_numpy(normalise(np.stack([p for p, _ in shown])))
        return levels[:, None], torch.from_numpy(self.maps[rows])[:, None], pixels[:, None], torch.from_numpy(np.stack([m for _, m in shown]))


@torch.no_grad()
def iou_by_size(model: MaskModel, batches: Batches, rows: list[int], at: float = 0.0) -> dict[str, float | int]:
    """Mean IoU (logits above `at`) over anomalous views with outlines, in all and by the share of the picture that is marked."""
    found: list[tuple[float, float]] = []
    for start in range(0, len(rows), 8):
        levels, maps, pixels, target = batches(rows[start : start + 8])
        logits = model(levels, maps, pixels)[0][:, 0]
        for predicted, truth in zip(logits > at, target > 0.5, strict=True):
            if truth.any():
                found.append((float(truth.float().mean()), float((predicted & truth).sum() / (predicted | truth).sum())))
    report: dict[str, float | int] = {"views": len(found), "iou": round(float(np.mean([i for _, i in found])), 4)}
    for low, high in zip(SIZES, SIZES[1:], strict=False):
        some = [i for share, i in found if low <= share < high]
        if some:
            report[f"iou {low:g} to {min(high, 1):g}"] = round(float(np.mean(some)), 4)
    return report


def start_model() -> MaskModel:
    """The decoder as `restore` or `language` left it."""
    model = MaskModel()
    model.load_state_dict(torch.load(CHECKPOINTS / "language.pt", weights_only=False)["mask"])
    return model


def train(model: MaskModel, batches: Batches, rows: list[int], args: argparse.Namespace) -> None:
    prompts = None if args.prompts is None else torch.tensor([json.loads(line) for line in args.prompts.read_text().splitlines()])
    for name, parameter in model.named_parameters():
        parameter.requires_grad = not name.startswith(FROZEN)
    trained = [p for p in model.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(trained, args.lr, weight_decay=0.02)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, args.lr, args.steps, pct_start=0.1)
    rng = np.random.default_rng(args.seed)
    store = batches.store
    sampler = Sampler(store, rows, args.painted, rng)
    started, kept = time.time(), []
    for step in tqdm(range(args.steps), desc="mask", mininterval=10):
        drawn = sampler.batch(args.batch)
        levels, maps, pixels, target = batches(drawn)
        # Comparisons with references give maps of other levels and contrasts.
        logit = torch.logit(maps, 1e-4)
        maps = torch.sigmoid(logit * float(rng.uniform(0.6, 1.6)) + float(rng.normal(0, 0.7)))
        spoken = None
        if prompts is not None and rng.random() < 0.6:
            spoken = prompts[rng.integers(len(prompts), size=args.batch)]
        logits = model(levels, maps, pixels, spoken)[0][:, 0]
        weight = torch.tensor([store.meta[row]["weight"] for row in drawn])
        loss = mask_losses(logits, target, weight)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimiser.step()
        schedule.step()
        kept.append(float(loss.detach()))
        if (step + 1) % 50 == 0:
            tqdm.write(f"step {step + 1}: loss {np.mean(kept[-50:]):.3f}, {(time.time() - started) / (step + 1):.2f} s a step")


def outlined(store: Store, fold: str | None) -> list[int]:
    """Anomalous real views with a mask, of one fold or all."""
    return rows_of(store, lambda m: m["shard"] == "real" and m["label"] == 1 and m["masked"] and fold in (None, m["fold"]))


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--runs", nargs="+", default=["wide"], help="names of the `breadth-train` runs whose heads left groups out")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0])
    parser.add_argument("--held", nargs="*", choices=FOLDS, help="measure on these folds, each left out in turn; without it the decoder that is shipped is trained")
    parser.add_argument("--prompts", type=Path, help="a line of JSON for each H_seg that the language model says; without it the decoder hears its default prompt alone")
    parser.add_argument("--steps", type=int, default=300)
    parser.add_argument("--batch", type=int, default=10)
    parser.add_argument("--lr", type=float, default=6e-4)
    parser.add_argument("--painted", type=float, default=0.35)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--cap", type=int, default=120, help="views that are measured per fold")


def run(args: argparse.Namespace) -> None:
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    store = Store(("real", "synth"))
    batches = Batches(store, left_out_maps(store, args.runs, args.seeds))
    masked = rows_of(store, lambda m: m["masked"])
    for fold in args.held or []:
        measured = outlined(store, fold)
        measured = [measured[i] for i in np.random.default_rng(0).permutation(len(measured))[: args.cap]]
        model = start_model().eval()
        before = iou_by_size(model, batches, measured)
        train(model.train(), batches, [r for r in masked if store.meta[r]["fold"] != fold], args)
        line = {"fold": fold, "steps": args.steps, "before": before, "after": iou_by_size(model.eval(), batches, measured)}
        print(json.dumps(line), flush=True)
        with (LOGS / "breadth-mask.jsonl").open("a") as handle:
            handle.write(json.dumps(line) + "\n")
    if args.held is None:
        model = start_model()
        train(model.train(), batches, masked, args)
        torch.save({"mask": model.state_dict()}, MASK_WIDE)
        print(f"{MASK_WIDE.relative_to(CACHE)} is written; `export` takes it up")
