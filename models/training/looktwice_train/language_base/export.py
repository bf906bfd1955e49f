"""Write the language part of a bundle: `language.onnx`, `language.base.bin`, `language.lora.bin`."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from torch import Tensor

from .graph import GraphBuilder
from .shipped import load_shipped


def export_language(out_dir: str | Path, lora_state: dict[str, Tensor] | None, base_path: str | Path) -> None:
    """Write the three files into `out_dir`.

    `lora_state`: what `SmolLM2.lora_state()` returned (rank and layers of `graph.LORA_RANK`, `LORA_LAYERS`), or None for an
    all-zero LoRA, which is the plain base. `base_path`: the npz of `save_shipped`. The graph and the base file do not depend
    on the LoRA: they are byte-identical from one export to the next, only `language.lora.bin` changes.
    Raises `ValueError` for a LoRA that does not fit the slots.
    """
    lora = {} if lora_state is None else {name: np.asarray(value.detach().cpu().float()) for name, value in lora_state.items()}
    builder = GraphBuilder(load_shipped(base_path), lora)
    known = {tensor.name.removesuffix(".f16") for tensor in builder.initializers}
    unknown = sorted(set(lora) - known)
    if unknown:
        raise ValueError(f"LoRA tensors without a slot in the graph: {', '.join(unknown[:4])}")
    out = Path(out_dir)
    out.mkdir(parents=True, exist_ok=True)
    builder.base.write(out)
    builder.lora.write(out)
    (out / "language.onnx").write_bytes(builder.model.SerializeToString(deterministic=True))
