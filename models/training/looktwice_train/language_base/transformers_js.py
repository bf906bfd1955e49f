"""An ONNX of the shipped int4 base in the form that transformers.js loads, for tests/bench/language-peers.mjs.

    python -m looktwice_train.language_base.transformers_js OUT_DIR

MatMulNBits and GroupQueryAttention with the cache as inputs and outputs, the embedding gathered inside, no LoRA: the contract and the operators
of the q4 exports of such models. OUT_DIR lies outside the repository; nothing of it is shipped.
"""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper

from ..paths import BUNDLE, CACHE
from .gguf import LlamaConfig
from .graph import LORA_FILE, MAX_POSITIONS, GraphBuilder
from .shipped import load_shipped

_MICROSOFT = "com.microsoft"


class TransformersJsGraph(GraphBuilder):
    """The same matrices and norms as `language.onnx`, with transformers.js' inputs and outputs and the logits of all positions."""

    def _project(self, x: str, layer: int, name: str) -> str:
        return self._int4(x, f"{layer}.{name}", f"{layer}.{name}")

    def _attention(self, i: int, qkv: str) -> str:
        c = self.config
        self._node("Split", [qkv, "split.q_k_v"], [f"{i}.q", f"{i}.k", f"{i}.v"], axis=-1)
        return self._node(
            "GroupQueryAttention",
            [f"{i}.q", f"{i}.k", f"{i}.v", f"past_key_values.{i}.key", f"past_key_values.{i}.value", "seqlens_k", "total_length",
             "cos_cache", "sin_cache"],
            [f"{i}.attended", f"present.{i}.key", f"present.{i}.value"], _MICROSOFT,
            num_heads=c.heads, kv_num_heads=c.kv_heads, do_rotary=1, rotary_interleaved=0,
        )

    def _last(self, x: str, tag: str) -> str:
        return x

    def _build(self) -> onnx.ModelProto:
        c = self.config
        self._weights()
        lora = {t.name for t in self.initializers if any(e.value == LORA_FILE for e in t.external_data)}
        self.initializers = [tensor for tensor in self.initializers if tensor.name not in lora]
        self.nodes = [node for node in self.nodes if node.input[0] not in lora]
        self._constant("split.q_k_v", [c.q_width, c.kv_width, c.kv_width], np.int64)
        self._constant("axis1", [1], np.int64)
        self._constant("one", [1], np.int64)
        self._constant("index1", 1, np.int64)
        # Valid positions less one, and all positions, both as int32: what GroupQueryAttention asks for.
        self._node("ReduceSum", ["attention_mask", "axis1"], ["valid"], keepdims=0)
        self._node("Sub", ["valid", "one"], ["valid.last"])
        self._node("Cast", ["valid.last"], ["seqlens_k"], to=TensorProto.INT32)
        self._node("Shape", ["attention_mask"], ["mask.shape"])
        self._node("Gather", ["mask.shape", "index1"], ["total"], axis=0)
        self._node("Cast", ["total"], ["total_length"], to=TensorProto.INT32)
        embed = self.shipped.matrices["embed"]
        x, residual = self._embedding(embed.q.shape[1] // embed.block), None
        for i in range(c.layers):
            x, residual = self._layer(i, x, residual)
        self._node("SkipSimplifiedLayerNormalization", [x, residual, "norm"], ["hidden"], _MICROSOFT, epsilon=c.norm_eps)
        self._int4("hidden", "embed", "logits")

        def value(name: str, kind: int, shape: list):
            return helper.make_tensor_value_info(name, kind, shape)

        inputs = [value("input_ids", TensorProto.INT64, ["batch_size", "sequence_length"]), value("attention_mask", TensorProto.INT64, ["batch_size", "total_sequence_length"]),
                  value("position_ids", TensorProto.INT64, ["batch_size", "sequence_length"])]
        outputs = [value("logits", TensorProto.FLOAT, ["batch_size", "sequence_length", c.vocab])]
        for i in range(c.layers):
            for kind in ("key", "value"):
                inputs.append(value(f"past_key_values.{i}.{kind}", TensorProto.FLOAT, ["batch_size", c.kv_heads, "past_sequence_length", c.head_dim]))
                outputs.append(value(f"present.{i}.{kind}", TensorProto.FLOAT, ["batch_size", c.kv_heads, "total_sequence_length", c.head_dim]))
        graph = helper.make_graph(self.nodes, "language", inputs, outputs, self.initializers)
        opsets = [helper.make_opsetid("", 21), helper.make_opsetid(_MICROSOFT, 1)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=10, producer_name="looktwice")

    def _embedding(self, blocks: int) -> str:
        """Rows of the tied int4 matrix, dequantised as GatherBlockQuantized does it: over the packed bytes as a 2-D matrix."""
        c = self.config
        self._constant("embed.rows", [c.vocab, c.width // 2], np.int64)
        self._constant("embed.scale_rows", [c.vocab, blocks], np.int64)
        self._constant("embed.zero_rows", [c.vocab, -(-blocks // 2)], np.int64)
        self._node("Reshape", ["embed.q", "embed.rows"], ["embed.q2"])
        self._node("Reshape", ["embed.scale", "embed.scale_rows"], ["embed.scale2"])
        self._node("Reshape", ["embed.zero", "embed.zero_rows"], ["embed.zero2"])
        return self._node(
            "GatherBlockQuantized", ["embed.q2", "input_ids", "embed.scale2", "embed.zero2"], ["embeds"], _MICROSOFT,
            gather_axis=0, quantize_axis=1, block_size=self.shipped.matrices["embed"].block, bits=4,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path, help="directory to write, outside the repository")
    out: Path = parser.parse_args().out
    c = LlamaConfig()
    builder = TransformersJsGraph(load_shipped(CACHE / "base" / "smollm2.npz"), {}, c)
    (out / "onnx").mkdir(parents=True, exist_ok=True)
    builder.base.write(out / "onnx")
    (out / "onnx" / "model_q4.onnx").write_bytes(builder.model.SerializeToString(deterministic=True))
    config = {
        "model_type": "llama", "architectures": ["LlamaForCausalLM"], "hidden_size": c.width, "intermediate_size": c.mlp_width,
        "num_hidden_layers": c.layers, "num_attention_heads": c.heads, "num_key_value_heads": c.kv_heads, "head_dim": c.head_dim,
        "vocab_size": c.vocab, "rope_theta": c.rope_theta, "rms_norm_eps": c.norm_eps, "max_position_embeddings": MAX_POSITIONS,
        "tie_word_embeddings": True, "bos_token_id": 1, "eos_token_id": 2, "pad_token_id": 2,
    }
    (out / "config.json").write_text(json.dumps(config, indent=2))
    (out / "generation_config.json").write_text(json.dumps({"bos_token_id": 1, "eos_token_id": 2, "pad_token_id": 2}))
    for name in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copyfile(BUNDLE / name, out / name)


if __name__ == "__main__":
    main()
