"""The image score's statistics against their definition, and the fairness of the images that validation takes."""
from __future__ import annotations

import numpy as np
import pytest
import torch

from looktwice_train.data.records import ANOMALY_SETS, load_records
from looktwice_train.data.samples import HELD_CAP, validated
from looktwice_train.modules.dssl import NEIGHBOURHOOD
from looktwice_train.modules.evidence import CONTRAST_PATCHES, NOVEL_PATCHES, Evidence, statistics
from looktwice_train.paths import DATA


def top(values: np.ndarray, count: int) -> float:
    return float(np.sort(values)[-count:].mean())


@pytest.mark.parametrize("views", [1, 2, 5])
def test_statistics_follow_their_definition(views: int) -> None:
    rng = np.random.default_rng(views)
    novelty, contrast = rng.random((2, views, 784), np.float32)
    valid = np.ones((views, 784), np.float32)
    valid[1:, 500:] = 0
    kinds = [novelty[0], novelty[1:, :500].ravel() if views > 1 else novelty[0]]
    wanted = np.mean([top(kind, NOVEL_PATCHES) - kind.mean() for kind in kinds])
    shown_views = [view[shown > 0] for view, shown in zip(novelty, valid, strict=True)]
    relative = max(np.log(top(view, NOVEL_PATCHES) / view.mean()) for view in shown_views)
    highest = max(top(view[shown > 0], CONTRAST_PATCHES) for view, shown in zip(contrast, valid, strict=True))
    found = statistics(*(torch.from_numpy(x) for x in (novelty, contrast, valid))).numpy()
    np.testing.assert_allclose(found, [relative, wanted, highest], rtol=1e-5)


def test_novelty_is_the_distance_to_the_nearest_patch_that_is_not_a_neighbour() -> None:
    evidence, levels = Evidence(), torch.randn(1, 4, 784, 384, generator=torch.Generator().manual_seed(0))
    valid = torch.ones(1, 784)
    valid[:, 600:] = 0
    found = evidence.novelty(levels, valid)[0].numpy()
    unit = (levels[0] / levels[0].norm(dim=-1, keepdim=True)).numpy()
    rows, columns = np.divmod(np.arange(784), 28)
    for patch in (0, 29, 405, 599):
        far = (np.maximum(abs(rows - rows[patch]), abs(columns - columns[patch])) > NEIGHBOURHOOD) & (np.arange(784) < 600)
        wanted = np.mean([1 - (level[far] @ level[patch]).max() for level in unit])
        assert found[patch] == pytest.approx(wanted, abs=1e-5)


@pytest.mark.skipif(not DATA.is_dir(), reason="the shared data sets are not there")
def test_validation_takes_small_and_large_images_as_they_come() -> None:
    records = [r for r in load_records(ANOMALY_SETS) if r.domain == "magnetic_tile"]
    for label in (0, 1):
        taken = [r for r in validated(records) if r.label == label]
        assert len(taken) == HELD_CAP
        shares = [np.mean([max(r.width, r.height) > 490 for r in group if r.label == label]) for group in (taken, records)]
        assert abs(shares[0] - shares[1]) < 0.1
