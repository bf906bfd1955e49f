"""`breadth-train`: the wide head over cached features, by folds (whole groups left out together) or on everything.

A run of a fold trains on the other folds' domains, real and painted, and scores the left-out domains' images once at the end. Losses: focal and Dice on patches
where there are masks, weighed by how visible a painted change is; the image label through the map's highest patches and through the pooled verdict.
MixStyle between images in half of the batches (arXiv 2104.02008). Domains are drawn evenly.
"""
from __future__ import annotations

import argparse
import json
import os
import time
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

from ..paths import CACHE, LOGS
from .domains import FOLDS
from .graph import TOP_WEIGHT
from .head import TOP, WideHead
from .measure import measure, summary
from .store import Store, patch_cover

CHECKPOINTS = CACHE / "checkpoints"
SHARDS = ("real", "synth")


class Sampler:
    """Draws views: a share of painted ones, the rest real; domain by domain, both labels alike where a domain has both."""

    def __init__(self, store: Store, rows: list[int], painted: float, rng: np.random.Generator) -> None:
        self.rng, self.painted = rng, painted
        self.real: dict[str, dict[int, list[int]]] = {}
        self.synth: dict[str, list[int]] = {}
        for row in rows:
            meta = store.meta[row]
            if meta["shard"] == "synth":
                self.synth.setdefault(meta["domain"], []).append(row)
            else:
                self.real.setdefault(meta["domain"], {}).setdefault(meta["label"], []).append(row)
        trusted = {store.meta[row]["domain"] for row in rows if store.meta[row]["trusted"]}
        self.real_pairs = [d for d, labels in self.real.items() if len(labels) == 2 and d in trusted]
        self.painted_pairs = [d for d in self.synth if 0 in self.real.get(d, {})]

    def one(self) -> int:
        if self.synth and self.rng.random() < self.painted:
            domains = list(self.synth)
            rows = self.synth[domains[self.rng.integers(len(domains))]]
        else:
            domains = list(self.real)
            labels = self.real[domains[self.rng.integers(len(domains))]]
            rows = labels[list(labels)[self.rng.integers(len(labels))]]
        return rows[self.rng.integers(len(rows))]

    def batch(self, size: int) -> list[int]:
        return [self.one() for _ in range(size)]

    def pair(self) -> tuple[int, int]:
        """An anomalous and a normal view of one domain: painted or real."""
        if self.painted_pairs and (not self.real_pairs or self.rng.random() < self.painted):
            domain = self.painted_pairs[self.rng.integers(len(self.painted_pairs))]
            bad = self.synth[domain]
        else:
            domain = self.real_pairs[self.rng.integers(len(self.real_pairs))]
            bad = self.real[domain][1]
        good = self.real[domain][0]
        return bad[self.rng.integers(len(bad))], good[self.rng.integers(len(good))]

    def paired_batch(self, size: int) -> list[int]:
        """Pairs (anomalous, normal) first, then a sixth of single views, whatever their domain has: those teach the map."""
        singles = size // 6
        pairs = [row for _ in range((size - singles) // 2) for row in self.pair()]
        return pairs + [self.one() for _ in range(size - len(pairs))]


def mix_style(z: torch.Tensor, rng: np.random.Generator) -> torch.Tensor:
    """Every view takes over a share of another one's mean and spread, [N,L,P,K]."""
    mean, spread = z.mean(2, keepdim=True), z.std(2, keepdim=True) + 1e-4
    order = torch.from_numpy(rng.permutation(len(z)))
    share = torch.from_numpy(rng.beta(0.3, 0.3, (len(z), 1, 1, 1)).astype(np.float32))
    return (z - mean) / spread * (spread * share + spread[order] * (1 - share)) + mean * share + mean[order] * (1 - share)


def turned(batch: dict[str, torch.Tensor], cover: torch.Tensor, rng: np.random.Generator) -> torch.Tensor:
    """Turns or mirrors the grids of a batch in place; the features stay those of the upright view."""
    turn, flip = int(rng.integers(4)), bool(rng.integers(2))

    def move(x: torch.Tensor, dim: int) -> torch.Tensor:
        grid = x.unflatten(dim, (28, 28)).rot90(turn, (dim, dim + 1))
        return (grid.flip(dim) if flip else grid).flatten(dim, dim + 1)

    batch["z"], batch["near"] = move(batch["z"], 2), move(batch["near"], 2)
    return move(cover, 1)


def pixel_loss(logits: torch.Tensor, cover: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    """Focal plus Dice over masked views: logits, cover [N,P], weight [N] (0: no mask)."""
    target = (cover > 0.25).float()
    clear = 1 - ((cover > 0.02) & (cover <= 0.25)).float() * 0.7  # a patch that is touched is neither
    probability = torch.sigmoid(logits)
    right = probability * target + (1 - probability) * (1 - target)
    focal = -(1 - right).square() * torch.log(right.clamp(min=1e-6)) * (0.25 + 0.5 * target) * clear
    has = (target.sum(1) > 0).float()
    dice = 1 - (2 * (probability * target).sum(1) + 1) / (probability.sum(1) + target.sum(1) + 1)
    each = focal.mean(1) * 20 + dice * has * 0.5
    return (each * weight).sum() / weight.sum().clamp(min=1)


def pair_loss(score: torch.Tensor, weight: torch.Tensor, pairs: int) -> torch.Tensor:
    """How often the normal view of a domain outranks its anomalous one, softly: what is common to a domain cannot lower it. The first 2 x `pairs` of the scores [N] take turns, anomalous first."""
    bad, good = score[: 2 * pairs : 2], score[1 : 2 * pairs : 2]
    each = torch.minimum(weight[: 2 * pairs : 2], weight[1 : 2 * pairs : 2])
    return (F.softplus(good - bad) * each).sum() / pairs


def train(store: Store, rows: list[int], args: argparse.Namespace, seed: int) -> WideHead:
    """One head on the given rows."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    components = store.unit.shape[1]
    head = WideHead(components, width=args.width, inner=args.inner, dropout=args.dropout, whole=not args.no_whole, statistics=args.statistics, absolute_out=args.absolute_out, surround=args.surround)
    optimizer = torch.optim.AdamW(head.parameters(), args.lr, weight_decay=args.decay)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, args.lr, args.steps, pct_start=0.1)
    sampler = Sampler(store, rows, args.painted, rng)
    average = torch.optim.swa_utils.AveragedModel(head, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(args.ema))
    started, kept = time.time(), []
    for step in range(args.steps):
        indices = sampler.paired_batch(args.batch) if args.pairs else sampler.batch(args.batch)
        meta = [store.meta[i] for i in indices]
        batch = store.batch(indices)
        cover = turned(batch, patch_cover(batch["mask"]), rng)
        z = mix_style(batch["z"], rng) if rng.random() < args.mix else batch["z"]
        if args.channels_out:
            # The same components of a view's patches, so that no single one of them decides.
            kept = torch.rand(z.shape[0], z.shape[1], 1, z.shape[3]) >= args.channels_out
            z = z * kept / (1 - args.channels_out)
        with torch.autocast("cpu", torch.bfloat16, enabled=not args.float32):
            logits, verdict = (x.float() for x in head(z, batch["near"], batch["cls"], batch["valid"]))
        label = torch.tensor([float(m["label"]) for m in meta])
        painted = torch.tensor([float(m["shard"] == "synth") for m in meta])
        trusted = torch.tensor([float(m["trusted"] or m["shard"] == "synth" or m["fold"] == "any") for m in meta])
        visible = torch.tensor([m["weight"] for m in meta])
        pixels = torch.tensor([float(m["masked"]) for m in meta]) * visible
        weight = trusted * visible * (1 - painted * (1 - args.painted_verdict))
        top = (logits + (batch["valid"] - 1) * 1e4).topk(TOP, dim=1).values.mean(1)
        smooth = label * (1 - 2 * args.smooth) + args.smooth
        image = F.binary_cross_entropy_with_logits(verdict, smooth, weight)
        instances = F.binary_cross_entropy_with_logits(top, smooth, weight)
        loss = args.pixel * pixel_loss(logits, cover, pixels) + args.image * image + args.instances * instances
        if args.pairs:
            loss = loss + args.pairs * pair_loss(verdict + TOP_WEIGHT * top, weight, (args.batch - args.batch // 6) // 2)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(head.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        average.update_parameters(head)
        kept.append((loss.item(), image.item()))
        if (step + 1) % 100 == 0:
            last = np.mean(kept[-100:], 0)
            print(f"  step {step + 1}: loss {last[0]:.3f}, image {last[1]:.3f}, {(time.time() - started) / (step + 1):.2f} s a step")
    return average.module.eval()


def rows_of(store: Store, keep) -> list[int]:
    return [i for i, meta in enumerate(store.meta) if keep(meta)]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--name", default="wide")
    parser.add_argument("--folds", nargs="*", default=None, choices=FOLDS, help="leave these out in turns; without it one head on everything")
    parser.add_argument("--domains", type=int, help="train on so many domains only (the curve over breadth)")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0])
    parser.add_argument("--steps", type=int, default=600)
    parser.add_argument("--batch", type=int, default=12)
    parser.add_argument("--lr", type=float, default=1e-3)
    parser.add_argument("--decay", type=float, default=0.05)
    parser.add_argument("--ema", type=float, default=0.99)
    parser.add_argument("--width", type=int, default=256)
    parser.add_argument("--inner", type=int, default=128)
    parser.add_argument("--dropout", type=float, default=0.2)
    parser.add_argument("--absolute-out", type=float, default=0.0, help="share of the views whose patches are read relative to the view only")
    parser.add_argument("--channels-out", type=float, default=0.0, help="dropout over the components of a view")
    parser.add_argument("--surround", action="store_true", help="patches see how much they look like the view's rim")
    parser.add_argument("--no-whole", action="store_true", help="ablation: the verdict does not see the class token")
    parser.add_argument("--statistics", action="store_true", help="the verdict sees how far the most distant patches are from the rest")
    parser.add_argument("--pairs", type=float, default=0.0, help="weight of ranking an anomalous view above a normal one of its domain; 0 draws single views")
    parser.add_argument("--mix", type=float, default=0.5)
    parser.add_argument("--smooth", type=float, default=0.05)
    parser.add_argument("--painted", type=float, default=0.35, help="share of painted views")
    parser.add_argument("--painted-verdict", type=float, default=0.3, help="weight of painted views in the image losses")
    parser.add_argument("--pixel", type=float, default=1.0)
    parser.add_argument("--image", type=float, default=1.0)
    parser.add_argument("--instances", type=float, default=0.5)
    parser.add_argument("--float32", action="store_true", help="single precision: faster on cores without AMX")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--measure", nargs="*", default=[], choices=["exam"], help="measure a head that was trained on everything")


def run(args: argparse.Namespace) -> None:
    torch.set_num_threads(args.threads)
    CHECKPOINTS.mkdir(parents=True, exist_ok=True)
    store = Store(SHARDS)
    log_path = LOGS / f"breadth-{args.name}.jsonl"
    for seed in args.seeds:
        for fold in args.folds if args.folds is not None else ["none"]:
            rows = rows_of(store, lambda m, fold=fold: m["fold"] != fold)
            if args.domains:
                every = sorted({store.meta[i]["domain"] for i in rows})
                some = set(np.random.default_rng(seed).permutation(every)[: args.domains])
                rows = [i for i in rows if store.meta[i]["domain"] in some]
            target = CHECKPOINTS / f"{args.name}-{fold}-{seed}.pt"
            if target.exists():
                print(f"{target.name} is there already; remove it to train and measure it again")
                if not args.measure:
                    continue
            else:
                print(f"fold {fold}, seed {seed}: {len(rows)} views of {len({store.meta[i]['domain'] for i in rows})} domains")
                head = train(store, rows, args, seed)
                part = Path(f"{target}.part")
                torch.save({"head": head.state_dict(), "config": head.config, "args": vars(args)}, part)
                os.replace(part, target)
            head = load_head(target)
            if fold != "none":
                found = measure(head, store, rows_of(store, lambda m, fold=fold: m["fold"] == fold and m["shard"] == "real"))
            elif "exam" in args.measure:
                exam = Store(("exam",))
                found = measure(head, exam, list(range(len(exam))))
            else:
                continue
            line = {"name": args.name, "fold": fold, "seed": seed, "domains": found}
            with log_path.open("a") as handle:
                handle.write(json.dumps(line) + "\n")
            print(json.dumps(summary(found)), flush=True)


def load_head(path: Path) -> WideHead:
    state = torch.load(path, weights_only=False)
    head = WideHead(**state["config"]).eval()
    head.load_state_dict(state["head"])
    return head
