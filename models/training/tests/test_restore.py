"""A machine without the training cache goes on from the shipped bundle."""
from __future__ import annotations

import json
from pathlib import Path

from looktwice_train.export import export_trained
from looktwice_train.paths import BUNDLE
from looktwice_train.restore import restore_graphs, restore_plan


def test_the_shipped_graphs_are_restored_and_written_again_byte_for_byte(tmp_path: Path) -> None:
    export_trained(tmp_path, *restore_graphs(BUNDLE))
    for name in ("expert.onnx", "segmenter.onnx"):
        assert (tmp_path / name).read_bytes() == (BUNDLE / name).read_bytes(), name


def test_the_head_over_hidden_states_is_restored() -> None:
    language = json.loads((BUNDLE / "manifest.json").read_text())["language"]
    plan = restore_plan(BUNDLE, language)
    assert plan is not None and plan["names"] == language["plan"]["names"]
    assert plan["rows"].numpy().astype("<f4").tobytes() == (BUNDLE / language["plan"]["file"]).read_bytes()
