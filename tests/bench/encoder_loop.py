"""The loop a person would write in Python: open, resize, normalise, run the bundle's encoder, image by image.

Usage: encoder_loop.py BUNDLE SIDE IMAGES.txt [--expert]. With --expert each image goes through the anomaly expert as well and its map is resized to
256 x 256, which is what `eval` does per image. Prints {"images": n, "seconds": s, "peakMemoryMb": m}; loading the models and the first image are not
timed. Needs numpy, pillow and onnxruntime. The sessions have ONNX Runtime's own settings: all cores.
"""

import json
import resource
import sys
import time
from pathlib import Path

import numpy as np
import onnxruntime
from PIL import Image

MEAN = np.array([0.485, 0.456, 0.406], dtype=np.float32)
STD = np.array([0.229, 0.224, 0.225], dtype=np.float32)


def load(path: str, side: int) -> np.ndarray:
    with Image.open(path) as image:
        pixels = np.asarray(image.convert("RGB").resize((side, side), Image.Resampling.BICUBIC), dtype=np.float32)
    return ((pixels / 255 - MEAN) / STD).transpose(2, 0, 1)[None]


def main() -> None:
    bundle, side, listing = Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
    with_expert = "--expert" in sys.argv[4:]
    paths = listing.read_text(encoding="utf-8").splitlines()
    encoder = onnxruntime.InferenceSession(bundle / "encoder.onnx", providers=["CPUExecutionProvider"])
    expert = onnxruntime.InferenceSession(bundle / "expert.onnx", providers=["CPUExecutionProvider"]) if with_expert else None

    def look(path: str) -> None:
        levels, cls = encoder.run(["levels", "cls"], {"pixels": load(path, side)})
        if expert is not None:
            valid = np.ones((1, levels.shape[2]), dtype=np.float32)
            maps, _ = expert.run(["maps", "score"], {"levels": levels, "cls": cls, "valid": valid})
            grid = int(maps.shape[1] ** 0.5)
            Image.fromarray(maps[0].reshape(grid, grid)).resize((256, 256), Image.Resampling.BILINEAR)

    look(paths[0])
    started = time.perf_counter()
    for path in paths:
        look(path)
    seconds = time.perf_counter() - started
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    json.dump({"images": len(paths), "seconds": seconds, "peakMemoryMb": memory}, sys.stdout)


if __name__ == "__main__":
    main()
