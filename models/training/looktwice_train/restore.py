"""`restore`: turn the shipped bundle back into checkpoints, so that a machine without the training cache can go on from it.

Writes checkpoints/{expert,mask,language,evidence}.pt, base/smollm2.npz, calibration.json and metrics.json; `export` then writes the same bundle again. The exporter renames, transposes and slices weights; which initializer is
which parameter is found by exporting the same graph with random weights, where every value tells where it went. What the graphs do
not hold is not restored: the expert's token head (training only), the biases of keys, which a softmax does not see, optimiser states, fits and experts that left a domain out.
"""
from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor, nn

from .breadth.assemble import WIDE, blank, save_wide
from .breadth.graph import WideGraph
from .export import export_trained
from .language_base.int4 import Int4Matrix
from .language_base.shipped import ShippedBase, save_shipped
from .modules.ltc import LtcProjector
from .modules.ltfm import AnomalyExpert, ExpertConfig
from .paths import BUNDLE, CACHE
from .stages.mask import MaskModel

NOT_EXPORTED = ("token_head.", "back.key.bias", "key.bias")


def initializers(path: Path) -> dict[str, np.ndarray]:
    """Every constant of a graph by name."""
    return {t.name: numpy_helper.to_array(t) for t in onnx.load(str(path)).graph.initializer}


def randomise(module: nn.Module, seed: int) -> None:
    """Distinct random values in every parameter and floating-point buffer, ones and zeros included."""
    rng = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for value in module.state_dict().values():
            if value.is_floating_point():
                value.copy_(torch.rand(value.shape, generator=rng) + 0.5)


def places(value: np.ndarray) -> list[tuple[str, np.ndarray]]:
    """The forms in which the exporter keeps a parameter: as it is, transposed, or row by row."""
    forms = [("whole", value.reshape(-1))]
    if value.ndim == 2:
        forms.append(("transposed", value.T.reshape(-1)))
    if value.ndim:
        forms += [(str(i), np.asarray(row).reshape(-1)) for i, row in enumerate(value)]
    return forms


def restore_state(module: nn.Module, fresh: dict[str, np.ndarray], shipped: dict[str, np.ndarray], left_out: tuple[str, ...] = NOT_EXPORTED) -> dict[str, Tensor]:
    """State of `module` read from `shipped`; `fresh` is the export of the module's present random values; keys that begin with one of `left_out` are not in the graphs.

    Raises ValueError naming a parameter that no initializer holds.
    """
    seen = {array.reshape(-1).tobytes(): name for name, array in fresh.items() if array.dtype == np.float32 and array.size}
    state: dict[str, Tensor] = {}
    for key, value in module.state_dict().items():
        if not value.is_floating_point() or key.startswith(left_out):
            continue
        found = np.full(value.shape, np.nan, np.float32)
        for form, flat in places(value.numpy()):
            name = seen.get(np.ascontiguousarray(flat).tobytes())
            if name is None:
                continue
            if form == "whole":
                found[...] = shipped[name].reshape(value.shape)
            elif form == "transposed":
                found[...] = shipped[name].reshape(value.shape[::-1]).T
            else:
                found[int(form)] = shipped[name].reshape(value.shape[1:])
        if np.isnan(found).any():
            raise ValueError(f"{key}: no initializer of the bundle's graph holds it; was the bundle exported by this version of the code?")
        state[key] = torch.from_numpy(found)
    return state


def restore_graphs(bundle: Path, seed: int = 5) -> tuple[AnomalyExpert, LtcProjector, MaskModel, WideGraph | None]:
    """The modules behind `expert.onnx` and `segmenter.onnx`."""
    expert, projector, mask = AnomalyExpert(ExpertConfig()).eval(), LtcProjector().eval(), MaskModel().eval()
    sizes = json.loads((bundle / "manifest.json").read_text())["expert"].get("wide")
    wide = None if sizes is None else blank(sizes).eval()
    modules = [expert, projector, mask.features, mask.segmenter, *([wide] if wide is not None else [])]
    for offset, module in enumerate(modules):
        randomise(module, seed + offset)
    with tempfile.TemporaryDirectory() as folder:
        export_trained(Path(folder), expert, projector, mask, wide)
        fresh = {name: initializers(Path(folder) / name) for name in ("expert.onnx", "segmenter.onnx")}
    shipped = {name: initializers(bundle / name) for name in fresh}
    # Beside a wide head nothing reads the evidence, and the exporter drops it.
    left_out = NOT_EXPORTED if wide is None else (*NOT_EXPORTED, "evidence.")
    for module, graph in zip(modules, ("expert.onnx", "expert.onnx", "expert.onnx", "segmenter.onnx", "expert.onnx"), strict=False):
        module.load_state_dict(restore_state(module, fresh[graph], shipped[graph], left_out), strict=False)
    if wide is not None:
        expert.evidence = AnomalyExpert(ExpertConfig()).evidence  # as before its fit, not the random values of above
    return expert, projector, mask, wide


def external(bundle: Path) -> dict[str, np.ndarray]:
    """The language graph's tensors that live in its data files."""
    found = {}
    for tensor in onnx.load(str(bundle / "language.onnx"), load_external_data=True).graph.initializer:
        found[tensor.name] = numpy_helper.to_array(tensor)
    return found


def restore_lora(tensors: dict[str, np.ndarray]) -> dict[str, Tensor]:
    """What `SmolLM2.lora_state()` gave the export."""
    halves = {name.removesuffix(".f16"): array for name, array in tensors.items() if name.endswith((".a.f16", ".b.f16"))}
    return {name: torch.from_numpy(array.astype(np.float32).T.copy()) for name, array in halves.items()}


def restore_base(tensors: dict[str, np.ndarray]) -> ShippedBase:
    """The int4 matrices and norms of `language.base.bin`."""
    matrices, norms = {}, {}
    for name, array in tensors.items():
        if name.endswith(".q"):
            key = name.removesuffix(".q")
            out, blocks, half = array.shape
            q = np.stack([array & 15, array >> 4], axis=-1).reshape(out, blocks * half * 2)
            packed = tensors[f"{key}.zero"].reshape(out, -1)
            zero = np.stack([packed & 15, packed >> 4], axis=-1).reshape(out, -1)[:, :blocks]
            matrices[key] = Int4Matrix(q, tensors[f"{key}.scale.f16"].reshape(out, blocks), zero)
        elif name.split(".")[-1] in ("norm", "attn_norm", "mlp_norm"):
            norms[name] = array
    return ShippedBase(matrices, norms)


def restore_plan(bundle: Path, language: dict) -> dict | None:
    """The checkpoint of `plan` behind the bundle's head; None without one."""
    plan = language.get("plan")
    if plan is None:
        return None
    rows = np.fromfile(bundle / plan["file"], "<f4").reshape(len(plan["names"]), plan["states"] + 1)
    return {"names": plan["names"], "least": plan["least"], "rows": torch.from_numpy(rows)}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--bundle", type=Path, default=BUNDLE)
    parser.add_argument("--force", action="store_true", help="overwrite checkpoints that are there")


def run(args: argparse.Namespace) -> None:
    folder, base = CACHE / "checkpoints", CACHE / "base"
    written = [*(folder / f"{name}.pt" for name in ("expert", "mask", "language", "evidence", "wide", "plan")), CACHE / "calibration.json", CACHE / "metrics.json"]
    taken = [path for path in written if path.exists()]
    if taken and not args.force:
        raise SystemExit(f"{taken[0].name} is in the cache already; give --force to overwrite what training left there.")
    folder.mkdir(parents=True, exist_ok=True)
    base.mkdir(parents=True, exist_ok=True)
    expert, projector, mask, wide = restore_graphs(args.bundle)
    tensors = external(args.bundle)
    torch.save({"config": expert.config, "average": {f"module.{k}": v for k, v in expert.state_dict().items()}}, folder / "expert.pt")
    torch.save({"model": mask.state_dict()}, folder / "mask.pt")
    torch.save({"name": "restored", "projector": projector.state_dict(), "mask": mask.state_dict(), "lora": restore_lora(tensors)}, folder / "language.pt")
    torch.save({None: expert.evidence.state_dict()}, folder / "evidence.pt")
    if wide is not None:
        save_wide(wide, folder / WIDE.name)
    save_shipped(base / "smollm2.npz", restore_base(tensors))
    manifest = json.loads((args.bundle / "manifest.json").read_text())
    plan = restore_plan(args.bundle, manifest["language"])
    if plan is not None:
        torch.save(plan, folder / "plan.pt")
    calibration = {**manifest["calibration"], "maskThreshold": manifest["segmenter"]["threshold"]}
    (CACHE / "calibration.json").write_text(json.dumps(calibration, indent=1) + "\n")
    (CACHE / "metrics.json").write_text(json.dumps({k: v for k, v in manifest["metrics"].items() if k != "trained"}, indent=1) + "\n")
    print(json.dumps({"restored": ["expert", "mask", "language", "base"], "from": args.bundle.name}))
