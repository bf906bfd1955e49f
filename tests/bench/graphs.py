"""Times of the bundle's encoder, expert and language graphs, one after the other: what docs/benchmarks.md and docs/decisions/language-graph.md say of them.

Usage: python tests/bench/graphs.py [BUNDLE] [--busy N]. Prints JSON, medians in ms: one view through the encoder and the expert on random features, in one thread; a prompt of 300 positions in runs of 128
and a single token after it, on all cores, with both language graphs and with threads that sleep, wait awake for 50 us (as the runtime has it) or for ever.
--busy N keeps N other processes busy meanwhile. A BUNDLE of an older revision (git worktree) gives the times before. Needs numpy and onnxruntime.
"""

import argparse
import json
import multiprocessing
import time
from functools import partial
from pathlib import Path

import numpy as np
import onnxruntime

POSITIONS, RUN = 300, 128
WAITING = {
    "asleep": {"allow_spinning": "0"},
    "50 us": {"allow_spinning": "1", "spin_duration_us": "50"},
    "for ever": {"allow_spinning": "1"},
}
rng = np.random.default_rng(0)


def session(path: Path, threads: int = 0, waiting: str = "50 us") -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    for key, value in WAITING[waiting].items():
        options.add_session_config_entry(f"session.intra_op.{key}", value)
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def run_all(graph: onnxruntime.InferenceSession, feeds: list[dict]) -> None:
    for feed in feeds:
        graph.run(None, feed)


def median(work, times: int) -> float:
    work()
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return round(float(np.median(taken)) * 1000, 2)


def expert(bundle: Path, manifest: dict) -> dict[str, float]:
    vision = manifest["vision"]
    graph, patches = session(bundle / "expert.onnx", threads=1), vision["grid"] ** 2
    found = {}
    for views in (1, 5):
        feeds = {
            "levels": rng.normal(size=(views, vision["levels"], patches, vision["width"])).astype(np.float32),
            "cls": np.zeros((views, vision["width"]), np.float32),
            "valid": np.ones((views, patches), np.float32),
        }
        found[f"{views} views"] = median(partial(graph.run, None, feeds), 15)
    return found


def encoder(bundle: Path, manifest: dict) -> float:
    side = manifest["vision"]["imageSize"]
    graph = session(bundle / "encoder.onnx", threads=1)
    pixels = rng.normal(size=(1, 3, side, side)).astype(np.float32)
    return median(lambda: graph.run(None, {"pixels": pixels}), 15)


def run_over(past: int, count: int, language: dict) -> dict[str, np.ndarray]:
    """Feeds of a run over `count` positions after `past` others."""
    total, width = past + count, language["kvHeads"] * language["headDim"]
    mask = np.triu(np.full((count, total), -1e9, np.float32), past + 1)
    caches = {f"{kind}_cache.{i}": rng.normal(size=(1, total, width)).astype(np.float32) for i in range(language["layers"]) for kind in ("key", "value")}
    return {"embeds": rng.normal(0, 0.1, (1, count, language["width"])).astype(np.float32), "position": np.array([past], np.int64), "mask": mask, **caches}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("bundle", type=Path, nargs="?", default=Path(__file__).parents[2] / "models/mini")
    parser.add_argument("--busy", type=int, default=0)
    args = parser.parse_args()
    manifest = json.loads((args.bundle / "manifest.json").read_text(encoding="utf-8"))
    others = [multiprocessing.Process(target=keep_busy, daemon=True) for _ in range(args.busy)]
    for other in others:
        other.start()
    prompt = [run_over(past, min(RUN, POSITIONS - past), manifest["language"]) for past in range(0, POSITIONS, RUN)]
    token = run_over(POSITIONS, 1, manifest["language"])
    result: dict = {"busy": args.busy, "encoder": encoder(args.bundle, manifest), "expert": expert(args.bundle, manifest)}
    for name in ("language.onnx", "language.prefill.onnx"):
        if (args.bundle / name).exists():
            for waiting in WAITING:
                graph = session(args.bundle / name, waiting=waiting)
                result[f"{name}, {waiting}"] = {
                    "token": median(partial(graph.run, None, token), 60),
                    "prompt": median(partial(run_all, graph, prompt), 5),
                }
    print(json.dumps(result, indent=2))


def keep_busy() -> None:
    while True:
        pass


if __name__ == "__main__":
    main()
