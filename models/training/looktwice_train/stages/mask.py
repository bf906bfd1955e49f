"""`mask`: train the mask decoder (default prompt) and the defect-type head on the cached features with the expert frozen.

Losses: BCE + Dice at stride 2, cross-entropy on the defect type where the annotation names one. Sets whose masks are filled
boxes count for a third. `--lodo DOMAIN ...` holds domains out and reports pixel AUROC and PRO-like region recall on them.
"""
from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import numpy as np
import torch
from sklearn.metrics import roc_auc_score
from torch import Tensor, nn
from torch.nn import functional as F
from tqdm import tqdm

from ..data.features_store import FeatureStore, Group
from ..data.records import BOX_MASKS
from ..data.sampler import BatchSampler, collate
from ..data.types import type_index
from ..data.views import MEAN, STD
from ..modules.ltfm import AnomalyExpert
from ..modules.precision import autocast
from ..modules.segmenter import MaskFeatures, Segmenter
from ..paths import CACHE, LOGS
from .evidence import load_evidence

SOURCES = {"real": 0.45, "crops": 0.25, "synth": 0.3}


class MaskModel(nn.Module):
    """MaskFeatures + Segmenter over batches of groups."""

    def __init__(self, high_resolution: bool = True) -> None:
        super().__init__()
        self.features = MaskFeatures()
        self.segmenter = Segmenter(high_resolution=high_resolution)

    def forward(self, levels: Tensor, maps: Tensor, pixels: Tensor, prompt: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """levels [B,V,L,P,D], maps [B,V,P], pixels [B,V,3,S,S], prompt [B,W] or None -> masks [B,V,196,196], types [B,V,T]."""
        b, v = maps.shape[:2]
        features = self.features(levels).flatten(0, 1)
        use = torch.full((b * v, 1), 0.0 if prompt is None else 1.0)
        spoken = torch.zeros(b * v, 576) if prompt is None else prompt.repeat_interleave(v, 0)
        masks, types = self.segmenter(features, maps.flatten(0, 1), pixels.flatten(0, 1), spoken, use)
        return masks.unflatten(0, (b, v)), types.unflatten(0, (b, v))


def to_pixels(raw: Tensor) -> Tensor:
    """uint8 [B,V,S,S,3] -> normalised float32 [B,V,3,S,S]."""
    return ((raw.float() / 255 - torch.from_numpy(MEAN)) / torch.from_numpy(STD)).permute(0, 1, 4, 2, 3)


def mask_losses(masks: Tensor, target: Tensor, weight: Tensor) -> Tensor:
    """BCE + Dice per view; masks/target [N,196,196], weight [N]. Normal views have BCE only."""
    bce = F.binary_cross_entropy_with_logits(masks, target, reduction="none")
    # Defect pixels are few: they count double, so that thin cracks are not bargained away.
    bce = (bce * (1 + target)).mean((1, 2))
    probability = torch.sigmoid(masks)
    overlap = (probability * target).sum((1, 2))
    dice = 1 - (2 * overlap + 1) / (probability.sum((1, 2)) + target.sum((1, 2)) + 1)
    has = (target.sum((1, 2)) > 2).float()
    return (weight * (2 * bce + dice * has)).sum() / weight.sum().clamp(min=1)


def group_weights(groups: list[Group]) -> Tensor:
    return torch.tensor([0.0 if not g.masked else 0.33 if g.meta["dataset"] in BOX_MASKS else 1.0 for g in groups])


def load_expert(path: Path, held: str | None = None, evidence: str = "evidence") -> AnomalyExpert:
    """The averaged expert of a checkpoint with the evidence of the fit `evidence` that left out `held`, frozen.

    Raises FileNotFoundError naming the command that makes what is missing.
    """
    if not path.exists():
        raise FileNotFoundError(f"{path} is missing: run `looktwice_train expert` first.")
    state = torch.load(path, weights_only=False)
    expert = AnomalyExpert(state["config"])
    weights = {k.removeprefix("module."): v for k, v in state["average"].items() if k != "n_averaged" and not k.startswith("module.evidence.")}
    expert.load_state_dict(weights | {f"evidence.{k}": v for k, v in load_evidence(held, evidence).items()})
    return expert.eval().requires_grad_(False)


@torch.no_grad()
def evaluate_masks(model: MaskModel, expert: AnomalyExpert, store: FeatureStore, groups: list[Group]) -> dict[str, float | None]:
    """Pixel AUROC of the mask logits at stride 2 (sub-sampled), mean IoU and Dice of anomalous base views at threshold 0.5, type accuracy."""
    model.eval()
    scores, truth, ious, hits = [], [], [], []
    for group in groups:
        if not group.masked:
            continue
        batch = collate(store, [group], pixels=True)
        maps = expert(batch["levels"], batch["cues"], batch["valid"])["maps"]
        logits, types = model(batch["levels"][:, :1], maps[:, :1], to_pixels(batch["pixels"][:, :1]))
        target = batch["mask"][0, 0].float() / 255 > 0.5
        scores.append(logits[0, 0, ::2, ::2].reshape(-1).numpy())
        truth.append(target[::2, ::2].reshape(-1).numpy())
        if target.any():
            predicted = logits[0, 0] > 0
            ious.append(float((predicted & target).sum() / (predicted | target).sum().clamp(min=1)))
        wanted = type_index(group.meta["dataset"], group.meta["kind"])
        if wanted >= 0 and group.label:
            hits.append(float(types[0, 0].argmax() == wanted))
    flat = np.concatenate(truth) if truth else np.zeros(0)
    return {
        "pixel_auroc": float(roc_auc_score(flat, np.concatenate(scores))) if 0 < flat.sum() < len(flat) else None,
        "iou": float(np.mean(ious)) if ious else None,
        "type_accuracy": float(np.mean(hits)) if hits else None,
    }


def train(store: FeatureStore, groups: list[Group], expert: AnomalyExpert, args: argparse.Namespace, checkpoint: Path) -> tuple[MaskModel, list[dict]]:
    torch.manual_seed(args.seed)
    model = MaskModel(high_resolution=not args.no_high_resolution)
    if args.init:
        model.load_state_dict(torch.load(CACHE / "checkpoints" / f"{args.init}.pt", weights_only=False)["mask"])
    optimiser = torch.optim.AdamW(model.parameters(), args.lr, weight_decay=0.02)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, args.lr, total_steps=args.steps, pct_start=0.1)
    start, log = 0, []
    if checkpoint.exists() and not args.restart:
        state = torch.load(checkpoint, weights_only=False)
        model.load_state_dict(state["model"])
        optimiser.load_state_dict(state["optimiser"])
        schedule.load_state_dict(state["schedule"])
        start, log = state["step"], state["log"]
    sampler = BatchSampler(store, [g for g in groups if g.masked], args.seed + start, SOURCES, pixels=True)
    saved, running = time.monotonic(), []
    for step in tqdm(range(start, args.steps), initial=start, total=args.steps, desc=checkpoint.stem, mininterval=10):
        model.train()
        drawn, batch = sampler.batch(args.batch)
        with torch.no_grad(), autocast():
            maps = expert(batch["levels"], batch["cues"], batch["valid"])["maps"].float()
        with autocast():
            logits, types = model(batch["levels"], maps, to_pixels(batch["pixels"]))
        weight = group_weights(drawn)
        loss = mask_losses(logits.float().flatten(0, 1), batch["mask"].float().flatten(0, 1) / 255, weight)
        wanted = torch.tensor([type_index(g.meta["dataset"], g.meta["kind"]) if g.label else -1 for g in drawn])
        if (wanted >= 0).any():
            loss = loss + 0.3 * F.cross_entropy(types.float()[:, 0], wanted, ignore_index=-1, label_smoothing=0.05)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        running.append(float(loss.detach()))
        last = step + 1 == args.steps
        if (step + 1) % 100 == 0 or last:
            log.append({"step": step + 1, "loss": float(np.mean(running[-100:]))})
            tqdm.write(json.dumps(log[-1]))
        if time.monotonic() - saved > 180 or last:
            torch.save({"model": model.state_dict(), "optimiser": optimiser.state_dict(), "schedule": schedule.state_dict(),
                        "step": step + 1, "log": log}, checkpoint)
            saved = time.monotonic()
    return model, log


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--steps", type=int, default=500)
    parser.add_argument("--batch", type=int, default=12, help="views per step")
    parser.add_argument("--lr", type=float, default=1e-3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--expert", default="expert", help="name of the expert checkpoint")
    parser.add_argument("--init", help="language checkpoint whose mask decoder to go on from")
    parser.add_argument("--lodo", nargs="*", metavar="DOMAIN")
    parser.add_argument("--no-high-resolution", action="store_true", help="ablation: without the pixel path")
    parser.add_argument("--restart", action="store_true")
    parser.add_argument("--name", default="mask")


def run(args: argparse.Namespace) -> None:
    from .expert import evaluation_groups

    torch.set_num_threads(args.threads)
    store = FeatureStore(("real", "synth", "crops"))
    folder = CACHE / "checkpoints"
    if args.lodo is None:
        train(store, store.groups, load_expert(folder / f"{args.expert}.pt"), args, folder / f"{args.name}.pt")
        return
    for domain in args.lodo or sorted({g.domain for g in store.groups if g.shard == "real" and g.masked}):
        expert = load_expert(folder / f"{args.expert}-lodo-{domain}.pt", domain)
        model, log = train(store, [g for g in store.groups if g.domain != domain], expert, args, folder / f"{args.name}-lodo-{domain}.pt")
        result = evaluate_masks(model, expert, store, evaluation_groups(store, domain, 80))
        tqdm.write(json.dumps({domain: result}))
        LOGS.mkdir(parents=True, exist_ok=True)
        with (LOGS / f"{args.name}-lodo.jsonl").open("a") as handle:
            handle.write(json.dumps({"domain": domain, **result, "log": log}) + "\n")
