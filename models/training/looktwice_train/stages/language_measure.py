"""`language-measure`: how well a checkpoint of `language` predicts conversations that it was not trained on.

Fresh conversations from the generator (their seed lies outside those that training draws from), about images that were trained on,
so this measures the wording, not how verdicts transfer. Prints, in all and by task, the loss per answer token and how often the
likeliest token is the right one; and the loss of the masks that H_seg asks for.
"""
from __future__ import annotations

import argparse
import json
import random
from collections import defaultdict

import numpy as np
import torch
from tqdm import tqdm

from ..data.conversations import build
from ..data.features_store import FeatureStore
from ..data.records import ANOMALY_SETS, load_records
from ..instruct import example_from_record, generate
from ..paths import CACHE
from .turns import ImagePool, TurnModel, as_spliced_at_run_time, open_model, training_step

SEED = 7_777_777_777  # above every seed of `conversations_for`


def by_turn(model: TurnModel, pool: ImagePool, conversation: dict, rng: random.Random) -> list[tuple[str, list[float], list[bool]]]:
    """Task, losses and hits of the answer tokens of every turn."""
    group = pool.find(conversation, rng)
    pair = None if group is None else model.tokens_of(group, pool.store)
    views = 0 if group is None else len(group.rows)
    ends = [len(build(model.encoder, {**conversation, "turns": conversation["turns"][: n + 1]}, views).ids) for n in range(len(conversation["turns"]))]
    sequence = build(model.encoder, conversation, views)
    ids = torch.tensor([sequence.ids])
    hidden, _ = model.language(model.embed(ids, [pair]))
    wanted = [i for i, counted in enumerate(sequence.loss) if counted]
    logits = model.language.logits(hidden[0, [i - 1 for i in wanted]])
    target = ids[0, wanted]
    losses = torch.nn.functional.cross_entropy(logits, target, reduction="none").tolist()
    hits = (logits.argmax(-1) == target).tolist()
    turns, start = [], 0
    for turn, end in zip(conversation["turns"], ends):
        own = [n for n, i in enumerate(wanted) if start <= i < end]
        turns.append((turn["task"], [losses[n] for n in own], [hits[n] for n in own]))
        start = end
    return turns


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--n", type=int, default=300, help="conversations")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--expert", default="expert")
    parser.add_argument("--name", default="language", help="the checkpoint")


@torch.no_grad()
def run(args: argparse.Namespace) -> None:
    torch.set_num_threads(args.threads)
    store = FeatureStore()
    pool = ImagePool(store)
    model = open_model(args.expert, CACHE / "checkpoints" / f"{args.name}.pt")
    rng = random.Random(SEED)
    examples = [e for e in map(example_from_record, load_records(ANOMALY_SETS)) if pool.knows(e)]
    conversations = [as_spliced_at_run_time(c) for c in generate(examples, SEED, args.n)]
    losses: dict[str, list[float]] = defaultdict(list)
    hits: dict[str, list[bool]] = defaultdict(list)
    masks: list[float] = []
    for conversation in tqdm(conversations, desc=args.name, mininterval=5):
        for index, (task, loss, hit) in enumerate(by_turn(model, pool, conversation, rng)):
            for name in ("all", "first answers" if index == 0 else "further answers", task):
                losses[name] += loss
                hits[name] += hit
        if conversation["label"] and not conversation.get("virtual"):
            _, report = training_step(model, pool, [conversation], rng, with_images=True)
            masks += [report["mask"]] if "mask" in report else []
    table = {
        name: {"tokens": len(loss), "loss": round(float(np.mean(loss)), 4), "accuracy": round(float(np.mean(hits[name])), 4)}
        for name, loss in sorted(losses.items()) if loss
    }
    print(json.dumps({"mask_loss": round(float(np.mean(masks)), 4), "masks": len(masks), "text": table}, indent=1))
