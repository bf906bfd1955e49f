"""The bundle run in Python: the yardstick that the TypeScript runtime must agree with, and what `evaluate` measures.

`python -m looktwice_train.reference_infer OUT.json IMAGE...` writes the parity fixture.
"""
from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime as ort
from PIL import Image

from .data.views import GRID, SIZE, load_rgb, make_views, normalise, select_grid
from .paths import BUNDLE


def libvips_resize(image: Image.Image, size: tuple[int, int]) -> np.ndarray:
    """uint8 [h,w,3]: the resampling that the runtime's sharp does (libvips, cubic)."""
    import pyvips

    source = pyvips.Image.new_from_array(np.asarray(image))
    return source.resize(size[0] / image.width, vscale=size[1] / image.height, kernel="cubic").numpy()


def session(path: Path, threads: int = 2) -> ort.InferenceSession:
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    return ort.InferenceSession(str(path), options)


@dataclass
class Encoded:
    """An image's views through the encoder: values [V,3,S,S], levels [V,4,P,D], cls [V,D], valid [V,P]."""

    values: np.ndarray
    levels: np.ndarray
    cls: np.ndarray
    valid: np.ndarray


@dataclass
class Inspection:
    """What one image gives: raw expert outputs, and the mask logits with the default prompt."""

    outputs: dict[str, np.ndarray]
    mask_logits: np.ndarray
    type_logits: np.ndarray
    levels: np.ndarray
    valid: np.ndarray


class Reference:
    """Encoder + expert + segmenter sessions of a bundle's folder."""

    def __init__(self, folder: Path = BUNDLE, threads: int = 2) -> None:
        self.encoder, self.expert, self.segmenter = (session(folder / f"{n}.onnx", threads) for n in ("encoder", "expert", "segmenter"))
        self.manifest = json.loads((folder / "manifest.json").read_text())

    def encode(self, image: Image.Image) -> Encoded:
        """The image's views through the encoder, which bundles of one encoder can share."""
        pixels, _, valid = make_views(image, resize=libvips_resize)
        values = normalise(pixels)
        levels, cls = self.encoder.run(["levels", "cls"], {"pixels": values})
        return Encoded(values, levels, cls, valid)

    def look(self, encoded: Encoded, prompt: np.ndarray | None = None) -> Inspection:
        """Expert and mask decoder on encoded views; `prompt` [1,W] is H_seg, None the learned default prompt."""
        names = [o.name for o in self.expert.get_outputs()]
        outputs = dict(zip(names, self.expert.run(None, {"levels": encoded.levels, "cls": encoded.cls, "valid": encoded.valid})))
        masks, types = self.segmenter.run(None, {
            "features": outputs["features"], "maps": outputs["maps"], "pixels": encoded.values,
            "prompt": np.zeros((1, 576), np.float32) if prompt is None else prompt,
            "use_prompt": np.array([0.0 if prompt is None else 1.0], np.float32),
        })
        return Inspection(outputs, masks, types, encoded.levels, encoded.valid)

    def inspect(self, path: Path, prompt: np.ndarray | None = None) -> Inspection:
        """Inspect one image file."""
        return self.look(self.encode(load_rgb(path)), prompt)

    def calibrated(self, raw: float) -> float:
        """The score that the runtime reports: sigmoid((logit(raw) - bias) / temperature)."""
        c = self.manifest["calibration"]
        raw = min(max(raw, 1e-6), 1 - 1e-6)
        return float(1 / (1 + np.exp(-(np.log(raw / (1 - raw)) - c["bias"]) / c["temperature"])))


def fixture(reference: Reference, path: Path) -> dict:
    """Score, significance, coarse map and mask of one image, rounded for the fixture file."""
    result = reference.inspect(path)
    base = result.outputs["maps"][0].reshape(7, GRID // 7, 7, GRID // 7).mean((1, 3))
    return {
        "image": path.name,
        "grid": list((lambda p: (p.columns, p.rows))(select_grid(*load_rgb(path).size))),
        "score": round(float(result.outputs["score"][0]), 5),
        "significance": [round(float(s), 5) for s in result.outputs["significance"]],
        "map7": [[round(float(v), 4) for v in row] for row in base],
        "imageTokenNorms": [round(float(v), 4) for v in np.linalg.norm(result.outputs["image_tokens"], axis=-1)],
        "anomalyTokenNorms": [round(float(v), 4) for v in np.linalg.norm(result.outputs["anomaly_tokens"], axis=-1)],
        "maskFraction": [round(float((m > 0).mean()), 5) for m in result.mask_logits],
        "type": int(result.type_logits[0].argmax()),
    }


def main() -> None:
    reference = Reference()
    rows = [fixture(reference, Path(p)) for p in sorted(sys.argv[2:])]
    Path(sys.argv[1]).write_text(json.dumps({"viewSize": SIZE, "bundle": reference.manifest["version"], "images": rows}, indent=1) + "\n")


if __name__ == "__main__":
    main()
