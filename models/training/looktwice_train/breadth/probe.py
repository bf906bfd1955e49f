"""`breadth-probe`: what the features of a domain tell about its own labels, beside what a head tells that has never seen the domain.

A linear probe is trained on three quarters of a domain's pictures and measured on the rest, in turns. It says what could be known from these features by whoever
knew the domain; the distance from there to the head's figure is what does not carry over, not what the encoder does not see.
"""
from __future__ import annotations

import argparse
import json

import numpy as np
import torch
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from ..paths import LOGS
from .domains import FOLDS
from .measure import measure
from .store import Store
from .train import CHECKPOINTS, load_head, rows_of

SPLITS = 4


def probe(store: Store, rows: list[int]) -> float:
    """Image AUROC of a linear probe over the mean patch of every level, cross-validated within the pictures of one domain."""
    labels = np.array([store.meta[i]["label"] for i in rows])
    data = store.batch(rows)
    weight = data["valid"] / data["valid"].sum(1, keepdim=True)
    mean = (data["z"] * weight[:, None, :, None]).sum(2).flatten(1).numpy()
    model = make_pipeline(StandardScaler(), LogisticRegression(C=0.01, max_iter=300))
    folds = StratifiedKFold(SPLITS, shuffle=True, random_state=0)
    return float(roc_auc_score(labels, cross_val_predict(model, mean, labels, cv=folds, method="decision_function")))


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--runs", nargs="+", default=["w4", "w4p"], help="heads that were trained by folds; their mean is measured")
    parser.add_argument("--threads", type=int, default=1)


def run(args: argparse.Namespace) -> None:
    torch.set_num_threads(args.threads)
    store = Store(("real",))
    table = {}
    for fold in FOLDS:
        heads = [load_head(CHECKPOINTS / f"{name}-{fold}-0.pt") for name in args.runs]
        rows = rows_of(store, lambda m, fold=fold: m["fold"] == fold and m["trusted"])
        for domain, found in measure(heads, store, rows).items():
            own = [i for i in rows if store.meta[i]["domain"] == domain]
            table[domain] = {"fold": fold, "medical": found["medical"], "head": found["auroc_both"], "probe": round(probe(store, own), 4)}
            print(json.dumps({domain: table[domain]}), flush=True)
    means = {key: round(float(np.mean([row[key] for row in table.values()])), 4) for key in ("head", "probe")}
    (LOGS / "breadth-probe.json").write_text(json.dumps({"runs": args.runs, "mean": means, "domains": table}, indent=1) + "\n")
    print(json.dumps(means))
