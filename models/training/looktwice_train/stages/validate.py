"""`validate`: leave-one-dataset-out validation of the expert, zero-shot and with references, and the calibration that follows.

For every domain that has a held-out expert (`expert --lodo`), scores its images with the model that never saw the domain:
zero-shot, and with K normal reference images (DSSL at inference, as lib/anomaly/reference-bank.ts does it) in several draws, since four
images may tell a lot or little. Writes logs/validation.json with the table, and the bundle's calibration over all held-out domains and draws; afterwards with
`--shots 0` logs/validation-zero-shot.json and the zero-shot threshold from more images than references leave time for, with `--shots 1` logs/validation-single.json and how
the score of a single reference is fused.
"""
from __future__ import annotations

import argparse
import json

import numpy as np
import torch
from torch import Tensor
from tqdm import tqdm

from ..data.features_store import FeatureStore, Group
from ..data.sampler import collate
from ..data.samples import HELD_CAP, TILED
from ..modules.calibration import (
    Key,
    Rows,
    auroc,
    fit_calibration,
    fit_map_weight,
    fit_single,
    fit_verdict,
    fused_auroc,
    fused_score,
    held_out_accuracy,
    own_logit,
    pixel_metrics,
    reference_distance,
    verdicts,
    with_weight,
)
from ..modules.evidence import statistics
from ..modules.ltfm import AnomalyExpert
from ..modules.orientation import LEAST_SHARE, reference_patches
from ..modules.references import Bank, normal_of, view_patches
from ..paths import CACHE, LOGS
from .expert import evaluation_groups
from .mask import load_expert

PEAK, PEAK_PATCHES = 0.2, 3  # how the map's peak would join the score, in logits per logit: part of the table only


def score_parts(expert: AnomalyExpert, batch: dict[str, Tensor], novelty: Tensor, out: dict[str, Tensor]) -> dict[str, float]:
    """What the score is made of and what it leaves out, for the table of the parts and the ablations."""
    levels, valid = batch["levels"][0], batch["valid"][0]
    relative, absolute, contrast = statistics(novelty, expert.evidence.contrast(levels, valid), valid).tolist()
    logits = out["logits"][0].clamp(-12, 12).mean(1) + (valid - 1) * 1e4
    peak = float(logits.topk(PEAK_PATCHES, dim=-1).values.mean(-1).amax())
    score = float(out["score"])
    return {"relative_novelty": relative, "novelty": absolute, "contrast": contrast, "map_peak": peak, "score_and_peak": score + PEAK * peak, "global_token": float(out["token_score"])}


@torch.no_grad()
def score_domain(expert: AnomalyExpert, store: FeatureStore, groups: list[Group], banks: dict[int, Bank], draws: dict[int, list[Group]]) -> tuple[Rows, dict[int, Rows]]:
    """-> zero-shot rows of all groups; per draw the rows of those that are not its references, with the scores that its bank gives."""
    own: Rows = []
    compared: dict[int, Rows] = {seed: [] for seed in draws}
    for group in groups:
        batch = collate(store, [group])
        novelty = expert.evidence.novelty(batch["levels"][0], batch["valid"][0])
        out = expert(batch["levels"], batch["cues"], batch["valid"], novelty[None])
        row = {"label": group.label, "logit": float(out["score"]), "parts": score_parts(expert, batch, novelty, out), "map": out["maps"][0, 0].numpy(), "masked": group.masked,
               "mask": store.get(group, "mask")[0] > 127, "dataset": group.meta["dataset"]}
        own.append(row)
        patches = view_patches(store, group) if banks else {}
        for seed, bank in banks.items():
            if group not in draws[seed]:
                reference, reference_map = bank.score(patches)
                compared[seed].append({**row, "reference": reference, "reference_map": reference_map})
    return own, compared


def draw_references(groups: list[Group], shots: int, seeds: list[int]) -> dict[int, list[Group]]:
    """Per seed, `shots` of the normal images; none where there are too few to spare them."""
    normals = [g for g in groups if g.label == 0]
    if not shots or len(normals) <= 2 * shots:
        return {}
    return {seed: [normals[i] for i in np.random.default_rng(seed).permutation(len(normals))[:shots]] for seed in seeds}


def mean_of(entries: list[dict], key: str) -> float | None:
    """Mean of `key` over the entries that have it."""
    found = [e[key] for e in entries if e.get(key) is not None]
    return float(np.mean(found)) if found else None


def reference_rows(table: dict[str, dict], sets: dict[Key, Rows], calibration: dict, maps: dict[Key, dict[str, float]]) -> None:
    """Adds the domains' `shots` (references alone) and `fused` entries: means over the draws, and every draw's image AUROC."""
    for domain, entry in table.items():
        keys = [key for key in sets if key[0] == domain]
        if not keys:
            continue
        alone = [{"auroc": auroc(sets[key], reference_distance), **pixel_metrics(sets[key], "reference_map")} for key in keys]
        fused = [{"auroc": auroc(sets[key], lambda r: fused_score(r, calibration)), **maps.get(key, {})} for key in keys]
        for name, found in (("shots", alone), ("fused", fused)):
            entry[name] = {k: mean_of(found, k) for k in ("auroc", "pixel_auroc", "pro")} | {"auroc_by_draw": [f["auroc"] for f in found]}


def zero_shot_verdicts(own: dict[str, Rows], bias: float) -> dict[str, float]:
    """How right the zero-shot verdicts are, also with thresholds that the other domains choose."""
    return verdicts(own.values(), own_logit, bias) | {"accuracy_with_the_others_threshold": held_out_accuracy({(domain, 0): rows for domain, rows in own.items()}, own_logit)}


def verdict_figures(own: dict[str, Rows], sets: dict[Key, Rows], calibration: dict) -> dict:
    """How right the verdicts are, zero-shot and with references, also with thresholds that the other domains choose."""
    reference = calibration["reference"]
    compared = verdicts(sets.values(), reference_distance, -reference["bias"] / reference["scale"])
    compared["accuracy_with_the_others_threshold"] = held_out_accuracy(sets, reference_distance)
    return {"verdicts": {"zero_shot": zero_shot_verdicts(own, calibration["bias"]), "references": compared}}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--name", default="lodo3", help="name of the held-out experts (expert --lodo --name)")
    parser.add_argument("--shots", type=int, default=4, help="reference images; 0 measures zero-shot alone")
    parser.add_argument("--cap", type=int, default=HELD_CAP, help="images per domain and label, at most those that `features` encoded")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2], help="draws of references")
    parser.add_argument("--evidence", default="evidence", help="name of the evidence fit (ablations)")
    parser.add_argument("--turned-share", type=float, default=LEAST_SHARE, help="from which share of patches nearer to turned references these count in all orientations: 0 always, 1 never")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--no-calibration", action="store_true", help="only write the table (for ablations)")
    parser.add_argument("--domains", nargs="+", help="only these of the held-out domains; needs --no-calibration, which comes from all of them")
    parser.add_argument("--log", help="logs/validation-LOG.json instead of validation-NAME.json, with --no-calibration")


def run(args: argparse.Namespace) -> None:
    if args.domains and not args.no_calibration:
        raise SystemExit("validate: --domains needs --no-calibration, since the calibration comes from all held-out domains.")
    stored = CACHE / "calibration.json"
    if args.shots < 2 and not args.no_calibration and not stored.exists():
        raise SystemExit(f"validate: --shots {args.shots} adds to what --shots 4 has written; run that first, or with --no-calibration.")
    torch.set_num_threads(args.threads)
    store = FeatureStore(("real", *TILED))
    sets: dict[Key, Rows] = {}
    own: dict[str, Rows] = {}
    table: dict[str, dict] = {}
    normal: dict[str, dict[str, float]] = {}
    turned: dict[str, dict[int, float | None]] = {}
    held_out = {path.stem.split("-lodo-")[1]: path for path in sorted((CACHE / "checkpoints").glob(f"{args.name}-lodo-*.pt"))}
    unknown = [domain for domain in args.domains or [] if domain not in held_out]
    if unknown:
        raise SystemExit(f"validate: no expert {args.name} was held out from {', '.join(unknown)}; there are {', '.join(held_out) or 'none'}.")
    for domain, path in tqdm([(d, p) for d, p in held_out.items() if not args.domains or d in args.domains], desc="validate"):
        groups = evaluation_groups(store, domain, args.cap)
        expert = load_expert(path, domain, args.evidence)
        draws = draw_references(groups, args.shots, args.seeds)
        banks, shares = {}, {}
        for seed, references in draws.items():
            patches, shares[seed] = reference_patches(store, references, args.turned_share)
            banks[seed] = Bank(patches)
        if banks and args.shots > 1:
            normal[domain] = normal_of(banks.values())
        if draws:
            turned[domain] = shares
        rows, compared = score_domain(expert, store, groups, banks, draws)
        own[domain] = rows
        sets |= {(domain, seed): found for seed, found in compared.items()}
        table[domain] = {"n": len(rows), "zero_shot": {"auroc": auroc(rows, own_logit), **pixel_metrics(rows, "map")},
                         "parts": {name: auroc(rows, lambda r, name=name: r["parts"][name]) for name in rows[0]["parts"]}}
    summary: dict = {"shots": args.shots, "seeds": args.seeds, "cap": args.cap, "shares_nearer_to_turned_references": turned}
    if sets:
        calibration = fit_calibration(sets, own)
        quality, maps = fit_map_weight(sets, calibration)
        reference_rows(table, sets, calibration, maps)
        by_draw = {seed: fused_auroc({k: rows for k, rows in sets.items() if k[1] == seed}, calibration) for seed in args.seeds}
        by_weight = {w: fused_auroc(sets, with_weight(calibration, w)) for w in (0.0, 0.25, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)}
        summary |= verdict_figures(own, sets, calibration)
        summary |= {"calibration": calibration, "fused_auroc_by_draw": by_draw, "fused_auroc_by_weight": by_weight, "fused_maps_by_weight": quality}
        if args.shots == 1:
            known = json.loads(stored.read_text()) if stored.exists() else calibration
            single, by_weight = fit_single(sets, calibration | {name: known[name] for name in ("bias", "temperature")})
            summary |= {"single": single, "single_by_weight": by_weight}
            calibration = known | {"reference": known["reference"] | {"single": single}}
    else:
        bias, temperature = fit_verdict(own)
        summary |= {"bias": bias, "temperature": temperature, "verdicts": {"zero_shot": zero_shot_verdicts(own, bias)}}
        calibration = {"bias": bias, "temperature": temperature}
        if stored.exists():
            calibration = json.loads(stored.read_text()) | calibration
    if not args.no_calibration:
        stored.write_text(json.dumps(calibration, indent=1) + "\n")
    if normal:
        summary["normal"] = {name: mean_of(list(normal.values()), name) for name in ("mean", "deviation", "own")}
    parts = next(iter(table.values()))["parts"]
    summary |= {
        "mean_auroc": {k: mean_of([t[k] for t in table.values() if k in t], "auroc") for k in ("zero_shot", "shots", "fused")},
        "mean_auroc_of_parts": {k: mean_of([t["parts"] for t in table.values()], k) for k in parts},
        "mean_maps": {k: {m: mean_of([t[k] for t in table.values() if k in t], m) for m in ("pixel_auroc", "pro")} for k in ("zero_shot", "shots", "fused")},
        "domains": table,
    }
    LOGS.mkdir(parents=True, exist_ok=True)
    suffix = f"-{args.log or args.name}" if args.no_calibration else {0: "-zero-shot", 1: "-single"}.get(args.shots, "")
    (LOGS / f"validation{suffix}.json").write_text(json.dumps(summary, indent=1) + "\n")
    print(json.dumps({k: v for k, v in summary.items() if k != "domains"}, indent=1))
    for domain, entry in table.items():
        print(domain, json.dumps(entry))
