"""The exported form of the expert against the form that is trained."""
from __future__ import annotations

import pytest
import torch

from looktwice_train.modules.graphs import ExpertGraph
from looktwice_train.modules.ltc import LtcProjector
from looktwice_train.modules.ltfm import AnomalyExpert, ExpertConfig
from looktwice_train.modules.segmenter import MaskFeatures

NAMES = ("maps", "significance", "score", "image_tokens", "anomaly_tokens", "features", "global")


def modules(**config: bool) -> tuple[AnomalyExpert, LtcProjector, MaskFeatures]:
    """With weights of every kind away from their neutral start."""
    torch.manual_seed(0)
    found = AnomalyExpert(ExpertConfig(**config)).eval(), LtcProjector().eval(), MaskFeatures().eval()
    with torch.no_grad():
        for module in found:
            for value in (*module.parameters(), *module.buffers()):
                if value.is_floating_point():
                    value += torch.randn_like(value) * 0.05
        found[0].evidence.scale.fill_(0.3)
    return found


def features(views: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Hidden states with a mean of their own per channel, as encoders have, and tiles of which a part shows nothing."""
    rng = torch.Generator().manual_seed(views)
    levels = torch.randn(views, 4, 784, 384, generator=rng) + torch.randn(1, 4, 1, 384, generator=rng) * 2
    valid = torch.ones(views, 784)
    valid[1:, 500:] = 0
    return levels, torch.randn(views, 384, generator=rng), valid


@pytest.mark.parametrize("views", [1, 3])
def test_exported_form_computes_what_was_trained(views: int) -> None:
    parts = modules()
    given = features(views)
    with torch.no_grad():
        lean = ExpertGraph(*parts).eval()(*given)
        plain = ExpertGraph(*parts, lean=False).eval()(*given)
    for name, found, wanted in zip(NAMES, lean, plain, strict=True):
        torch.testing.assert_close(found, wanted, rtol=1e-4, atol=1e-5, msg=lambda text, name=name: f"{name}: {text}")


def test_ablated_experts_have_no_exported_form() -> None:
    with pytest.raises(ValueError, match="ablated"):
        ExpertGraph(*modules(look_back=False))
