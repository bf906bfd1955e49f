"""Turns the language half of LLaVA-OneVision-Qwen2 (0.5B) into the graph that the runtime's language model runs.

Usage: qwen2_language.py --checkpoint CHECKPOINT --out FOLDER [--served-as NAME]

CHECKPOINT is a folder with `config.json` and the safetensors files of a Qwen2 decoder, alone or inside LLaVA-OneVision (any prefix before
`model.layers`). FOLDER gets `language.onnx` and `language.base.bin` (float32, the tied or own output matrix included), and `language.json`: the
`language` entry for a bundle's manifest.json, without the texts and token ids, which bundle.py adds from the tokenizer's own `tokenizer.json`.

The graph is that of docs/design/model.md: it takes prompt embeddings and a cache that the caller owns. Qwen2 differs from SmolLM2 by the biases of
query, key and value. The 7B model has the same graph, but takes 30 GB in float32: with --served-as only its embedding matrix is written (2 GB), for a bundle whose
language model a server runs under that name (docs/decisions/published-checkpoints.md).
"""

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper

BASE_FILE = "language.base.bin"
ALIGNMENT = 64
CONTEXT = 4096
MICROSOFT = "com.microsoft"


@dataclass(frozen=True)
class LanguageSizes:
    """Sizes of a Qwen2 decoder, from its config.json."""

    layers: int
    heads: int
    kv_heads: int
    head_dim: int
    width: int
    inner: int
    vocab: int
    rope_theta: float
    epsilon: float

    @property
    def kv_width(self) -> int:
        return self.kv_heads * self.head_dim

    @property
    def q_width(self) -> int:
        return self.heads * self.head_dim


def read_sizes(config: Mapping) -> LanguageSizes:
    """The sizes of a config.json; that of LLaVA-OneVision may hold them in `text_config`. Raises SystemExit for another architecture."""
    config = config.get("text_config", config)
    if config.get("model_type") not in ("qwen2", "llava", "llava_qwen"):
        raise SystemExit(f"config.json: model_type is {config.get('model_type')!r}, expected a Qwen2 decoder.")
    rope = config.get("rope_parameters") or config.get("rope_scaling") or {}
    if rope.get("rope_type", rope.get("type", "default")) != "default":
        raise SystemExit("config.json: scaled rotary embeddings are not supported.")
    if config.get("use_sliding_window"):
        raise SystemExit("config.json: sliding-window attention is not supported.")
    heads = config["num_attention_heads"]
    return LanguageSizes(
        layers=config["num_hidden_layers"],
        heads=heads,
        kv_heads=config.get("num_key_value_heads", heads),
        head_dim=config.get("head_dim") or config["hidden_size"] // heads,
        width=config["hidden_size"],
        inner=config["intermediate_size"],
        vocab=config["vocab_size"],
        rope_theta=float(config.get("rope_theta") or rope.get("rope_theta", 1e6)),
        epsilon=float(config.get("rms_norm_eps", 1e-6)),
    )


def decoder_tensors(tensors: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The decoder's tensors as `layers.0...`, `embed_tokens.weight`, `norm.weight` and, unless tied, `lm_head.weight`, whatever the prefix."""
    marker = "layers.0.self_attn.q_proj.weight"
    ends = [name for name in tensors if name.endswith(marker) and "vision" not in name]
    if len(ends) != 1:
        raise SystemExit(f"The checkpoint has {len(ends)} tensors that end in {marker}; exactly one decoder is expected.")
    prefix = ends[0][: -len(marker)]
    found = {name.removeprefix(prefix): value for name, value in tensors.items() if name.startswith(prefix)}
    heads = [name for name in tensors if name == "lm_head.weight" or name.endswith(".lm_head.weight")]
    if heads:
        found["lm_head.weight"] = tensors[heads[0]]
    return found


class Blob:
    """One file of external data, written as it grows: a 0.5B model does not have to fit into memory twice."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.size = 0
        path.write_bytes(b"")

    def add(self, name: str, array: np.ndarray) -> TensorProto:
        data = np.ascontiguousarray(array, dtype=np.float32).tobytes()
        padding = -self.size % ALIGNMENT
        with self.path.open("ab") as file:
            file.write(b"\0" * padding + data)
        self.size += padding
        tensor = TensorProto(name=name, data_type=TensorProto.FLOAT, dims=array.shape, data_location=TensorProto.EXTERNAL)
        for key, value in (("location", self.path.name), ("offset", self.size), ("length", len(data))):
            entry = tensor.external_data.add()
            entry.key, entry.value = key, str(value)
        self.size += len(data)
        return tensor


class GraphBuilder:
    """Builds `language.onnx`; the weights go into the blob on the way."""

    def __init__(self, tensors: Mapping[str, np.ndarray], sizes: LanguageSizes, blob: Blob, context: int) -> None:
        self.tensors, self.sizes, self.blob, self.context = tensors, sizes, blob, context
        self.nodes: list[onnx.NodeProto] = []
        self.initializers: list[TensorProto] = []

    def take(self, name: str, shape: Sequence[int]) -> np.ndarray:
        tensor = self.tensors.get(name)
        if tensor is None:
            raise SystemExit(f"The checkpoint lacks {name}.")
        if tuple(tensor.shape) != tuple(shape):
            raise SystemExit(f"The checkpoint's {name} has shape {tuple(tensor.shape)}, config.json says {tuple(shape)}.")
        return np.asarray(tensor, dtype=np.float32)

    def weight(self, name: str, array: np.ndarray) -> str:
        self.initializers.append(self.blob.add(name, array))
        return name

    def constant(self, name: str, values: Sequence[int]) -> str:
        self.initializers.append(onnx.numpy_helper.from_array(np.array(values, np.int64), name))
        return name

    def node(self, op: str, inputs: Sequence[str], outputs: Sequence[str], domain: str = "", **attributes) -> str:
        self.nodes.append(helper.make_node(op, inputs, outputs, name=f"{op}_{len(self.nodes)}", domain=domain, **attributes))
        return outputs[0]

    def norm(self, x: str, residual: str | None, name: str, tag: str) -> tuple[str, str]:
        """RMS norm of x + residual -> (normed, sum)."""
        gamma = self.weight(name, self.take(name, (self.sizes.width,)))
        if residual is None:
            return self.node("SimplifiedLayerNormalization", [x, gamma], [f"{tag}.normed"], axis=-1, epsilon=self.sizes.epsilon, stash_type=1), x
        outputs = [f"{tag}.normed", "", "", f"{tag}.sum"]
        self.node("SkipSimplifiedLayerNormalization", [x, residual, gamma], outputs, MICROSOFT, epsilon=self.sizes.epsilon)
        return outputs[0], outputs[3]

    def attention(self, i: int, x: str) -> str:
        """Grouped-query attention over the caller's cache; query, key and value are one product, whose bias Gemm adds."""
        c, name = self.sizes, f"layers.{i}.self_attn"
        shapes = (("q_proj", c.q_width), ("k_proj", c.kv_width), ("v_proj", c.kv_width))
        weight = np.concatenate([self.take(f"{name}.{part}.weight", (rows, c.width)) for part, rows in shapes])
        bias = np.concatenate([self.take(f"{name}.{part}.bias", (rows,)) for part, rows in shapes])
        inputs = [x, self.weight(f"{name}.qkv.weight", weight.T), self.weight(f"{name}.qkv.bias", bias)]
        qkv = self.node("Gemm", inputs, [f"{i}.qkv"])
        self.node("Split", [qkv, "split.qk_v"], [f"{i}.qk", f"new_value.{i}"], axis=-1)
        batched = self.node("Unsqueeze", [f"{i}.qk", "axis0"], [f"{i}.qk.batched"])
        rotated = self.node(
            "RotaryEmbedding", [batched, "position", "cos_cache", "sin_cache"], [f"{i}.qk.rotated"], MICROSOFT,
            num_heads=c.heads + c.kv_heads, interleaved=0,
        )
        self.node("Split", [rotated, "split.q_k"], [f"{i}.q", f"new_key.{i}"], axis=-1)
        attended = self.node(
            "Attention", [f"{i}.q", f"key_cache.{i}", f"value_cache.{i}", "mask"], [f"{i}.attended.batched"],
            q_num_heads=c.heads, kv_num_heads=c.kv_heads,
        )
        return self.node("Squeeze", [attended, "axis0"], [f"{i}.attended"])

    def project(self, x: str, name: str, outputs: int, inputs: int, y: str) -> str:
        weight = self.take(f"{name}.weight", (outputs, inputs))
        return self.node("MatMul", [x, self.weight(f"{name}.weight", weight.T)], [y])

    def layer(self, i: int, x: str, residual: str | None) -> tuple[str, str]:
        """One decoder layer -> (its last branch, the residual that still has to be added to it)."""
        c = self.sizes
        normed, residual = self.norm(x, residual, f"layers.{i}.input_layernorm.weight", f"{i}.attn")
        attended = self.attention(i, normed)
        if i == c.layers - 1:
            # Only the last position is asked for: nothing after the last attention needs the others.
            last = ["last_start", "last_end", "axis0"]
            attended = self.node("Slice", [attended, *last], [f"{i}.attended.last"])
            residual = self.node("Slice", [residual, *last], [f"{i}.residual.last"])
        branch = self.project(attended, f"layers.{i}.self_attn.o_proj", c.width, c.q_width, f"{i}.o")
        normed, residual = self.norm(branch, residual, f"layers.{i}.post_attention_layernorm.weight", f"{i}.mlp")
        gate = self.project(normed, f"layers.{i}.mlp.gate_proj", c.inner, c.width, f"{i}.gate")
        up = self.project(normed, f"layers.{i}.mlp.up_proj", c.inner, c.width, f"{i}.up")
        silu = self.node("QuickGelu", [gate], [f"{i}.silu"], MICROSOFT, alpha=1.0)
        gated = self.node("Mul", [silu, up], [f"{i}.gated"])
        return self.project(gated, f"layers.{i}.mlp.down_proj", c.width, c.inner, f"{i}.down"), residual

    def build(self) -> onnx.ModelProto:
        c = self.sizes
        embedding = self.take("embed_tokens.weight", (c.vocab, c.width))
        # First in the file: the runtime looks token embeddings up there.
        self.weight("embed_tokens.weight", embedding)
        angles = np.arange(self.context)[:, None] * c.rope_theta ** (-np.arange(0, c.head_dim, 2, dtype=np.float64) / c.head_dim)
        self.weight("cos_cache", np.cos(angles))
        self.weight("sin_cache", np.sin(angles))
        self.constant("axis0", [0])
        self.constant("split.qk_v", [c.q_width + c.kv_width, c.kv_width])
        self.constant("split.q_k", [c.q_width, c.kv_width])
        self.constant("last_start", [-1])
        self.constant("last_end", [np.iinfo(np.int64).max])
        x, residual = self.node("Squeeze", ["embeds", "axis0"], ["embeds.flat"]), None
        for i in range(c.layers):
            x, residual = self.layer(i, x, residual)
        gamma = self.weight("norm.weight", self.take("norm.weight", (c.width,)))
        self.node("SkipSimplifiedLayerNormalization", [x, residual, gamma], ["hidden"], MICROSOFT, epsilon=c.epsilon)
        if "lm_head.weight" in self.tensors:
            self.weight("lm_head.weight", self.take("lm_head.weight", (c.vocab, c.width)))
            self.node("Gemm", ["hidden", "lm_head.weight"], ["logits"], transB=1)
        else:
            self.node("Gemm", ["hidden", "embed_tokens.weight"], ["logits"], transB=1)
        return self.model()

    def model(self) -> onnx.ModelProto:
        c = self.sizes

        def value(name: str, kind: int, shape: list) -> onnx.ValueInfoProto:
            return helper.make_tensor_value_info(name, kind, shape)

        inputs = [value("embeds", TensorProto.FLOAT, [1, "n", c.width]), value("position", TensorProto.INT64, [1]),
                  value("mask", TensorProto.FLOAT, ["n", "total"])]
        outputs = [value("logits", TensorProto.FLOAT, [1, c.vocab]), value("hidden", TensorProto.FLOAT, [1, c.width])]
        for i in range(c.layers):
            inputs += [value(f"{kind}_cache.{i}", TensorProto.FLOAT, [1, "total", c.kv_width]) for kind in ("key", "value")]
            outputs += [value(f"new_key.{i}", TensorProto.FLOAT, [1, "n", c.kv_width]), value(f"new_value.{i}", TensorProto.FLOAT, ["n", c.kv_width])]
        graph = helper.make_graph(self.nodes, "language", inputs, outputs, self.initializers)
        opsets = [helper.make_opsetid("", 23), helper.make_opsetid(MICROSOFT, 1)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=10, producer_name="looktwice")


def export_language(tensors: Mapping[str, np.ndarray], sizes: LanguageSizes, out: Path, context: int = CONTEXT) -> None:
    """Writes `language.onnx` for up to `context` positions, its data and `language.json` into a folder."""
    out.mkdir(parents=True, exist_ok=True)
    model = GraphBuilder(tensors, sizes, Blob(out / BASE_FILE), context).build()
    (out / "language.onnx").write_bytes(model.SerializeToString(deterministic=True))
    write_entry(sizes, out, context)


def export_embeddings(tensors: Mapping[str, np.ndarray], sizes: LanguageSizes, out: Path, served_as: str, context: int = CONTEXT) -> None:
    """Writes the embedding matrix alone and `language.json`, for a model that a server runs under the name `served_as`."""
    out.mkdir(parents=True, exist_ok=True)
    builder = GraphBuilder(tensors, sizes, Blob(out / BASE_FILE), context)
    builder.weight("embed_tokens.weight", builder.take("embed_tokens.weight", (sizes.vocab, sizes.width)))
    write_entry(sizes, out, context, {"remote": {"model": served_as}})


def write_entry(sizes: LanguageSizes, out: Path, context: int, more: Mapping | None = None) -> None:
    matrix = {"file": BASE_FILE, "format": "float32", "weights": {"offset": 0, "bytes": 4 * sizes.vocab * sizes.width}}
    entry = {
        "layers": sizes.layers, "heads": sizes.heads, "kvHeads": sizes.kv_heads, "headDim": sizes.head_dim, "width": sizes.width,
        "vocab": sizes.vocab, "context": context, "ropeTheta": sizes.rope_theta, "embedding": matrix, **(more or {}),
    }
    (out / "language.json").write_text(json.dumps(entry, indent=2) + "\n", encoding="utf-8")


def embeddings_of(tensors: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The decoder's embedding matrix as `embed_tokens.weight`, whatever the prefix."""
    names = [name for name in tensors if name.endswith("embed_tokens.weight")]
    if len(names) != 1:
        raise SystemExit(f"The checkpoint has {len(names)} tensors that end in embed_tokens.weight; exactly one is expected.")
    return {"embed_tokens.weight": tensors[names[0]]}


def load_checkpoint(folder: Path, ending: str = "") -> dict[str, np.ndarray]:
    """The tensors of the folder's safetensors files whose names have the ending, as float32 (numpy has no bfloat16, in which these checkpoints are published)."""
    from safetensors import safe_open

    tensors: dict[str, np.ndarray] = {}
    for path in sorted(folder.glob("*.safetensors")):
        with safe_open(path, framework="pt") as file:
            for name in file.keys():
                if "vision" not in name and name.endswith(ending):
                    tensors[name] = file.get_tensor(name).float().numpy()
    if not tensors:
        raise SystemExit(f"{folder} has no safetensors files with tensors of a language model.")
    return tensors


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--served-as", metavar="NAME", help="write the embedding matrix only: a server runs the model under this name")
    arguments = parser.parse_args()
    config = json.loads((arguments.checkpoint / "config.json").read_text(encoding="utf-8"))
    if arguments.served_as:
        embeddings = embeddings_of(load_checkpoint(arguments.checkpoint, "embed_tokens.weight"))
        export_embeddings(embeddings, read_sizes(config), arguments.out, arguments.served_as)
    else:
        export_language(decoder_tensors(load_checkpoint(arguments.checkpoint)), read_sizes(config), arguments.out)


if __name__ == "__main__":
    main()
