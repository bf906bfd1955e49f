"""Makes a complete bundle of the folder that anomaly_ov.py and qwen2_language.py have written to.

Usage: bundle.py FOLDER [--tokenizer FOLDER_OF_THE_TOKENIZER] [--id ID] [--version VERSION] [--system PROMPT] [--licences FILE.json]

FOLDER holds `encoder.onnx`, `expert.onnx`, `vision.json` and `language.onnx`, `language.json` with their data; `tokenizer.json` (and `tokenizer_config.json`, if
there is one) are copied from the tokenizer's folder, or are in FOLDER already. Written are `similarity.onnx`, which has no weights, and `manifest.json`: sizes,
token ids, checksums of every file, and a neutral calibration, since nothing was measured. The bundle has no segmenter: its masks are the anomaly map
above one half. Where language.json names a `remote` model, which a server runs, there is no `language.onnx`. A `playbook.json` in FOLDER (models/mini has one)
becomes part of the bundle. Then `looktwice bundle verify FOLDER` and, with LOOKTWICE_BUNDLE=FOLDER, every other command run it.

Whatever does not fit together is told in one line that names the file and the field.
"""

import argparse
import hashlib
import json
import re
import shutil
from collections.abc import Mapping
from pathlib import Path

import onnx
from onnx import TensorProto

GRAPHS = ("encoder.onnx", "expert.onnx", "similarity.onnx")
LANGUAGE = "language.onnx"
SIMILARITY = Path(__file__).resolve().parents[1] / "mini" / "similarity.onnx"
"""The nearest-neighbour distance has no weights: every bundle has the same graph."""
TOKENIZER = ("tokenizer.json", "tokenizer_config.json")
CONTROLS = {"imStart": "<|im_start|>", "imEnd": "<|im_end|>", "endOfText": "<|endoftext|>"}
OPTIONAL_CONTROLS = {"image": "<image>", "seg": "<seg>"}
FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
SYSTEM = "You are a helpful assistant."
"""What LLaVA-OneVision's Qwen2 was tuned with."""
TILES = {"grids": [[1, 2], [2, 1], [2, 2], [1, 3], [3, 1], [1, 4], [4, 1]], "noTilesFactor": 1.25}
"""At most four tiles: each costs as much time as the base view."""
LICENCES = [
    {"component": "encoder.onnx, expert.onnx", "source": "Anomaly-OV (Xu et al., CVPR 2025) and LLaVA-OneVision's SigLIP", "licence": "as their publishers state"},
    {"component": "language.onnx, tokenizer.json", "source": "LLaVA-OneVision-Qwen2", "licence": "as its publisher states"},
    {"component": "similarity.onnx", "source": "LookTwice (no weights)", "licence": "Apache-2.0"},
]
POSITIVE, NUMBER, NUMBERS = "a positive whole number", "a number", "three numbers"
FIELDS = {
    "vision.json": {
        "vision": {**dict.fromkeys(("imageSize", "patch", "grid", "width", "levels"), POSITIVE), "mean": NUMBERS, "std": NUMBERS},
        "expert": dict.fromkeys(("imageTokens", "globalWidth", "featureWidth"), POSITIVE),
    },
    "language.json": {
        **dict.fromkeys(("layers", "heads", "kvHeads", "headDim", "width", "vocab", "context"), POSITIVE), "ropeTheta": NUMBER,
        "embedding": {"file": "a text", "format": "a text", "weights": {"offset": NUMBER, "bytes": POSITIVE}},
    },
}


def calibration(levels: int) -> dict:
    """Scores as the expert gives them, masks above one half of the map, and a comparison with references of equal weight: nothing here was measured."""
    return {
        "bias": 0.0, "temperature": 1.0, "buckets": [0.3, 0.7], "data": "none: neutral values, nothing was measured on this bundle",
        "reference": {
            "topFraction": 0.01, "levels": list(range(max(1, levels - 1))), "weight": 0.5, "priorMean": 0.3, "priorDeviation": 0.05, "priorCount": 1,
            "scale": 1.0, "bias": -3.0,
        },
        "mapMask": {"threshold": 0.5, "minAreaFraction": 0.0002, "maxRegions": 16, "fallbackFraction": 0.5},
    }


def read_json(path: Path, hint: str) -> dict:
    """The object in a file; SystemExit names the file, and says in `hint` where it comes from."""
    if not path.is_file():
        raise SystemExit(f"{path.name} is missing in {path.parent}: {hint}.")
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise SystemExit(f"{path.name} is not valid JSON ({error}): {hint}.") from error
    if not isinstance(value, dict):
        raise SystemExit(f"{path.name} holds no JSON object: {hint}.")
    return value


def is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def fits(value: object, wanted: str) -> bool:
    if wanted == POSITIVE:
        return is_number(value) and isinstance(value, int) and value > 0
    if wanted == NUMBERS:
        return isinstance(value, list) and len(value) == 3 and all(map(is_number, value))
    return is_number(value) if wanted == NUMBER else isinstance(value, str)


def check_fields(file: str, found: Mapping, wanted: Mapping, prefix: str = "") -> None:
    for name, kind in wanted.items():
        field = f"{prefix}{name}"
        if name not in found:
            raise SystemExit(f"{file}: {field} is missing: convert the checkpoint again.")
        if isinstance(kind, Mapping):
            if not isinstance(found[name], Mapping):
                raise SystemExit(f"{file}: {field} must be an object, it is {json.dumps(found[name])}.")
            check_fields(file, found[name], kind, f"{field}.")
        elif not fits(found[name], kind):
            raise SystemExit(f"{file}: {field} must be {kind}, it is {json.dumps(found[name])}.")


def load_graph(folder: Path, name: str) -> onnx.ModelProto:
    """The graph without its weights; SystemExit when it is no ONNX file."""
    if not (folder / name).is_file():
        raise SystemExit(f"{name} is missing in {folder}: convert the checkpoint into that folder first.")
    try:
        return onnx.load(folder / name, load_external_data=False)
    except Exception as error:  # protobuf's own error type depends on its implementation
        raise SystemExit(f"{name} is no ONNX file: convert the checkpoint again.") from error


def data_files(folder: Path, name: str, model: onnx.ModelProto) -> set[str]:
    """The files beside a graph that hold its weights; each must be a plain file of the folder and long enough."""
    files: set[str] = set()
    for tensor in model.graph.initializer:
        entry = {pair.key: pair.value for pair in tensor.external_data}
        if tensor.data_location != TensorProto.EXTERNAL:
            continue
        file = entry.get("location", "")
        if not FILE_NAME.fullmatch(file):
            raise SystemExit(f"{name}: weight {tensor.name} lies in {file!r}, which is no plain file name.")
        if not (folder / file).is_file():
            raise SystemExit(f"{file} is missing in {folder}: {name} has its weights there.")
        end = int(entry.get("offset", 0)) + int(entry.get("length", 0))
        if end > (folder / file).stat().st_size:
            raise SystemExit(f"{file} is cut off: {name} expects {tensor.name} up to byte {end}, it has {(folder / file).stat().st_size}.")
        files.add(file)
    return files


def check_shape(name: str, model: onnx.ModelProto, value: str, axis: int, wanted: int, field: str) -> None:
    """SystemExit when an axis of an input or output is not what a field of a .json file says."""
    found = next((each for each in [*model.graph.input, *model.graph.output] if each.name == value), None)
    if found is None:
        raise SystemExit(f"{name} has no input or output {value}: convert the checkpoint again.")
    dimensions = found.type.tensor_type.shape.dim
    size = dimensions[axis].dim_value if -len(dimensions) <= axis < len(dimensions) else None
    if size != wanted:
        raise SystemExit(f"{name}: axis {axis} of {value} is {size}, but {field} says {wanted}: both must come from the same checkpoint.")


def token_ids(tokenizer: Mapping, vocab: int) -> dict[str, int]:
    """The control tokens' ids for the manifest. `<image>` and `<seg>` are left out where the vocabulary has none."""
    model = tokenizer.get("model")
    if not isinstance(model, Mapping) or not isinstance(model.get("vocab"), Mapping) or not isinstance(model.get("merges"), list):
        raise SystemExit("tokenizer.json: model must be a BPE with vocab and merges.")
    added = {token.get("content"): token.get("id") for token in tokenizer.get("added_tokens") or [] if isinstance(token, Mapping)}
    if not all(isinstance(index, int) for index in [*model["vocab"].values(), *added.values()]):
        raise SystemExit("tokenizer.json: every token of model.vocab and added_tokens must have a whole number as id.")
    ids = {name: added[token] for name, token in {**CONTROLS, **OPTIONAL_CONTROLS}.items() if token in added}
    missing = next((token for name, token in CONTROLS.items() if name not in ids), None)
    if missing is not None:
        raise SystemExit(f"tokenizer.json: added_tokens lacks {missing}: is it the tokenizer of a Qwen2 chat model?")
    highest = max([*model["vocab"].values(), *added.values()])
    if highest >= vocab:
        raise SystemExit(f"tokenizer.json: token {highest} is outside of language.json's vocab of {vocab}: both must come from the same checkpoint.")
    return ids


def file_entry(path: Path) -> dict:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {"sha256": digest, "bytes": path.stat().st_size, "trained": False}


def write_bundle(folder: Path, name: str = "anomaly-ov", version: str = "0.1.0", system: str = SYSTEM, licences: list[dict] | None = None) -> dict:
    """Writes `similarity.onnx` and `manifest.json` into the folder and returns the manifest; SystemExit names what is wrong."""
    seeing = read_json(folder / "vision.json", "run anomaly_ov.py with --out on that folder first")
    language = read_json(folder / "language.json", "run qwen2_language.py with --out on that folder first")
    tokenizer = read_json(folder / "tokenizer.json", "name the folder that has it with --tokenizer")
    check_fields("vision.json", seeing, FIELDS["vision.json"])
    check_fields("language.json", language, FIELDS["language.json"])
    tokens = token_ids(tokenizer, language["vocab"])
    shutil.copyfile(SIMILARITY, folder / SIMILARITY.name)
    remote = language.get("remote")
    if remote is not None:
        check_fields("language.json", language, {"remote": {"model": "a text"}})
    names = list(GRAPHS) if remote else [*GRAPHS, LANGUAGE]
    graphs = {graph: load_graph(folder, graph) for graph in names}
    vision, expert, width = seeing["vision"], seeing["expert"], language["width"]
    for graph, value, axis, wanted, field in (
        ("encoder.onnx", "pixels", -1, vision["imageSize"], "vision.json's vision.imageSize"),
        ("encoder.onnx", "levels", -1, vision["width"], "vision.json's vision.width"),
        ("expert.onnx", "levels", 1, vision["levels"], "vision.json's vision.levels"),
        ("expert.onnx", "image_tokens", 0, expert["imageTokens"], "vision.json's expert.imageTokens"),
        ("expert.onnx", "image_tokens", -1, width, "language.json's width"),
        ("language.onnx", "embeds", -1, width, "language.json's width"),
        ("language.onnx", "logits", -1, language["vocab"], "language.json's vocab"),
    ):
        if graph in graphs:
            check_shape(graph, graphs[graph], value, axis, wanted, field)
    data = set().union(*(data_files(folder, graph, model) for graph, model in graphs.items()))
    embedding, weights = language["embedding"]["file"], language["embedding"]["weights"]
    if not FILE_NAME.fullmatch(embedding) or not (folder / embedding).is_file():
        raise SystemExit(f"language.json: embedding.file is {embedding!r}, which is no file of {folder}.")
    if weights["bytes"] != 4 * language["vocab"] * width or weights["offset"] + weights["bytes"] > (folder / embedding).stat().st_size:
        raise SystemExit(f"language.json: embedding.weights is no float32 matrix of {language['vocab']} x {width} inside of {embedding}.")
    optional = [file for file in (TOKENIZER[1], "playbook.json") if (folder / file).is_file()]
    manifest = {
        "format": 1, "id": name, "version": version, "minimumRuntime": "0.1.0",
        "files": {file: file_entry(folder / file) for file in [*names, *sorted(data | {embedding}), TOKENIZER[0], *optional]},
        "vision": {**vision, **TILES}, "expert": expert, "language": {**language, "tokens": tokens, "system": system},
        "calibration": calibration(vision["levels"]), "licences": licences or LICENCES, "metrics": {},
    }
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return manifest


def read_licences(path: Path) -> list[dict]:
    """A list of {component, source, licence}; SystemExit names what is wrong."""
    entries = read_json(path, "give a file with a list under licences").get("licences")
    wanted = ("component", "source", "licence")
    whole = isinstance(entries, list) and all(isinstance(entry, dict) and all(isinstance(entry.get(key), str) for key in wanted) for entry in entries)
    if not entries or not whole:
        raise SystemExit(f"{path.name}: licences must be a list of objects with {', '.join(wanted)}.")
    return entries


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--tokenizer", type=Path, help="folder that has tokenizer.json, as the checkpoint's")
    parser.add_argument("--id", default="anomaly-ov", help="lower-case letters, digits and hyphens")
    parser.add_argument("--version", default="0.1.0")
    parser.add_argument("--system", default=SYSTEM, help="system prompt of every conversation")
    parser.add_argument("--licences", type=Path, help='JSON file {"licences": [{"component", "source", "licence"}]} instead of the standing ones')
    arguments = parser.parse_args()
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,63}", arguments.id):
        raise SystemExit(f"--id {arguments.id!r} must be lower-case letters, digits and hyphens.")
    if not re.fullmatch(r"\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?", arguments.version):
        raise SystemExit(f"--version {arguments.version!r} must be a semantic version.")
    if arguments.tokenizer is not None and not (arguments.tokenizer / TOKENIZER[0]).is_file():
        raise SystemExit(f"tokenizer.json is missing in {arguments.tokenizer}: transformers writes one when it saves the tokenizer.")
    if arguments.tokenizer is not None and arguments.tokenizer.resolve() != arguments.folder.resolve():
        for file in TOKENIZER:
            if (arguments.tokenizer / file).is_file():
                shutil.copyfile(arguments.tokenizer / file, arguments.folder / file)
    licences = None if arguments.licences is None else read_licences(arguments.licences)
    manifest = write_bundle(arguments.folder, arguments.id, arguments.version, arguments.system, licences)
    total = sum(entry["bytes"] for entry in manifest["files"].values())
    print(f"{arguments.id}@{arguments.version}: {len(manifest['files'])} files, {total / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
