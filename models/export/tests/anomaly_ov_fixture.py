"""Writes tests/fixtures/anomaly-ov: encoder and expert of small random weights as the runtime's graphs, and what PyTorch says about one input.

Usage: anomaly_ov_fixture.py OUT. Needs the packages of ../requirements.txt.
"""

import json
import sys
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from anomaly_ov import BundleExpert, Encoder, Expert, VisionSizes, export  # noqa: E402

# As with SigLIP at 384 px, the patches do not fill the side: 59 = 4 x 14 + 3.
SIZES = VisionSizes(image=59, patch=14, width=16, heads=2, inner=24, layers=5, levels=(1, 2, 3, 4))
VIEWS = 3


def main() -> None:
    out = Path(sys.argv[1])
    torch.manual_seed(5)
    encoder, expert = Encoder(SIZES).eval(), BundleExpert(Expert(SIZES, embedding=12, head=8), SIZES.width, language_width=20).eval()
    export(encoder, expert, out)
    # A pattern that needs no file: the test makes the same.
    count = VIEWS * 3 * SIZES.image**2
    pixels = torch.sin(torch.arange(count, dtype=torch.float64) * 0.37).float().reshape(VIEWS, 3, SIZES.image, SIZES.image)
    valid = torch.ones(VIEWS, SIZES.grid**2)
    valid[2, SIZES.grid * 2 :] = 0
    with torch.no_grad():
        levels = encoder(pixels)
        maps, significance, score, image_tokens, anomaly_tokens, _, _ = expert(levels, levels[:, -1].mean(1), valid)
    values = {"maps": maps, "significance": significance, "score": score, "imageTokens": image_tokens, "anomalyTokens": anomaly_tokens}
    expected = {name: [round(float(value), 6) for value in tensor.flatten()] for name, tensor in values.items()}
    (out / "expected.json").write_text(json.dumps(expected) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
