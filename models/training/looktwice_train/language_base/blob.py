"""External data files of the ONNX graph: aligned, append-only, byte-identical for equal content."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto

ALIGNMENT = 64
_TYPES = {
    np.dtype(np.float32): TensorProto.FLOAT,
    np.dtype(np.float16): TensorProto.FLOAT16,
    np.dtype(np.uint8): TensorProto.UINT8,
}


class Blob:
    """Collects arrays for one file; `add` returns the initializer that points into it."""

    def __init__(self, file_name: str):
        self.file_name = file_name
        self._bytes = bytearray()

    def add(self, name: str, array: np.ndarray) -> TensorProto:
        self._bytes.extend(b"\0" * (-len(self._bytes) % ALIGNMENT))
        data = np.ascontiguousarray(array).tobytes()
        tensor = TensorProto(name=name, data_type=_TYPES[array.dtype], dims=array.shape, data_location=TensorProto.EXTERNAL)
        for key, value in (("location", self.file_name), ("offset", len(self._bytes)), ("length", len(data))):
            entry: onnx.StringStringEntryProto = tensor.external_data.add()
            entry.key, entry.value = key, str(value)
        self._bytes.extend(data)
        return tensor

    def write(self, folder: Path) -> None:
        (folder / self.file_name).write_bytes(self._bytes)
