"""`expert`: train LTFM on the cached features; `--lodo` trains once per held-out domain and writes the validation table.

Losses: focal BCE per level and Dice on the mean map (masked images only), BCE on the image score, and the DSSL alignment loss:
InfoNCE between each view's visual-branch distance map and its semantic map, so that the two distributions agree.
"""
from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import numpy as np
import torch
from sklearn.metrics import roc_auc_score
from torch import Tensor
from torch.nn import functional as F
from tqdm import tqdm

from ..data.bank import BankSampler, PatchBank, load_bank
from ..data.features_store import FeatureStore, Group
from ..data.records import ANOMALY_SETS, NON_COMMERCIAL, load_records
from ..data.sampler import SOURCES, BatchSampler, collate
from ..data.samples import TILED, sampled
from ..modules.ltfm import AnomalyExpert, ExpertConfig
from ..modules.precision import autocast
from ..paths import CACHE, LOGS
from .evidence import load_evidence

ABLATIONS = {
    "full": {}, "no-look-back": {"look_back": False}, "no-e": {"learned_embeddings": False},
    "no-q-former": {"q_former": False}, "no-dssl": {"dssl": False}, "no-relative": {"relative": False}, "no-synthetic": {},
}


def map_loss(out: dict[str, Tensor], batch: dict[str, Tensor]) -> Tensor:
    """Focal BCE over levels + Dice over the mean map. A patch counts as defective in proportion to 4 x its masked fraction."""
    weight = batch["valid"] * batch["masked"][:, None, None]
    if weight.sum() == 0:
        return out["score"].sum() * 0
    target = (batch["target"] * 4).clamp(0, 1)
    logits = out["logits"]
    wide = target[:, :, None].expand_as(logits)
    bce = F.binary_cross_entropy_with_logits(logits, wide, reduction="none")
    probability = torch.sigmoid(logits)
    focal = ((probability - wide).abs() ** 2) * bce * (1 + 2 * wide)
    focal = (focal.mean(2) * weight).sum() / weight.sum()
    mean = out["maps"]
    overlap = (mean * target * weight).sum((1, 2))
    size = ((mean + target) * weight).sum((1, 2))
    has_mask = ((target * weight).sum((1, 2)) > 0).float()
    dice = ((1 - (2 * overlap + 1) / (size + 1)) * has_mask).sum() / has_mask.sum().clamp(min=1)
    return 4 * focal + 0.5 * dice


def alignment_loss(out: dict[str, Tensor], batch: dict[str, Tensor]) -> Tensor:
    """DSSL: InfoNCE between standardised visual distance maps and semantic logits of the same view (temperature 0.1)."""
    visual = batch["cues"][:, :, 2:].mean(2).flatten(0, 1)
    semantic = out["logits"].mean(2).flatten(0, 1)

    def unit(x: Tensor) -> Tensor:
        return F.normalize(x - x.mean(-1, keepdim=True), dim=-1)

    similarity = unit(visual) @ unit(semantic).T / 0.1
    return F.cross_entropy(similarity, torch.arange(len(similarity)))


def total_loss(model: AnomalyExpert, batch: dict[str, Tensor], align: float) -> tuple[Tensor, dict[str, float]]:
    with autocast():
        out = model(batch["levels"], batch["cues"], batch["valid"])
    out = {name: value.float() for name, value in out.items()}
    label = batch["label"] * 0.9 + 0.05
    image = F.binary_cross_entropy_with_logits(out["score"], label) + F.binary_cross_entropy_with_logits(out["token_score"], label)
    pixel = map_loss(out, batch)
    loss = image + pixel
    if align and model.config.dssl:
        loss = loss + align * alignment_loss(out, batch)
    return loss, {"image": float(image.detach()), "pixel": float(pixel.detach())}


@torch.no_grad()
def score_groups(model: AnomalyExpert, store: FeatureStore, groups: list[Group]) -> list[dict]:
    """One row per group: score (probability), label, maps and targets for pixel metrics."""
    model.eval()
    rows = []
    for group in groups:
        batch = collate(store, [group])
        out = model(batch["levels"], batch["cues"], batch["valid"])
        rows.append({
            "group": group, "label": group.label, "score": float(torch.sigmoid(out["score"])),
            "peak": float(out["logits"].clamp(-12, 12).mean(2).max()),
            "map": out["maps"][0, 0].numpy(), "target": batch["target"][0, 0].numpy(),
        })
    return rows


def image_auroc(rows: list[dict], key: str = "score") -> float | None:
    labels = [r["label"] for r in rows]
    return float(roc_auc_score(labels, [r[key] for r in rows])) if 0 < sum(labels) < len(labels) else None


def patch_auroc(rows: list[dict]) -> float | None:
    """AUROC over base-view patches of masked images (patch positive when >= 10 % masked)."""
    usable = [r for r in rows if r["group"].masked]
    if not usable:
        return None
    target = np.concatenate([r["target"] for r in usable]) >= 0.1
    return float(roc_auc_score(target, np.concatenate([r["map"] for r in usable]))) if 0 < target.sum() < len(target) else None


def evaluation_groups(store: FeatureStore, domain: str, cap: int = 120) -> list[Group]:
    """The domain's first `cap` images of either label in the order of `sampled`, with their tiles where these were encoded."""
    found: dict[tuple[str, str, str], Group] = {}
    for group in store.groups:
        key = (group.meta["dataset"], group.meta["kind"], group.meta["image"])
        if group.domain == domain and (group.shard in TILED or (group.shard == "real" and key not in found)):
            found[key] = group
    order = (found.get((r.dataset, r.kind, r.image.name)) for r in sampled(load_records(ANOMALY_SETS)))
    ordered = [group for group in order if group]
    return [group for label in (0, 1) for group in [g for g in ordered if g.label == label][:cap]]


def pretrain_first_look(model: AnomalyExpert, bank: PatchBank, domains: set[str], args: argparse.Namespace) -> None:
    """Train e+/e-, adaptors and cue weights on the patch bank (`--bank-steps`); the image score is left for `train`."""
    sampler = BankSampler(bank, domains, args.seed)
    first = model.first.train()
    optimiser = torch.optim.AdamW(first.parameters(), 1e-3, weight_decay=args.weight_decay)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 1e-3, total_steps=args.bank_steps, pct_start=0.1)
    for _ in tqdm(range(args.bank_steps), desc="first look", mininterval=10):
        levels, mean, deviation, cues, target = sampler.batch(args.bank_batch)
        kept = (torch.rand(len(levels), 1, 1, levels.shape[-1]) > args.dropout).float() / (1 - args.dropout)
        with autocast():
            inputs = [part * kept[:, 0] for part in first.head_inputs(levels, mean, deviation)]
            logits = first.logits(inputs, first.directions((mean[:, -1] * kept[:, 0])[:, 0]), cues).float()
        wanted = (target * 4).clamp(0, 1)[:, None, None].expand_as(logits)
        loss = F.binary_cross_entropy_with_logits(logits, wanted)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
    # The bank is 60 % defective, images are not: start the image stage from a prior of about 1 %.
    with torch.no_grad():
        model.first.bias -= 3.0


def train(store: FeatureStore, groups: list[Group], args: argparse.Namespace, config: ExpertConfig, checkpoint: Path, sources=SOURCES,
          watch: dict[str, list[Group]] | None = None, held: str | None = None) -> tuple[AnomalyExpert, list[dict]]:
    """Train from scratch or from `checkpoint`; evaluates `watch` domains along the way. Returns the model and the log."""
    torch.manual_seed(args.seed)
    model = AnomalyExpert(config)
    model.evidence.load_state_dict(load_evidence(held))
    if args.bank_steps and (args.restart or not checkpoint.exists()):
        pretrain_first_look(model, load_bank(args.ablation != "no-synthetic"), {g.domain for g in groups}, args)
    decay = [p for p in model.parameters() if p.ndim > 1]
    plain = [p for p in model.parameters() if p.ndim <= 1]
    optimiser = torch.optim.AdamW([{"params": decay, "weight_decay": args.weight_decay}, {"params": plain, "weight_decay": 0}], lr=args.lr)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, args.lr, total_steps=args.steps, pct_start=0.1)
    average = torch.optim.swa_utils.AveragedModel(model, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(0.98))
    start, log = 0, []
    if checkpoint.exists() and not args.restart:
        state = torch.load(checkpoint, weights_only=False)
        model.load_state_dict(state["model"])
        average.load_state_dict(state["average"])
        optimiser.load_state_dict(state["optimiser"])
        schedule.load_state_dict(state["schedule"])
        start, log = state["step"], state["log"]
    sampler = BatchSampler(store, groups, args.seed + start, sources)
    saved = time.monotonic()
    for step in tqdm(range(start, args.steps), initial=start, total=args.steps, desc=checkpoint.stem, mininterval=10):
        model.train()
        _, batch = sampler.batch(args.batch)
        loss, parts = total_loss(model, batch, args.align)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        average.update_parameters(model)
        last = step + 1 == args.steps
        if (step + 1) % args.every == 0 or last:
            entry = {"step": step + 1, **parts}
            for name, held in (watch or {}).items():
                rows = score_groups(average.module, store, held)
                entry[name] = {"auroc": image_auroc(rows), "peak": image_auroc(rows, "peak"), "patch": patch_auroc(rows)}
            log.append(entry)
            tqdm.write(json.dumps(entry))
        if time.monotonic() - saved > 180 or last:
            torch.save({
                "model": model.state_dict(), "average": average.state_dict(), "optimiser": optimiser.state_dict(),
                "schedule": schedule.state_dict(), "step": step + 1, "log": log, "config": config,
            }, checkpoint)
            saved = time.monotonic()
    return average.module, log


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--steps", type=int, default=600)
    parser.add_argument("--batch", type=int, default=20, help="views per step")
    parser.add_argument("--bank-steps", type=int, default=400, help="steps of the first look on the patch bank before the image steps; 0: none")
    parser.add_argument("--bank-batch", type=int, default=2048, help="patches per bank step")
    parser.add_argument("--lr", type=float, default=3e-4)
    parser.add_argument("--weight-decay", type=float, default=0.05)
    parser.add_argument("--align", type=float, default=0.05, help="weight of the DSSL alignment loss")
    parser.add_argument("--width", type=int, default=256)
    parser.add_argument("--dropout", type=float, default=0.2)
    parser.add_argument("--every", type=int, default=200, help="steps between evaluations of the held-out domain")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--ablation", choices=sorted(ABLATIONS), default="full")
    parser.add_argument("--lodo", nargs="*", metavar="DOMAIN", help="hold out each of these domains in turn (none named: all)")
    parser.add_argument("--commercial-only", action="store_true", help="leave out sets whose licences exclude or do not name commercial use")
    parser.add_argument("--restart", action="store_true", help="ignore checkpoints")
    parser.add_argument("--name", default="expert")


def run(args: argparse.Namespace) -> None:
    torch.set_num_threads(args.threads)
    store = FeatureStore()
    groups = [g for g in store.groups if not (args.commercial_only and g.meta["dataset"] in NON_COMMERCIAL)]
    config = ExpertConfig(width=args.width, **ABLATIONS[args.ablation])
    sources = {**SOURCES, "synth": 0.0} if args.ablation == "no-synthetic" else SOURCES
    folder = CACHE / "checkpoints"
    folder.mkdir(parents=True, exist_ok=True)
    if args.lodo is None:
        train(store, groups, args, config, folder / f"{args.name}.pt", sources)
        return
    domains = args.lodo or sorted({g.domain for g in groups if g.shard == "real"})
    for domain in domains:
        held = evaluation_groups(store, domain)
        kept = [g for g in groups if g.domain != domain]
        _, log = train(store, kept, args, config, folder / f"{args.name}-lodo-{domain}.pt", sources, {domain: held}, domain)
        LOGS.mkdir(parents=True, exist_ok=True)
        with (LOGS / f"{args.name}-lodo.jsonl").open("a") as handle:
            handle.write(json.dumps({"domain": domain, "ablation": args.ablation, "steps": args.steps, "n": len(held), "log": log}) + "\n")
