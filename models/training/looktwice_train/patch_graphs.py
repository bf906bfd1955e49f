"""The bundle's graphs without weights: comparisons among L2-normalised patches, as lib/anomaly/similarity.ts runs them."""
from __future__ import annotations

from pathlib import Path

import onnx
from onnx import NodeProto, TensorProto, helper

Shape = list[str | int]


def patch_graph(name: str, inputs: dict[str, Shape], outputs: dict[str, Shape], nodes: list[NodeProto], constants: list[TensorProto]) -> onnx.ModelProto:
    """float32 all over, but for an output `nearest`, which is int32."""
    values = [
        [helper.make_tensor_value_info(key, TensorProto.INT32 if key == "nearest" else TensorProto.FLOAT, shape) for key, shape in group.items()]
        for group in (inputs, outputs)
    ]
    graph = helper.make_graph(nodes, name, *values, constants)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9, producer_name="looktwice")


def similarity_graph() -> onnx.ModelProto:
    """`query` [N,D], `bank` [M,D] -> `distance` [N] = 1 - max over the bank of the cosine, `nearest` [N] int32: which row that is."""
    nodes = [
        helper.make_node("Transpose", ["bank"], ["bank_t"], perm=[1, 0]),
        helper.make_node("MatMul", ["query", "bank_t"], ["cosine"]),
        helper.make_node("ReduceMax", ["cosine", "axes"], ["largest"], keepdims=0),
        helper.make_node("Sub", ["one", "largest"], ["distance"]),
        helper.make_node("ArgMax", ["cosine"], ["row"], axis=-1, keepdims=0),
        helper.make_node("Cast", ["row"], ["nearest"], to=TensorProto.INT32),
    ]
    constants = [helper.make_tensor("axes", TensorProto.INT64, [1], [1]), helper.make_tensor("one", TensorProto.FLOAT, [], [1.0])]
    return patch_graph("similarity", {"query": ["queries", "width"], "bank": ["samples", "width"]}, {"distance": ["queries"], "nearest": ["queries"]}, nodes, constants)


def within_graph() -> onnx.ModelProto:
    """`patches` [N,D], `near` [N,N] (4 where two are too close to each other, else 0) -> `distance` [N] = 1 - the largest cosine with the others, 2 where there are none."""
    nodes = [
        helper.make_node("Transpose", ["patches"], ["patches_t"], perm=[1, 0]),
        helper.make_node("MatMul", ["patches", "patches_t"], ["cosine"]),
        helper.make_node("Sub", ["cosine", "near"], ["apart"]),
        helper.make_node("ReduceMax", ["apart", "axes"], ["largest"], keepdims=0),
        helper.make_node("Max", ["largest", "opposite"], ["bounded"]),
        helper.make_node("Sub", ["one", "bounded"], ["distance"]),
    ]
    constants = [
        helper.make_tensor("axes", TensorProto.INT64, [1], [1]), helper.make_tensor("one", TensorProto.FLOAT, [], [1.0]),
        helper.make_tensor("opposite", TensorProto.FLOAT, [], [-1.0]),
    ]
    return patch_graph("within", {"patches": ["patches", "width"], "near": ["patches", "patches"]}, {"distance": ["patches"]}, nodes, constants)


def moments_graph() -> onnx.ModelProto:
    """`patches` [N,D] -> `total` [D], their sum, and `products` [D,D], the sum of each one's products with itself."""
    nodes = [
        helper.make_node("ReduceSum", ["patches", "axes"], ["total"], keepdims=0),
        helper.make_node("Transpose", ["patches"], ["patches_t"], perm=[1, 0]),
        helper.make_node("MatMul", ["patches_t", "patches"], ["products"]),
    ]
    constants = [helper.make_tensor("axes", TensorProto.INT64, [1], [0])]
    return patch_graph("moments", {"patches": ["patches", "width"]}, {"total": ["width"], "products": ["width", "width"]}, nodes, constants)


def residual_graph() -> onnx.ModelProto:
    """`patches` [N,D], `mean` [D], `root` [D,D] -> `residual` [N] = the squared length of (patch - mean) root."""
    nodes = [
        helper.make_node("Sub", ["patches", "mean"], ["deviation"]),
        helper.make_node("MatMul", ["deviation", "root"], ["left"]),
        helper.make_node("ReduceSumSquare", ["left", "axes"], ["residual"], keepdims=0),
    ]
    constants = [helper.make_tensor("axes", TensorProto.INT64, [1], [1])]
    return patch_graph("residual", {"patches": ["patches", "width"], "mean": ["width"], "root": ["width", "width"]}, {"residual": ["patches"]}, nodes, constants)


PATCH_GRAPHS = {"similarity.onnx": similarity_graph, "within.onnx": within_graph, "moments.onnx": moments_graph, "residual.onnx": residual_graph}


def write_patch_graphs(folder: Path) -> None:
    """Writes those that are missing: they never change."""
    for name, make in PATCH_GRAPHS.items():
        if not (folder / name).exists():
            onnx.save(make(), str(folder / name))
