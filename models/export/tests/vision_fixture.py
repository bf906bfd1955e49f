"""Encoder and expert of small random weights, as the runtime's graphs, and one input for them; bundle_fixture.py writes them to tests/fixtures."""

import sys
from pathlib import Path

import torch
from torch import Tensor

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from anomaly_ov import BundleExpert, Encoder, Expert, VisionSizes, export  # noqa: E402

# As with SigLIP at 384 px, the patches do not fill the side: 31 = 4 x 7 + 3.
SIZES = VisionSizes(image=31, patch=7, width=16, heads=2, inner=24, layers=5, levels=(1, 2, 3, 4))
VIEWS = 3


def small_vision(language_width: int) -> tuple[Encoder, BundleExpert]:
    torch.manual_seed(5)
    encoder, expert = Encoder(SIZES).eval(), BundleExpert(Expert(SIZES, embedding=12, head=8), SIZES.width, language_width).eval()
    with torch.no_grad():
        # Random weights score about one half; a suspicious image is the one whose answer has a mask.
        expert.expert.final_predictor[2].bias += 1
    return encoder, expert


def write_vision(out: Path, language_width: int) -> dict[str, Tensor]:
    """Writes the graphs and `vision.json`; returns what PyTorch says about a pattern that needs no file: the test makes the same."""
    encoder, expert = small_vision(language_width)
    export(encoder, expert, out)
    count = VIEWS * 3 * SIZES.image**2
    pixels = torch.sin(torch.arange(count, dtype=torch.float64) * 0.37).float().reshape(VIEWS, 3, SIZES.image, SIZES.image)
    valid = torch.ones(VIEWS, SIZES.grid**2)
    valid[2, SIZES.grid * 2 :] = 0
    with torch.no_grad():
        levels = encoder(pixels)
        maps, significance, score, image_tokens, anomaly_tokens, _, _ = expert(levels, levels[:, -1].mean(1), valid)
    return {"maps": maps, "significance": significance, "score": score, "imageTokens": image_tokens, "anomalyTokens": anomaly_tokens}
