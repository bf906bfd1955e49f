"""The exported graphs beside PyTorch, on small random weights of the same architecture; pytest, needs torch, onnx, onnxscript and onnxruntime."""

import sys
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from anomaly_ov import (  # noqa: E402
    BundleExpert,
    Encoder,
    Expert,
    VisionSizes,
    export,
    load_exactly,
    projector_tensors,
    vision_tensors,
)

SIZES = VisionSizes(image=70, patch=10, width=32, heads=4, inner=48, layers=5, levels=(1, 2, 3, 4))


@pytest.fixture(scope="module")
def converted(tmp_path_factory):
    torch.manual_seed(7)
    encoder, expert = Encoder(SIZES).eval(), BundleExpert(Expert(SIZES, embedding=24, head=16), SIZES.width, language_width=40).eval()
    out = tmp_path_factory.mktemp("anomaly-ov")
    export(encoder, expert, out)
    return encoder, expert, out


@pytest.mark.parametrize("views", [1, 3, 5])
def test_graphs_agree_with_pytorch(converted, views):
    encoder, expert, out = converted
    pixels = torch.randn(views, 3, SIZES.image, SIZES.image)
    valid = (torch.rand(views, 49) > 0.2).float()
    with torch.no_grad():
        levels = encoder(pixels)
        expected = expert(levels, levels[:, -1].mean(1), valid)
    found, cls = onnxruntime.InferenceSession(out / "encoder.onnx").run(["levels", "cls"], {"pixels": pixels.numpy()})
    np.testing.assert_allclose(found, levels.numpy(), atol=1e-3)
    results = onnxruntime.InferenceSession(out / "expert.onnx").run(None, {"levels": found, "cls": cls, "valid": valid.numpy()})
    for result, wanted in zip(results, expected, strict=True):
        np.testing.assert_allclose(result, wanted.numpy(), atol=1e-3)
    assert [result.shape for result in results] == [(views, 49), (views,), (1,), (49, 40), (1 + 4 * views, 40), (views, 49, 32), (1, 32)]


def test_quarters_are_those_of_adaptive_pooling(converted):
    _, expert, _ = converted
    x = torch.randn(2, 3, 49)
    wanted = torch.nn.functional.adaptive_avg_pool2d(x.unflatten(-1, (7, 7)), 2).flatten(2).transpose(1, 2)
    torch.testing.assert_close(expert.expert.pool(x), wanted)


def test_names_are_read_with_any_prefix_and_missing_ones_named(converted):
    encoder, _, _ = converted
    prefixed = {f"model.vision_tower.vision_tower.vision_model.{name}": tensor for name, tensor in encoder.state_dict().items()}
    again = Encoder(SIZES)
    load_exactly(again, vision_tensors(prefixed), "checkpoint")
    assert all(torch.equal(a, b) for a, b in zip(again.state_dict().values(), encoder.state_dict().values(), strict=True))
    prefixed.popitem()
    with pytest.raises(SystemExit, match="lacks 1 tensors"):
        load_exactly(again, vision_tensors(prefixed), "checkpoint")


def test_the_projector_is_found_in_a_whole_checkpoint(converted):
    _, expert, _ = converted
    prefixed = {f"model.mm_projector.{name}": tensor for name, tensor in expert.projector.state_dict().items()} | {"lm_head.weight": torch.zeros(2)}
    assert sorted(projector_tensors(prefixed)) == ["0.bias", "0.weight", "2.bias", "2.weight"]
