"""Write the language part of a bundle: `language.onnx`, `language.prefill.onnx`, `language.batch.onnx`, `language.states.onnx`, `language.base.bin`, `language.lora.bin`.

The first two graphs are the same decoder over the same data files. Of one position at a time int8 activations are fastest (accuracy level 4), of a prompt
float32 ones are (level 1): there a block of weights is dequantised once for many rows (docs/decisions/language-graph.md).
The third makes one step of several sequences (docs/decisions/batched-decoding.md), the fourth reads questions for their plan (docs/decisions/answer-plan.md).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from torch import Tensor

from .batch_graph import BatchGraphBuilder
from .graph import GraphBuilder
from .shipped import load_shipped
from .states_graph import StatesGraph


def export_language(out_dir: str | Path, lora_state: dict[str, Tensor] | None, base_path: str | Path) -> None:
    """Write the files into `out_dir`.

    `lora_state`: what `SmolLM2.lora_state()` returned (rank and layers of `graph.LORA_RANK`, `LORA_LAYERS`), or None for an
    all-zero LoRA, which is the plain base. `base_path`: the npz of `save_shipped`. The graphs and the base file do not depend
    on the LoRA: they are byte-identical from one export to the next, only `language.lora.bin` changes.
    Raises `ValueError` for a LoRA that does not fit the slots.
    """
    lora = {} if lora_state is None else {name: np.asarray(value.detach().cpu().float()) for name, value in lora_state.items()}
    shipped = load_shipped(base_path)
    builder = GraphBuilder(shipped, lora)
    known = {tensor.name.removesuffix(".f16") for tensor in builder.initializers}
    unknown = sorted(set(lora) - known)
    if unknown:
        raise ValueError(f"LoRA tensors without a slot in the graph: {', '.join(unknown[:4])}")
    out = Path(out_dir)
    out.mkdir(parents=True, exist_ok=True)
    builder.base.write(out)
    builder.lora.write(out)
    prefill = GraphBuilder(shipped, lora, accuracy_level=1)
    batch = BatchGraphBuilder(shipped, lora)
    states = StatesGraph(shipped, lora, accuracy_level=1)
    graphs = (("language.onnx", builder.model), ("language.prefill.onnx", prefill.model), ("language.batch.onnx", batch.model), ("language.states.onnx", states.model))
    for name, model in graphs:
        (out / name).write_bytes(model.SerializeToString(deterministic=True))
