"""`language.batch.onnx`: one step of several sequences at once, over the data files of `language.onnx`.

The weights are read once for all rows. Each row attends to a cache of its own; the caches lie padded to one length in one tensor per layer
(docs/decisions/batched-decoding.md).
"""

from __future__ import annotations

import numpy as np
import onnx
from onnx import TensorProto

from .graph import MICROSOFT, GraphBuilder, value


class BatchGraphBuilder(GraphBuilder):
    """Inputs: `embeds` [rows, width], `position` [rows, 1], `mask` [rows, 1, 1, past] (added to the scores: far below zero behind a row's end),
    `key_cache.i` and `value_cache.i` [rows, kv heads, past, head width]. Outputs: `logits` [rows, vocab], `hidden` [rows, width], `new_keys` and
    `new_values` [layers, rows, kv width], which the caller appends to its caches.
    """

    def _attention(self, i: int, qkv: str) -> str:
        """Attention over the cache and the row's own new position, which is not in the cache yet: its score and its value are put beside."""
        c = self.config
        self._node("Split", [qkv, "split.qk_v"], [f"{i}.qk", f"{i}.new_value"], axis=-1)
        stepped = self._node("Reshape", [f"{i}.qk", "shape.step"], [f"{i}.qk.step"])
        self._node(
            "RotaryEmbedding", [stepped, "position", "cos_cache", "sin_cache"], [f"{i}.qk.rotated"], MICROSOFT,
            num_heads=c.heads + c.kv_heads, interleaved=0,
        )
        rotated = self._node("Reshape", [f"{i}.qk.rotated", "shape.rows"], [f"{i}.qk.rows"])
        self._node("Split", [rotated, "split.q_k"], [f"{i}.q", f"{i}.new_key"], axis=-1)
        q = self._node("Reshape", [f"{i}.q", "shape.grouped"], [f"{i}.q.grouped"])
        key = self._node("Reshape", [f"{i}.new_key", "shape.kv"], [f"{i}.key.own"])
        own_value = self._node("Reshape", [f"{i}.new_value", "shape.kv"], [f"{i}.value.own"])
        scale = c.head_dim**-0.5
        past = self._node("FusedMatMul", [q, f"key_cache.{i}"], [f"{i}.scores.past"], MICROSOFT, transB=1, alpha=scale)
        masked = self._node("Add", [past, "mask"], [f"{i}.scores.masked"])
        own = self._node("FusedMatMul", [q, key], [f"{i}.scores.own"], MICROSOFT, transB=1, alpha=scale)
        scores = self._node("Concat", [masked, own], [f"{i}.scores"], axis=-1)
        weights = self._node("Softmax", [scores], [f"{i}.weights"], axis=-1)
        self._node("Slice", [weights, "first", "last", "axis.last"], [f"{i}.weights.past"])
        self._node("Slice", [weights, "last", "end", "axis.last"], [f"{i}.weights.own"])
        from_past = self._node("MatMul", [f"{i}.weights.past", f"value_cache.{i}"], [f"{i}.attended.past"])
        from_own = self._node("Mul", [f"{i}.weights.own", own_value], [f"{i}.attended.own"])
        attended = self._node("Add", [from_past, from_own], [f"{i}.attended.grouped"])
        return self._node("Reshape", [attended, "shape.rows"], [f"{i}.attended"])

    def _last(self, x: str, tag: str) -> str:
        return x

    def _build(self) -> onnx.ModelProto:
        c = self.config
        self._weights()
        for name, values in {
            "split.qk_v": [c.q_width + c.kv_width, c.kv_width],
            "split.q_k": [c.q_width, c.kv_width],
            "shape.step": [-1, 1, c.q_width + c.kv_width],
            "shape.rows": [0, -1],
            "shape.grouped": [0, c.kv_heads, c.heads // c.kv_heads, c.head_dim],
            "shape.kv": [0, c.kv_heads, 1, c.head_dim],
            "first": [0], "last": [-1], "end": [np.iinfo(np.int64).max], "axis.last": [-1], "axis.first": [0],
        }.items():
            self._constant(name, values, np.int64)
        self._decode("embeds")
        for kind in ("key", "value"):
            rows = [self._node("Unsqueeze", [f"{i}.new_{kind}", "axis.first"], [f"{i}.new_{kind}.layer"]) for i in range(c.layers)]
            self._node("Concat", rows, [f"new_{kind}s"], axis=0)
        inputs = [value("embeds", TensorProto.FLOAT, ["rows", c.width]), value("position", TensorProto.INT64, ["rows", 1]),
                  value("mask", TensorProto.FLOAT, ["rows", 1, 1, "past"])]
        for i in range(c.layers):
            inputs += [value(f"{kind}_cache.{i}", TensorProto.FLOAT, ["rows", c.kv_heads, "past", c.head_dim]) for kind in ("key", "value")]
        outputs = [value("logits", TensorProto.FLOAT, ["rows", c.vocab]), value("hidden", TensorProto.FLOAT, ["rows", c.width])]
        outputs += [value(f"new_{kind}s", TensorProto.FLOAT, [c.layers, "rows", c.kv_width]) for kind in ("key", "value")]
        return self._model(inputs, outputs)
