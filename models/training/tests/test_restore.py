"""A machine without the training cache goes on from the shipped bundle."""
from __future__ import annotations

from pathlib import Path

from looktwice_train.export import export_trained
from looktwice_train.paths import BUNDLE
from looktwice_train.restore import restore_graphs


def test_the_shipped_graphs_are_restored_and_written_again_byte_for_byte(tmp_path: Path) -> None:
    export_trained(tmp_path, *restore_graphs(BUNDLE))
    for name in ("expert.onnx", "segmenter.onnx"):
        assert (tmp_path / name).read_bytes() == (BUNDLE / name).read_bytes(), name
