"""The threshold of the verdict: what a threshold is worth, and which of equally right ones is taken."""
from __future__ import annotations

import numpy as np
import pytest

from looktwice_train.modules.calibration import best_threshold, verdicts, worth


def rows(normal: list[float], anomalous: list[float]) -> list[dict]:
    return [{"label": label, "logit": value} for label, values in ((0, normal), (1, anomalous)) for value in values]


def logit(row: dict) -> float:
    return row["logit"]


def test_worth_is_the_mean_of_accuracy_and_f1() -> None:
    scores, label = np.array([0.1, 0.4, 0.6, 0.9]), np.array([False, True, False, True])
    wanted = [(2 / 4 + 2 * 1 / (2 + 2)) / 2, (2 / 4 + 0) / 2]
    np.testing.assert_allclose(worth(scores, label, np.array([0.5, 1.0])), wanted)


def test_threshold_parts_what_can_be_parted() -> None:
    found = best_threshold([rows([-1.0, -0.5], [0.5, 1.0])], logit)
    assert found == pytest.approx(0, abs=0.02)


def test_of_equally_right_thresholds_the_one_that_misses_less_is_taken() -> None:
    # Between 0.5 and 1 three of four are right with one miss, between -2 and 0 three of four with one false alarm.
    sets = [rows([-2.0, 0.5], [0.0, 1.0])]
    found = best_threshold(sets, logit)
    assert -2 < found < 0
    assert verdicts(sets, logit, found)["recall"] == 1


def test_every_set_weighs_the_same() -> None:
    small, large = rows([-1.0], [0.0]), rows([0.5] * 50, [2.0] * 50)
    found = best_threshold([small, large], logit)
    assert found == best_threshold([small, large + large], logit)


def test_sets_of_one_label_do_not_count() -> None:
    both = rows([-1.0], [1.0])
    assert best_threshold([both, rows([2.0], [])], logit) == best_threshold([both], logit)
