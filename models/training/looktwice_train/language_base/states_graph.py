"""`language.states.onnx`: the decoder's first layers by themselves, for reading a question's plan.

The middle of the decoder tells what a question asks for better than its end, which is about the next token (docs/decisions/answer-plan.md), and costs less than half. No
LoRA reaches these layers, and no cache: a question is short and nothing goes on with it. Every weight is that of `language.base.bin`.
"""

from __future__ import annotations

import numpy as np
import onnx
from onnx import TensorProto, helper

from .graph import GraphBuilder

LAYERS = (6, 12)
"""Layers behind which the residual stream is read."""


class StatesGraph(GraphBuilder):
    """embeds [1,n,width] -> states [n, len(LAYERS) * width], causal."""

    def _attention(self, i: int, qkv: str) -> str:
        c = self.config
        self._node("Split", [qkv, "split.qk_v"], [f"{i}.qk", f"{i}.v"], axis=-1)
        batched = self._node("Unsqueeze", [f"{i}.qk", "axis0"], [f"{i}.qk.batched"])
        values = self._node("Unsqueeze", [f"{i}.v", "axis0"], [f"{i}.v.batched"])
        rotated = self._node(
            "RotaryEmbedding", [batched, "position", "cos_cache", "sin_cache"], [f"{i}.qk.rotated"], "com.microsoft",
            num_heads=c.heads + c.kv_heads, interleaved=0,
        )
        self._node("Split", [rotated, "split.q_k"], [f"{i}.q", f"{i}.k"], axis=-1)
        attended = self._node(
            "Attention", [f"{i}.q", f"{i}.k", values], [f"{i}.attended.batched"],
            q_num_heads=c.heads, kv_num_heads=c.kv_heads, is_causal=1,
        )
        return self._node("Squeeze", [attended, "axis0"], [f"{i}.attended"])

    def _build(self) -> onnx.ModelProto:
        c = self.config
        # All of them, in the same order: that gives each its place in the file.
        self._weights()
        self._constant("axis0", [0], np.int64)
        self._constant("position", [0], np.int64)
        self._constant("split.qk_v", [c.q_width + c.kv_width, c.kv_width], np.int64)
        self._constant("split.q_k", [c.q_width, c.kv_width], np.int64)
        x, residual = self._node("Squeeze", ["embeds", "axis0"], ["embeds.flat"]), None
        read = []
        for i in range(max(LAYERS)):
            x, residual = self._layer(i, x, residual)
            if i + 1 in LAYERS:
                read.append(self._node("Add", [x, residual], [f"state.{i + 1}"]))
        self._node("Concat", read, ["states"], axis=-1)
        nodes, initializers = self._needed("states")
        graph = helper.make_graph(
            nodes, "states", [helper.make_tensor_value_info("embeds", TensorProto.FLOAT, [1, "n", c.width])],
            [helper.make_tensor_value_info("states", TensorProto.FLOAT, ["n", len(LAYERS) * c.width])], initializers,
        )
        opsets = [helper.make_opsetid("", 23), helper.make_opsetid("com.microsoft", 1)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=10, producer_name="looktwice")

    def _needed(self, output: str) -> tuple[list, list]:
        """Nodes and initializers that an output hangs on, in their order."""
        wanted, nodes = {output}, []
        for node in reversed(self.nodes):
            if wanted & set(node.output):
                wanted |= set(node.input)
                nodes.append(node)
        return nodes[::-1], [tensor for tensor in self.initializers if tensor.name in wanted]
