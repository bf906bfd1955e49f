"""DINOv2-small in PyTorch: the encoder of the bundle, for machines where bfloat16 products are faster than the int8 graph.

The same weights, preprocessing and outputs as `encoder.onnx` (vision/encoder_export.py); the features of the two differ by what int8 rounds.
"""
from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from ..paths import BUNDLE
from ..reference_infer import session
from ..vision.encoder_export import DEPTH, EPSILON, HEADS, LEVELS, PATCH, WIDTH, interpolate_positions, load_backbone


def _tensor(value: np.ndarray) -> nn.Parameter:
    return nn.Parameter(torch.from_numpy(np.ascontiguousarray(value)), requires_grad=False)


class Block(nn.Module):
    """One transformer block with LayerScale folded into its projections."""

    def __init__(self, w: dict[str, np.ndarray], index: int) -> None:
        super().__init__()
        name = f"encoder.layer.{index}"
        read = lambda part: (w[f"{name}.{part}.weight"], w[f"{name}.{part}.bias"])  # noqa: E731
        q, k, v = (read(f"attention.attention.{part}") for part in ("query", "key", "value"))
        self.qkv_weight, self.qkv_bias = _tensor(np.concatenate([q[0], k[0], v[0]], 1).T), _tensor(np.concatenate([q[1], k[1], v[1]]))
        out, scale1 = read("attention.output.dense"), w[f"{name}.layer_scale1.lambda1"]
        self.out_weight, self.out_bias = _tensor((out[0] * scale1).T), _tensor(out[1] * scale1)
        fc1, fc2, scale2 = read("mlp.fc1"), read("mlp.fc2"), w[f"{name}.layer_scale2.lambda1"]
        self.fc1_weight, self.fc1_bias = _tensor(fc1[0].T), _tensor(fc1[1])
        self.fc2_weight, self.fc2_bias = _tensor((fc2[0] * scale2).T), _tensor(fc2[1] * scale2)
        self.norm1 = nn.ParameterList([_tensor(w[f"{name}.norm1.{part}"]) for part in ("weight", "bias")])
        self.norm2 = nn.ParameterList([_tensor(w[f"{name}.norm2.{part}"]) for part in ("weight", "bias")])

    def forward(self, x: Tensor) -> Tensor:
        """[B,N,D] -> [B,N,D]."""
        b, n, d = x.shape
        h = F.layer_norm(x, (d,), self.norm1[0], self.norm1[1], EPSILON)
        q, k, v = F.linear(h, self.qkv_weight, self.qkv_bias).reshape(b, n, 3, HEADS, d // HEADS).permute(2, 0, 3, 1, 4)
        x = x + F.linear(F.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(b, n, d), self.out_weight, self.out_bias)
        h = F.layer_norm(x, (d,), self.norm2[0], self.norm2[1], EPSILON)
        return x + F.linear(F.gelu(F.linear(h, self.fc1_weight, self.fc1_bias)), self.fc2_weight, self.fc2_bias)


class OnnxEncoder(nn.Module):
    """`encoder.onnx` of the bundle, as the product runs it: pixels [V,3,S,S] (normalised) -> levels [V,4,P,D], cls [V,D], both float32."""

    def __init__(self, threads: int) -> None:
        super().__init__()
        self.session = session(BUNDLE / "encoder.onnx", threads)

    def forward(self, pixels: Tensor) -> tuple[Tensor, Tensor]:
        levels, cls = self.session.run(["levels", "cls"], {"pixels": pixels.numpy()})
        return torch.from_numpy(levels), torch.from_numpy(cls)


class TorchEncoder(nn.Module):
    """pixels [V,3,S,S] (normalised) -> levels [V,4,P,D], cls [V,D], both float32."""

    def __init__(self) -> None:
        super().__init__()
        w = load_backbone()
        self.patch_weight, self.patch_bias = _tensor(w["embeddings.patch_embeddings.projection.weight"]), _tensor(w["embeddings.patch_embeddings.projection.bias"])
        self.positions = _tensor(interpolate_positions(w["positions"]))
        self.cls = _tensor((w["embeddings.cls_token"] + w["class_position"]).astype(np.float32))
        self.blocks = nn.ModuleList(Block(w, i) for i in range(DEPTH))
        self.norm = nn.ParameterList([_tensor(w["layernorm.weight"]), _tensor(w["layernorm.bias"])])

    def forward(self, pixels: Tensor) -> tuple[Tensor, Tensor]:
        x = F.conv2d(pixels.to(self.patch_weight.dtype), self.patch_weight, self.patch_bias, stride=PATCH)
        x = x.flatten(2).transpose(1, 2) + self.positions
        x = torch.cat([self.cls.expand(len(x), -1, -1), x], 1)
        levels = []
        for index, block in enumerate(self.blocks, 1):
            x = block(x)
            if index in LEVELS:
                levels.append(F.layer_norm(x, (WIDTH,), self.norm[0], self.norm[1], EPSILON).float())
        return torch.stack([level[:, 1:] for level in levels], 1), levels[-1][:, 0]

