"""The base as it is shipped: fused projections and the tied embedding in int4, norms in float32, kept in one npz file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .int4 import Int4Matrix

PROJECTIONS = ("qkv", "o", "gate_up", "down")


@dataclass(frozen=True)
class ShippedBase:
    """`matrices`: `embed` and `i.{projection}`; `norms`: `norm`, `i.attn_norm`, `i.mlp_norm`."""

    matrices: dict[str, Int4Matrix]
    norms: dict[str, np.ndarray]


def save_shipped(path: str | Path, base: ShippedBase) -> None:
    arrays = {f"norm/{name}": value for name, value in base.norms.items()}
    for name, matrix in base.matrices.items():
        arrays |= {f"q/{name}": matrix.packed(), f"scale/{name}": matrix.scale, f"zero/{name}": matrix.zero}
    np.savez(path, **arrays)


def load_shipped(path: str | Path) -> ShippedBase:
    """Read what `save_shipped` wrote. Raises `FileNotFoundError` with the command that makes the file."""
    if not Path(path).exists():
        raise FileNotFoundError(f"{path} is missing; make it with: python -m looktwice_train.language_base.prepare")
    file = np.load(path)
    norms, matrices = {}, {}
    for key in file.files:
        kind, name = key.split("/", 1)
        if kind == "norm":
            norms[name] = file[key]
        elif kind == "q":
            packed = file[key]
            q = np.stack([packed & 15, packed >> 4], axis=-1).reshape(packed.shape[0], -1)
            matrices[name] = Int4Matrix(q, file[f"scale/{name}"], file[f"zero/{name}"])
    return ShippedBase(matrices, norms)
