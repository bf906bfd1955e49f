"""`breadth-assemble`: join trained heads into what `export` puts into the bundle (checkpoints/wide.pt).

Beside the heads' weights it holds the projection to principal components, the share that the most suspicious tile has in the score, and class tokens of
training images, spread evenly over the domains: the yardstick of how foreign an image is.
"""
from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch

from .graph import WideGraph
from .head import LEVELS, WideHead
from .store import Store
from .train import CHECKPOINTS

WIDE = CHECKPOINTS / "wide.pt"
KNOWN = 512
"""Class tokens that are kept."""


def known_tokens(store: Store, count: int = KNOWN) -> np.ndarray:
    """Unit class tokens [count,D], domain by domain in turns."""
    by_domain: dict[str, list[int]] = {}
    for index, meta in enumerate(store.meta):
        by_domain.setdefault(meta["domain"], []).append(index)
    rng = np.random.default_rng(0)
    queues = [list(rng.permutation(rows)) for _, rows in sorted(by_domain.items())]
    rows: list[int] = []
    while len(rows) < count and any(queues):
        rows += [queue.pop() for queue in queues if queue]
    tokens = store.class_tokens(rows[:count])
    return tokens / np.linalg.norm(tokens, axis=1, keepdims=True)


def save_wide(wide: WideGraph, path: Path = WIDE) -> None:
    """What `export` reads: the state of the graph and the sizes that it was made with."""
    torch.save({"state": wide.state_dict(), **wide.sizes()}, path)


def load_wide(path: Path = WIDE) -> WideGraph | None:
    """The assembled heads; None where there are none (a bundle without breadth)."""
    if not path.exists():
        return None
    saved = torch.load(path, weights_only=False)
    wide = blank(saved)
    wide.load_state_dict(saved["state"])
    return wide.eval()


def blank(sizes: dict) -> WideGraph:
    """A wide graph of the given sizes (`WideGraph.sizes`) with weights that mean nothing yet."""
    # Until version 0.5.0 all heads were of one form.
    configs = sizes.get("configs") or [sizes["config"]] * sizes["heads"]
    components = configs[0]["components"]
    basis = {"mean": np.zeros((LEVELS, 384)), "basis": np.zeros((LEVELS, 384, components)), "scale": np.ones((LEVELS, components))}
    return WideGraph([WideHead(**config) for config in configs], basis, sizes["tileShare"], np.zeros((sizes["known"], 384)))


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--heads", nargs="+", required=True, help="checkpoints of `breadth-train`, by name")
    parser.add_argument("--tile-share", type=float, default=0.5)


def run(args: argparse.Namespace) -> None:
    states = [torch.load(CHECKPOINTS / f"{name}.pt", weights_only=False) for name in args.heads]
    store = Store(("real",))
    heads = []
    for state in states:
        head = WideHead(**state["config"])
        head.load_state_dict(state["head"])
        heads.append(head)
    save_wide(WideGraph(heads, store.basis, args.tile_share, known_tokens(store)))
    print(f"{WIDE.name}: {len(heads)} heads, {KNOWN} class tokens")
