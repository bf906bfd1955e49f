"""The wide data and head: what is painted, what a graph gives, what is kept out of training."""
from __future__ import annotations

import numpy as np
import pytest
import torch

from looktwice_train.breadth import domains, exam
from looktwice_train.breadth.assemble import blank
from looktwice_train.breadth.head import WideHead, likeness_to_border, relative_to_view
from looktwice_train.breadth.paint import KINDS, LARGEST, SMALLEST, foreground, paint
from looktwice_train.breadth.train import Sampler, pair_loss
from looktwice_train.breadth.verdicts import decided, fit

CONFIG = {"components": 16, "width": 32, "inner": 16, "whole": False, "statistics": True}
SIZES = {"configs": [{**CONFIG, "surround": True}, {**CONFIG, "surround": False}], "tileShare": 0.5, "known": 8}


def part_on_a_plain_ground(seed: int) -> np.ndarray:
    """A textured disc on grey, 200 x 200."""
    rng = np.random.default_rng(seed)
    image = np.full((200, 200, 3), 205, np.uint8)
    y, x = np.mgrid[:200, :200]
    disc = (y - 100) ** 2 + (x - 100) ** 2 < 70**2
    image[disc] = np.clip(90 + 40 * np.sin(x[disc] / 5)[:, None] + rng.normal(0, 6, (int(disc.sum()), 3)), 0, 255)
    return image


@pytest.mark.parametrize("kind", KINDS)
def test_paint_marks_where_the_picture_changed(kind: str) -> None:
    image, donor = part_on_a_plain_ground(0), np.random.default_rng(1).integers(0, 255, (200, 200, 3)).astype(np.uint8)
    found = [paint(image, donor, np.random.default_rng(seed), (kind,)) for seed in range(6)]
    painted = [p for p in found if p is not None]
    assert painted, "no seed painted anything"
    for p in painted:
        assert SMALLEST < (p.mask > 0).mean() < LARGEST
        assert 0.25 <= p.weight <= 1
        change = np.abs(p.image.astype(int) - image).max(-1)
        assert change[p.mask > 0].mean() > 3 * change[p.mask == 0].mean()


def test_foreground_is_the_part_where_the_ground_is_plain() -> None:
    found = foreground(part_on_a_plain_ground(2))
    assert found[100, 100] and not found[3, 3]
    assert foreground(np.random.default_rng(0).integers(0, 255, (64, 64, 3)).astype(np.uint8)).all()


def test_relative_features_ignore_padding() -> None:
    z = torch.randn(1, 4, 784, 8)
    valid = torch.ones(1, 784)
    valid[:, 400:] = 0
    other = z.clone()
    other[:, :, 400:] = 99
    torch.testing.assert_close(relative_to_view(z, valid)[:, :, :400], relative_to_view(other, valid)[:, :, :400])


def test_what_looks_like_the_border_is_told_from_the_part() -> None:
    grid = torch.zeros(28, 28, dtype=torch.bool)
    grid[8:20, 8:20] = True
    part = grid.flatten()
    torch.manual_seed(0)
    z = torch.randn(1, 4, 784, 8) * 0.1
    z[:, :, part] += torch.tensor([1.0, 0, 0, 0, 0, 0, 0, 0])
    z[:, :, ~part] += torch.tensor([0, 1.0, 0, 0, 0, 0, 0, 0])
    like = likeness_to_border(z, torch.ones(1, 784), 28)
    assert like.shape == (1, 784, 8)
    # Noise leaves a patch in a hundred without a like one.
    assert (like[0, ~part].quantile(0.01, 0) > like[0, part].amax(0)).all()
    # What stands in the padding, and how large it is, changes nothing.
    valid = torch.ones(1, 784)
    valid[:, 700:] = 0
    other = z.clone()
    other[:, :, 700:] = 99
    torch.testing.assert_close(likeness_to_border(z, valid, 28)[:, :700], likeness_to_border(other, valid, 28)[:, :700])


def test_bundles_of_heads_of_one_form_are_read_as_before() -> None:
    wide = blank({"config": CONFIG, "heads": 2, "tileShare": 0.25, "known": 4})
    assert [head.config["surround"] for head in wide.heads] == [False, False]
    assert blank(wide.sizes()).sizes() == wide.sizes()


def test_graph_scores_an_image_by_its_base_view_and_its_highest_tile() -> None:
    torch.manual_seed(0)
    wide = blank(SIZES).eval()
    for value in (wide.projection, wide.known):
        value.copy_(torch.randn_like(value) * 0.1)
    levels, near = [torch.randn(3, 784, 384) for _ in range(4)], [torch.rand(3, 784) for _ in range(4)]
    cls, valid = torch.randn(3, 384), torch.ones(3, 784)
    with torch.no_grad():
        maps, score, foreign = wide(levels, near, cls, valid)
        _, by_view = wide.views(levels, near, cls, valid)
        alone = wide([x[:1] for x in levels], [x[:1] for x in near], cls[:1], valid[:1])
    assert maps.shape == (3, 784) and float(maps.min()) >= 0 and float(maps.max()) <= 1
    torch.testing.assert_close(score[0], by_view[0] + 0.5 * (by_view[1:].max() - by_view[0]))
    torch.testing.assert_close(alone[1][0], by_view[0])
    torch.testing.assert_close(alone[2], foreign)


def test_exam_domains_are_kept_out_of_training() -> None:
    if not (domains.DATA / "breadth" / "manifest.csv").is_file():
        pytest.skip("the shared data is not here")
    assert not {s.domain for s in domains.training_samples()} & set(domains.EXAM)


def test_decided_counts_the_most_certain_first() -> None:
    probability, labels = np.array([0.95, 0.9, 0.6, 0.55, 0.05]), np.array([1, 1, 0, 0, 0])
    found = decided(probability, labels, np.ones(5))
    assert found["0.4"] == 1.0 and found["1.0"] == 0.6


def test_fit_gives_probabilities() -> None:
    rng = np.random.default_rng(0)
    scores = rng.normal(size=4000)
    labels = (rng.random(4000) < 1 / (1 + np.exp(-(2 * scores - 1)))).astype(int)
    slope, intercept = fit(scores, labels, np.ones(4000))
    assert abs(slope - 2) < 0.25 and abs(intercept + 1) < 0.2


def test_head_counts_nothing_on_padding() -> None:
    head = WideHead(8, width=16, inner=8, whole=False, statistics=True).eval()
    z, near, cls, valid = torch.randn(1, 4, 784, 8), torch.rand(1, 4, 784), torch.randn(1, 384), torch.ones(1, 784)
    valid[:, 500:] = 0
    with torch.no_grad():
        _, verdict = head(z, near, cls, valid)
        z[:, :, 500:], near[:, :, 500:] = 5, 9
        torch.testing.assert_close(head(z, near, cls, valid)[1], verdict)


class FewViews:
    """What `Sampler` needs of a store: two domains with both labels, one with anomalies alone, painted views of one."""

    meta = [
        {"domain": d, "label": label, "shard": shard, "trusted": d != "c"}
        for d, label, shard in [("a", 0, "real"), ("a", 1, "real"), ("b", 0, "real"), ("b", 1, "real"), ("c", 1, "real"), ("a", 1, "synth")]
    ]


def test_pairs_are_of_one_domain_and_anomalous_first() -> None:
    rows = Sampler(FewViews(), list(range(6)), 0.5, np.random.default_rng(0)).paired_batch(240)
    assert len(rows) == 240
    seen = set()
    for bad, good in zip(rows[:200:2], rows[1:200:2], strict=True):
        bad, good = FewViews.meta[bad], FewViews.meta[good]
        assert (bad["label"], good["label"]) == (1, 0) and bad["domain"] == good["domain"]
        seen.add((bad["domain"], bad["shard"]))
    assert seen == {("a", "real"), ("b", "real"), ("a", "synth")}
    assert 4 in rows[200:]


def test_pair_loss_falls_with_the_distance_within_a_pair_alone() -> None:
    weight = torch.ones(4)
    close, far = pair_loss(torch.tensor([1.0, 0.9, -5, -5.1]), weight, 2), pair_loss(torch.tensor([3.0, -1, 9, 5]), weight, 2)
    assert far < close
    torch.testing.assert_close(pair_loss(torch.tensor([1.0, 0, 1, 0]), weight, 2), pair_loss(torch.tensor([11.0, 10, -4, -5]), weight, 2))


def test_exam_counts_only_told_verdicts() -> None:
    share, right = exam.decided(np.array([0.9, 0.5, 0.2, 0.8]), np.array([1, 0, 0, 0]), (0.4, 0.7))
    assert share == 0.75 and right == pytest.approx(2 / 3)
    assert exam.decided(np.array([0.5]), np.array([1]), (0.4, 0.7)) == (0.0, None)


def test_exam_interval_holds_the_figure_and_narrows_with_more_images() -> None:
    rng = np.random.default_rng(0)

    def width(n: int) -> float:
        scores = np.concatenate([rng.normal(0, 1, n), rng.normal(1, 1, n)])
        low, high = exam.interval(np.repeat([0, 1], n), scores, rng)
        assert low < 0.76 < high
        return high - low

    assert width(200) < width(25)
