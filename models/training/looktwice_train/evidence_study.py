"""`evidence-study`: what other readings of the same evidence would rank, on the domains that each fit left out.

For every domain with both labels (cached features: run `features` and `evidence` first), peaks of novelty and contrast per view under the fit that
never saw the domain, put together in several ways. Prints a Markdown table of image AUROC per domain and mean. No weights are trained here.
"""
from __future__ import annotations

import argparse

import numpy as np
import torch
from sklearn.metrics import roc_auc_score
from tqdm import tqdm

from .data.features_store import FeatureStore, Group
from .modules.evidence import CONTRAST_PATCHES, CONTRAST_WEIGHT, LOWEST, NOVEL_PATCHES, NOVELTY_WEIGHT, Evidence
from .stages.evidence import load_evidence
from .stages.expert import evaluation_groups

FORMS = {
    "**shipped: the highest view**": lambda base, tiles: max(base, *tiles),
    "the highest tile": lambda base, tiles: max(tiles),
    "the base view": lambda base, tiles: base,
    "mean of the base view and the highest tile": lambda base, tiles: (base + max(tiles)) / 2,
    "mean of the base view and the tiles' mean": lambda base, tiles: (base + np.mean(tiles)) / 2,
    "mean of the two highest views": lambda base, tiles: np.sort([base, *tiles])[-2:].mean(),
    "mean of all views": lambda base, tiles: np.mean([base, *tiles]),
}
WEIGHTS = {"novelty alone": (1, 0), "contrast alone": (0, 1), "novelty + contrast": (1, 1)}


@torch.no_grad()
def view_peaks(evidence: Evidence, store: FeatureStore, group: Group) -> np.ndarray:
    """[2,V]: peak novelty over the view's mean and peak contrast of every view, as modules/evidence.py takes them, in units of their spread."""
    levels = store.levels(group)
    cues, valid = torch.from_numpy(store.cues(group, levels)), torch.from_numpy(store.get(group, "valid").astype(np.float32))
    tensor, hidden = torch.from_numpy(levels), (1 - valid) * LOWEST
    novelty, contrast = evidence.novelty(evidence.middle(tensor, valid), cues), evidence.contrast(tensor, valid)
    mean = (novelty * valid).sum(-1) / valid.sum(-1).clamp(min=1)
    peak = (novelty + hidden).topk(NOVEL_PATCHES, dim=-1).values.mean(-1) - mean
    high = (contrast + hidden).topk(CONTRAST_PATCHES, dim=-1).values.mean(-1)
    return (torch.stack([peak, high]) / evidence.scale[:, None]).numpy()


def score(peaks: np.ndarray, form, weights: tuple[float, float]) -> float:
    """Weighted sum of both peaks, each put together from the views by `form`."""
    both = [row[0] if len(row) == 1 else form(row[0], row[1:]) for row in peaks]
    return float(np.dot(weights, both))


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--cap", type=int, default=40, help="images per domain and label")
    parser.add_argument("--threads", type=int, default=2)


def run(args: argparse.Namespace) -> None:
    torch.set_num_threads(args.threads)
    store = FeatureStore(("real", "tiles"))
    domains = sorted({g.domain for g in store.groups})
    found: dict[str, tuple[list[int], list[np.ndarray]]] = {}
    for domain in tqdm([d for d in domains if {g.label for g in store.groups if g.domain == d} == {0, 1}], desc="domains"):
        evidence = Evidence()
        evidence.load_state_dict(load_evidence(domain))
        groups = evaluation_groups(store, domain, args.cap)
        found[domain] = [g.label for g in groups], [view_peaks(evidence, store, g) for g in groups]
    shipped = next(iter(FORMS.values()))
    rows = {name: (form, (NOVELTY_WEIGHT, CONTRAST_WEIGHT)) for name, form in FORMS.items()}
    rows |= {f"the highest view, {name}": (shipped, weights) for name, weights in WEIGHTS.items()}
    print("| reading |", " | ".join(found), "| mean |")
    print("|---" * (len(found) + 2) + "|")
    for name, (form, weights) in rows.items():
        aurocs = [roc_auc_score(labels, [score(p, form, weights) for p in peaks]) for labels, peaks in found.values()]
        print(f"| {name} |", " | ".join(f"{100 * a:.1f}" for a in [*aurocs, np.mean(aurocs)]), "|")
