"""`language.onnx` and `language.prefill.onnx`: the decoder written node by node with the fused operators of ONNX Runtime.

Activations are 2-D `[n, width]` (batch 1), so that a LoRA branch is one MatMul and one Gemm that adds onto the base
projection. Every weight is external data: the base in one file, LoRA in another, at fixed offsets.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import onnx
from onnx import NodeProto, TensorProto, ValueInfoProto, helper

from .blob import Blob
from .gguf import LlamaConfig
from .int4 import Int4Matrix
from .shipped import PROJECTIONS, ShippedBase

BASE_FILE = "language.base.bin"
LORA_FILE = "language.lora.bin"
MAX_POSITIONS = 4096
LORA_RANK = 16
LORA_LAYERS = tuple(range(15, 30))
MICROSOFT = "com.microsoft"


def value(name: str, kind: int, shape: list[int | str]) -> ValueInfoProto:
    """An input or output of a graph; a string is a free dimension."""
    return helper.make_tensor_value_info(name, kind, shape)


class GraphBuilder:
    """Builds the graph once; `model` is the ONNX model, `base` and `lora` its data files."""

    def __init__(self, shipped: ShippedBase, lora: dict[str, np.ndarray], config: LlamaConfig = LlamaConfig(), accuracy_level: int = 4):
        self.shipped, self.lora_weights, self.config, self.accuracy_level = shipped, lora, config, accuracy_level
        self.base, self.lora = Blob(BASE_FILE), Blob(LORA_FILE)
        self.nodes: list[NodeProto] = []
        self.initializers: list[TensorProto] = []
        # First in the file, so that the runtime's embedding lookup finds the tied matrix at offset 0.
        self._matrix("embed", shipped.matrices["embed"])
        self.model = self._build()

    def _node(self, op: str, inputs: Sequence[str], outputs: Sequence[str], domain: str = "", **attributes) -> str:
        self.nodes.append(helper.make_node(op, inputs, outputs, name=f"{op}_{len(self.nodes)}", domain=domain, **attributes))
        return outputs[0]

    def _constant(self, name: str, values, dtype) -> str:
        self.initializers.append(onnx.numpy_helper.from_array(np.array(values, dtype), name))
        return name

    def _half(self, blob: Blob, name: str, array: np.ndarray) -> None:
        """A tensor kept as float16 in the file; the Cast is folded into a float32 constant when the session loads."""
        self.initializers.append(blob.add(f"{name}.f16", array.astype(np.float16)))
        self._node("Cast", [f"{name}.f16"], [name], to=TensorProto.FLOAT)

    def _matrix(self, name: str, matrix: Int4Matrix) -> None:
        self.initializers.append(self.base.add(f"{name}.q", matrix.packed()))
        self._half(self.base, f"{name}.scale", matrix.scale.reshape(-1))
        self.initializers.append(self.base.add(f"{name}.zero", matrix.packed_zero().reshape(-1)))

    def _int4(self, x: str, name: str, y: str) -> str:
        matrix = self.shipped.matrices[name]
        outputs, inputs = matrix.q.shape
        return self._node(
            "MatMulNBits", [x, f"{name}.q", f"{name}.scale", f"{name}.zero"], [y], MICROSOFT,
            K=inputs, N=outputs, bits=4, block_size=matrix.block, accuracy_level=self.accuracy_level,
        )

    def _project(self, x: str, layer: int, name: str) -> str:
        """Base projection plus, in layers with slots, the LoRA branch (x A) B added by Gemm."""
        key = f"{layer}.{name}"
        if layer not in LORA_LAYERS:
            return self._int4(x, key, key)
        base = self._int4(x, key, f"{key}.base")
        low = self._node("MatMul", [x, f"{key}.a"], [f"{key}.low"])
        return self._node("Gemm", [low, f"{key}.b", base], [key])

    def _norm(self, x: str, residual: str | None, gamma: str, tag: str) -> tuple[str, str]:
        """RMS norm of x + residual; returns (normed, sum)."""
        eps = self.config.norm_eps
        if residual is None:
            y = self._node("SimplifiedLayerNormalization", [x, gamma], [f"{tag}.normed"], axis=-1, epsilon=eps, stash_type=1)
            return y, x
        y = self._node(
            "SkipSimplifiedLayerNormalization", [x, residual, gamma], [f"{tag}.normed", "", "", f"{tag}.sum"], MICROSOFT, epsilon=eps
        )
        return y, f"{tag}.sum"

    def _weights(self) -> None:
        c = self.config
        for i in range(c.layers):
            for name in PROJECTIONS:
                self._matrix(f"{i}.{name}", self.shipped.matrices[f"{i}.{name}"])
        for name, values in self.shipped.norms.items():
            self.initializers.append(self.base.add(name, values.astype(np.float32)))
        frequencies = c.rope_theta ** (-np.arange(0, c.head_dim, 2, dtype=np.float64) / c.head_dim)
        angles = np.arange(MAX_POSITIONS)[:, None] * frequencies
        self.initializers.append(self.base.add("cos_cache", np.cos(angles).astype(np.float32)))
        self.initializers.append(self.base.add("sin_cache", np.sin(angles).astype(np.float32)))
        for i in LORA_LAYERS:
            for name in PROJECTIONS:
                outputs, inputs = self.shipped.matrices[f"{i}.{name}"].q.shape
                a = self.lora_weights.get(f"{i}.{name}.a", np.zeros((LORA_RANK, inputs), np.float32))
                b = self.lora_weights.get(f"{i}.{name}.b", np.zeros((outputs, LORA_RANK), np.float32))
                if a.shape != (LORA_RANK, inputs) or b.shape != (outputs, LORA_RANK):
                    raise ValueError(f"LoRA {i}.{name}: shapes {a.shape}, {b.shape} do not fit rank {LORA_RANK}")
                self._half(self.lora, f"{i}.{name}.a", np.ascontiguousarray(a.T))
                self._half(self.lora, f"{i}.{name}.b", np.ascontiguousarray(b.T))

    def _layer(self, i: int, x: str, residual: str | None) -> tuple[str, str]:
        """One decoder layer; returns (its last branch, the residual that still has to be added to it)."""
        c = self.config
        normed, residual = self._norm(x, residual, f"{i}.attn_norm", f"{i}.attn")
        qkv = self._project(normed, i, "qkv")
        attended = self._attention(i, qkv)
        if i == c.layers - 1:
            # Only the last position is asked for: nothing after the last attention needs the others.
            attended, residual = self._last(attended, f"{i}.attended"), self._last(residual, f"{i}.residual")
        o = self._project(attended, i, "o")
        normed, residual = self._norm(o, residual, f"{i}.mlp_norm", f"{i}.mlp")
        self._project(normed, i, "gate_up")
        self._node("Split", [f"{i}.gate_up"], [f"{i}.gate", f"{i}.up"], axis=-1, num_outputs=2)
        self._node("QuickGelu", [f"{i}.gate"], [f"{i}.silu"], MICROSOFT, alpha=1.0)
        self._node("Mul", [f"{i}.silu", f"{i}.up"], [f"{i}.gated"])
        return self._project(f"{i}.gated", i, "down"), residual

    def _attention(self, i: int, qkv: str) -> str:
        """Grouped-query attention over a cache that the caller owns and that is never copied.

        The caller fetches `new_key`/`new_value` INTO the rows [past, total) of the buffers whose rows [0, total) it feeds as
        `key_cache`/`value_cache`. Q comes out of the same Split that writes the new keys, and the values are written before that,
        so both are in place when Attention reads them. (GroupQueryAttention would have to return the whole cache, which
        onnxruntime-node copies at every step.)
        """
        c = self.config
        self._node("Split", [qkv, "split.qk_v"], [f"{i}.qk", f"new_value.{i}"], axis=-1)
        batched = self._node("Unsqueeze", [f"{i}.qk", "axis0"], [f"{i}.qk.batched"])
        rotated = self._node(
            "RotaryEmbedding", [batched, "position", "cos_cache", "sin_cache"], [f"{i}.qk.rotated"], MICROSOFT,
            num_heads=c.heads + c.kv_heads, interleaved=0,
        )
        self._node("Split", [rotated, "split.q_k"], [f"{i}.q", f"new_key.{i}"], axis=-1)
        attended = self._node(
            "Attention", [f"{i}.q", f"key_cache.{i}", f"value_cache.{i}", "mask"], [f"{i}.attended.batched"],
            q_num_heads=c.heads, kv_num_heads=c.kv_heads,
        )
        return self._node("Squeeze", [attended, "axis0"], [f"{i}.attended"])

    def _last(self, x: str, tag: str) -> str:
        return self._node("Slice", [x, "last_start", "last_end", "axis0"], [f"{tag}.last"])

    def _build(self) -> onnx.ModelProto:
        c = self.config
        self._weights()
        self._constant("axis0", [0], np.int64)
        self._constant("split.qk_v", [c.q_width + c.kv_width, c.kv_width], np.int64)
        self._constant("split.q_k", [c.q_width, c.kv_width], np.int64)
        self._constant("last_start", [-1], np.int64)
        self._constant("last_end", [np.iinfo(np.int64).max], np.int64)
        self._decode(self._node("Squeeze", ["embeds", "axis0"], ["embeds.flat"]))
        cache_shape = [1, "total", c.kv_width]
        inputs = [value("embeds", TensorProto.FLOAT, [1, "n", c.width]), value("position", TensorProto.INT64, [1]),
                  value("mask", TensorProto.FLOAT, ["n", "total"])]
        outputs = [value("logits", TensorProto.FLOAT, [1, c.vocab]), value("hidden", TensorProto.FLOAT, [1, c.width])]
        for i in range(c.layers):
            inputs += [value(f"{kind}_cache.{i}", TensorProto.FLOAT, cache_shape) for kind in ("key", "value")]
            outputs += [value(f"new_key.{i}", TensorProto.FLOAT, [1, "n", c.kv_width]),
                        value(f"new_value.{i}", TensorProto.FLOAT, ["n", c.kv_width])]
        return self._model(inputs, outputs)

    def _decode(self, x: str) -> None:
        """The decoder over embeddings `x` [n, width], up to `hidden` and `logits`."""
        residual = None
        for i in range(self.config.layers):
            x, residual = self._layer(i, x, residual)
        self._node("SkipSimplifiedLayerNormalization", [x, residual, "norm"], ["hidden"], MICROSOFT, epsilon=self.config.norm_eps)
        self._int4("hidden", "embed", "logits")

    def _model(self, inputs: list[ValueInfoProto], outputs: list[ValueInfoProto]) -> onnx.ModelProto:
        graph = helper.make_graph(self.nodes, "language", inputs, outputs, self.initializers)
        opsets = [helper.make_opsetid("", 23), helper.make_opsetid(MICROSOFT, 1)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=10, producer_name="looktwice")
