"""`evidence`: fit the image score's evidence (modules/evidence.py) in closed form, once for all data and once per held-out domain.

One pass over the features accumulates, per domain, the second moments of the patches' local contrast with defective and clean
patches weighing the same; ridge regression on the sum over the training domains gives the contrast direction. A second pass
measures the image statistics and fits the slope of the score (logistic, every domain and label weighing the same).
"""
from __future__ import annotations

import argparse
from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np
import torch
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from torch import Tensor
from tqdm import tqdm

from ..data.features_store import FeatureStore, Group
from ..modules.evidence import WEIGHTS, Evidence, deviation, ring_mean, statistics
from ..paths import CACHE

LEVELS, WIDTH = 4, 384
CAPS = {"real": 160, "synth": 130, "tiles": 12, "crops": 60}  # images per shard, domain and label
POSITIVE, NEGATIVE = 16, 24  # patches per view
DEFECTIVE = 0.12  # masked fraction from which a patch counts as defective
SYNTHETIC_WEIGHT = 0.7
RIDGE = 1.0  # in units of the mean feature variance


@dataclass
class Moments:
    """Second moments of local contrast of one domain (real or synthetic), balanced by class."""

    gram: Tensor = field(default_factory=lambda: torch.zeros(LEVELS * WIDTH + 1, LEVELS * WIDTH + 1))
    target: Tensor = field(default_factory=lambda: torch.zeros(LEVELS * WIDTH + 1))
    features: list[Tensor] = field(default_factory=list)
    defective: list[Tensor] = field(default_factory=list)

    def finish(self) -> None:
        """Turn the collected patches into moments and let go of them."""
        x = torch.cat(self.features).float()
        y = torch.cat(self.defective).float()
        weight = torch.where(y > 0, 0.5 / y.sum().clamp(min=1), 0.5 / (1 - y).sum().clamp(min=1))
        x = torch.cat([x, torch.ones(len(x), 1)], 1)
        self.gram, self.target = (x * weight[:, None]).T @ x, x.T @ (weight * (2 * y - 1))
        self.features, self.defective = [], []


def local_contrast(levels: Tensor, valid: Tensor) -> Tensor:
    """levels [N,L,P,D], valid [N,P] -> [N,P,L*D]: each patch minus its ring's mean, over the view's deviation."""
    n, count, p, d = levels.shape
    planes = levels.permute(0, 1, 3, 2).reshape(n, count * d, p)
    ring = ring_mean(planes, valid).reshape(n, count, d, p)
    return ((levels.permute(0, 1, 3, 2) - ring) / deviation(levels, valid)[..., None]).permute(0, 3, 1, 2).reshape(n, p, count * d)


def collect(store: FeatureStore, seed: int) -> dict[str, Moments]:
    """Moments per domain; synthetic anomalies on a domain's pictures are kept apart as `domain|synthetic`."""
    rng = np.random.default_rng(seed)
    counts: dict[tuple[str, str, int], int] = defaultdict(int)
    found: dict[str, Moments] = defaultdict(Moments)
    for index in tqdm(rng.permutation(len(store.groups)), desc="patches", mininterval=10):
        group = store.groups[index]
        key = (group.shard, group.domain, group.label)
        counts[key] += group.masked
        if not group.masked or counts[key] > CAPS[group.shard]:
            continue
        levels = torch.from_numpy(store.levels(group))
        valid = torch.from_numpy(store.get(group, "valid").astype(np.float32))
        target, contrast = torch.from_numpy(store.patch_target(group)), local_contrast(levels, valid)
        into = found[group.domain + ("|synthetic" if group.shard == "synth" else "")]
        for view in range(len(levels)):
            usable = valid[view] > 0
            if (group.shard == "tiles" and view == 0) or usable.sum() < 100:
                continue
            defective = (target[view] > DEFECTIVE) & usable
            clean = (target[view] == 0) & usable
            for where, limit, label in ((defective, POSITIVE, 1), (clean, NEGATIVE, 0)):
                chosen = torch.from_numpy(rng.permutation(where.nonzero()[:, 0].numpy())[:limit])
                into.features.append(contrast[view][chosen].half())
                into.defective.append(torch.full((len(chosen),), label))
    for moments in found.values():
        moments.finish()
    return found


def fit(moments: dict[str, Moments], held: str | None, synthetic: float = SYNTHETIC_WEIGHT) -> Evidence:
    """The contrast direction from every domain but `held`; `synthetic`: weight of a domain's synthetic anomalies."""
    kept = {name: m for name, m in moments.items() if name.split("|")[0] != held}
    weights = {name: synthetic if name.endswith("|synthetic") else 1.0 for name in kept}
    gram = sum(weights[n] * m.gram for n, m in kept.items()) / sum(weights.values())
    target = sum(weights[n] * m.target for n, m in kept.items()) / sum(weights.values())
    unit = gram.diagonal()[:-1].sqrt()
    scale = torch.cat([unit, torch.ones(1)])
    gram, target = (gram / scale[:, None] / scale).double(), (target / scale).double()
    direction = torch.zeros(LEVELS * WIDTH, dtype=torch.float64)
    # All levels, and the deepest alone: each in units of its own output, then summed.
    for columns in (torch.arange(LEVELS * WIDTH), torch.arange((LEVELS - 1) * WIDTH, LEVELS * WIDTH)):
        chosen = torch.cat([columns, torch.tensor([LEVELS * WIDTH])])
        part = gram[chosen][:, chosen]
        solved = torch.linalg.solve(part + RIDGE * torch.eye(len(chosen), dtype=torch.float64), target[chosen])[:-1]
        direction[columns] += solved / (solved @ part[:-1, :-1] @ solved).sqrt()
    evidence = Evidence()
    evidence.direction.copy_((direction.float() / unit).reshape(LEVELS, WIDTH))
    return evidence.eval()


@torch.no_grad()
def measure(store: FeatureStore, groups: list[Group], evidences: dict[str | None, Evidence]) -> dict[str | None, Tensor]:
    """Image statistics [n,3] of the groups under every fit (key: the domain that it left out)."""
    rows: dict[str | None, list[Tensor]] = {held: [] for held in evidences}
    for group in tqdm(groups, desc="images", mininterval=10):
        levels = store.levels(group)
        valid, tensor = torch.from_numpy(store.get(group, "valid").astype(np.float32)), torch.from_numpy(levels)
        novelty = next(iter(evidences.values())).novelty(tensor, valid)  # the same for all of them, and the costliest part
        for held, evidence in evidences.items():
            rows[held].append(statistics(novelty, evidence.contrast(tensor, valid), valid))
    return {held: torch.stack(found) for held, found in rows.items()}


def fit_score(evidence: Evidence, found: Tensor, groups: list[Group]) -> None:
    """Scales of the statistics (their spread inside a domain), slope and offset of the logit."""
    domains, labels = np.array([g.domain for g in groups]), np.array([g.label for g in groups])
    evidence.scale.copy_(torch.stack([found[torch.from_numpy(domains == d)].std(0) for d in sorted(set(domains))]).mean(0))
    sums = (found / evidence.scale) @ torch.tensor(WEIGHTS)
    weight = np.array([1 / ((domains == d) & (labels == y)).sum() for d, y in zip(domains, labels)])
    model = LogisticRegression(C=100).fit(sums[:, None].numpy(), labels, weight)
    evidence.slope.fill_(float(model.coef_[0, 0]))
    evidence.offset.fill_(float(model.intercept_[0]))


def load_evidence(held: str | None = None, name: str = "evidence") -> dict[str, Tensor]:
    """State of the fit that left out `held`. Raises FileNotFoundError naming the command that makes it."""
    path = CACHE / "checkpoints" / f"{name}.pt"
    if not path.exists():
        raise FileNotFoundError(f"{path} is missing: run `looktwice_train evidence` first.")
    return torch.load(path, weights_only=False)[held]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--synthetic-weight", type=float, default=SYNTHETIC_WEIGHT, help="0 leaves synthetic anomalies out (ablation)")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--commercial-only", action="store_true", help="leave out sets whose licences exclude or do not name commercial use")
    parser.add_argument("--name", default="evidence")


def run(args: argparse.Namespace) -> None:
    from ..data.records import NON_COMMERCIAL
    torch.set_num_threads(args.threads)
    store = FeatureStore()
    store.groups = [g for g in store.groups if not (args.commercial_only and g.meta["dataset"] in NON_COMMERCIAL)]
    moments = collect(store, args.seed)
    domains = sorted({g.domain for g in store.groups if g.shard == "real"})
    groups = [g for g in store.groups if g.shard == "tiles"]  # the slope is to fit images with tiles, where the highest of several views counts
    fits: dict[str | None, Evidence] = {held: fit(moments, held, args.synthetic_weight) for held in [None, *domains]}
    found = measure(store, groups, fits)
    aurocs: list[float] = []
    for held, evidence in fits.items():
        kept = [i for i, g in enumerate(groups) if g.domain != held]
        fit_score(evidence, found[held][kept], [groups[i] for i in kept])
        own = [i for i, g in enumerate(groups) if g.domain == held]
        auroc = roc_auc_score([groups[i].label for i in own], evidence.logit(found[held][own]).numpy()) if own else float("nan")
        aurocs.append(auroc)
        print(held or "all", f"held-out image AUROC {auroc:.3f} slope {float(evidence.slope):.3f} offset {float(evidence.offset):.3f} scale {evidence.scale.tolist()}")
    print(f"mean held-out image AUROC {np.nanmean(aurocs):.3f}")
    folder = CACHE / "checkpoints"
    folder.mkdir(parents=True, exist_ok=True)
    torch.save({held: e.state_dict() for held, e in fits.items()}, folder / f"{args.name}.pt")
