"""`language`: train projector, LoRA, `<seg>` and the mask decoder end to end on text + BCE + Dice, the expert frozen.

Each step draws conversations from the generator (fresh ones, seeded per step), gives those with an image the projected tokens
of that image and virtual ones the tokens of any image with the same label, and predicts the answer segments only. Where the
image has a mask, H_seg (the last hidden state at `<seg>`) prompts the mask decoder.

A part of the steps holds text-only value (virtual conversations): there the projector is not trained and the layers below the
LoRA run without gradients, which halves their cost. `--lora-only` trains nothing but LoRA in any step, the mask loss included, so
that every other file of the bundle stays as it is; an image's tokens are then computed once.
"""
from __future__ import annotations

import argparse
import json
import random
import time

import numpy as np
import torch
from tqdm import tqdm

from ..data.features_store import FeatureStore
from ..data.records import ANOMALY_SETS, load_records
from ..instruct import example_from_record, generate
from ..paths import CACHE, LOGS
from .turns import ImagePool, TurnModel, as_spliced_at_run_time, open_model, training_step

NORMALS_KEPT = 0.5


def conversations_for(step: int, args: argparse.Namespace, examples: list, batch: int) -> list[dict]:
    """A fresh, seeded draw of similar lengths (twice as many are drawn, a window of the sorted ones is kept)."""
    rng = random.Random(args.seed * 1_000_003 + step)
    drawn = [as_spliced_at_run_time(c) for c in generate(examples, rng.randrange(1 << 30), batch * 3)]
    # Short "no" answers are learnt long before the ones that word evidence and advice.
    drawn = [c for c in drawn if c["label"] or c["image"] is None or rng.random() < NORMALS_KEPT][: batch * 2]
    drawn.sort(key=lambda c: sum(len(s["text"]) for t in c["turns"] for s in t["question"] + t["answer"]))
    start = rng.randrange(max(1, len(drawn) - batch + 1))
    return drawn[start : start + batch]


def train(model: TurnModel, pool: ImagePool, examples: list, args: argparse.Namespace) -> None:
    checkpoint = CACHE / "checkpoints" / f"{args.name}.pt"
    fresh = [p for p in model.language.parameters() if p.requires_grad]
    others = [] if args.lora_only else [
        {"params": model.projector.parameters(), "lr": args.projector_lr, "weight_decay": 0.01},
        {"params": model.mask.parameters(), "lr": args.mask_lr, "weight_decay": 0.01},
    ]
    optimiser = torch.optim.AdamW([{"params": fresh, "lr": args.lr, "weight_decay": 0.0}, *others])
    peak = [g["lr"] for g in optimiser.param_groups]
    start, log = 0, []
    if checkpoint.exists() and not args.restart:
        state = torch.load(checkpoint, weights_only=False)
        model.load(state)
        if state["name"] == args.name and not args.new_schedule:
            optimiser.load_state_dict(state["optimiser"])
            start, log = state["step"], state["log"]
    saved, window = time.monotonic(), []
    for step in tqdm(range(start, args.steps), initial=start, total=args.steps, desc=args.name, mininterval=10):
        warm = min(1.0, (step + 1) / 20)
        cosine = 0.05 + 0.95 * 0.5 * (1 + np.cos(np.pi * step / args.steps))
        for group, lr in zip(optimiser.param_groups, peak):
            group["lr"] = lr * warm * cosine
        rng = random.Random(step * 31 + args.seed)
        with_images = step % args.image_every == 0
        batch = conversations_for(step, args, examples, args.batch)
        loss, report = training_step(model, pool, batch, rng, with_images)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        window.append(report)
        last = step + 1 == args.steps
        if (step + 1) % 20 == 0 or last:
            keys = {k for r in window for k in r}
            log.append({"step": step + 1, **{k: round(float(np.mean([r[k] for r in window if k in r])), 4) for k in sorted(keys)}})
            tqdm.write(json.dumps(log[-1]))
            window = []
        if time.monotonic() - saved > 180 or last:
            torch.save({
                "name": args.name, "projector": model.projector.state_dict(), "mask": model.mask.state_dict(), "lora": model.language.lora_state(),
                "optimiser": optimiser.state_dict(), "step": step + 1, "log": log,
            }, checkpoint)
            saved = time.monotonic()
    LOGS.mkdir(parents=True, exist_ok=True)
    (LOGS / f"{args.name}.json").write_text(json.dumps({"args": {k: str(v) for k, v in vars(args).items()}, "log": log}, indent=1) + "\n")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--steps", type=int, default=400)
    parser.add_argument("--batch", type=int, default=8, help="conversations per step")
    parser.add_argument("--lr", type=float, default=6e-4, help="LoRA")
    parser.add_argument("--projector-lr", type=float, default=1e-3)
    parser.add_argument("--mask-lr", type=float, default=2e-4)
    parser.add_argument("--image-every", type=int, default=2, help="every n-th step trains projector and masks too")
    parser.add_argument("--images", type=int, help="about so many images, from all shards alike (default: all)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--expert", default="expert")
    parser.add_argument("--mask", default="mask")
    parser.add_argument("--lora-only", action="store_true", help="train LoRA alone: projector and mask decoder stay as they are")
    parser.add_argument("--no-ltc", action="store_true", help="ablation: image tokens are plain window means, without the coarse-to-fine attention")
    parser.add_argument("--lora-from", metavar="NAME", help="start LoRA and mask decoder from this checkpoint, the projector anew (ablations of the projector)")
    parser.add_argument("--new-schedule", action="store_true", help="start from the checkpoint's weights, but at step 0")
    parser.add_argument("--restart", action="store_true")
    parser.add_argument("--name", default="language")


def run(args: argparse.Namespace) -> None:
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    folder = CACHE / "checkpoints"
    store = FeatureStore()
    model = open_model(args.expert, compress=not args.no_ltc)
    if (folder / f"{args.mask}.pt").exists():
        model.mask.load_state_dict(torch.load(folder / f"{args.mask}.pt", weights_only=False)["model"])
    if args.lora_from:
        state = torch.load(folder / f"{args.lora_from}.pt", weights_only=False)
        model.language.load_lora(state["lora"])
        model.mask.load_state_dict(state["mask"])
    if args.lora_only:
        model.freeze_all_but_lora()
    pool = ImagePool(store, args.images)
    examples = [e for e in map(example_from_record, load_records(ANOMALY_SETS)) if pool.knows(e)]
    train(model, pool, examples, args)
