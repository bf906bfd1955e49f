"""The loop a person would write in Python: open, resize, normalise, run the bundle's encoder, image by image.

Usage: encoder_loop.py ENCODER.onnx SIDE IMAGES.txt. Prints {"images": n, "seconds": s, "peakMemoryMb": m}; loading the model and the first
image are not timed. Needs numpy, pillow and onnxruntime. The session has ONNX Runtime's own settings: all cores.
"""

import json
import resource
import sys
import time

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
    encoder, side, listing = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    with open(listing, encoding="utf-8") as file:
        paths = file.read().splitlines()
    session = onnxruntime.InferenceSession(encoder, providers=["CPUExecutionProvider"])
    session.run(["levels", "cls"], {"pixels": load(paths[0], side)})
    started = time.perf_counter()
    for path in paths:
        session.run(["levels", "cls"], {"pixels": load(path, side)})
    seconds = time.perf_counter() - started
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    json.dump({"images": len(paths), "seconds": seconds, "peakMemoryMb": memory}, sys.stdout)


if __name__ == "__main__":
    main()
