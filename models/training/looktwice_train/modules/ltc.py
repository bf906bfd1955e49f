"""LTC, locality-enhanced token compression (VMAD), as the projector into the language model.

The base view's 28 x 28 patches become 7 x 7 = 49 tokens. Each coarse query sees only its own 4 x 4 window, over all encoder
levels, so that a defect of one patch still reaches the language model. Anomaly tokens share the output MLP.
"""
from __future__ import annotations

import torch
from torch import Tensor, nn

WINDOWS = 7
TOKENS = WINDOWS * WINDOWS
EMBEDDING_RMS = 0.12  # about that of SmolLM2's token embeddings, so that spliced tokens enter on the scale the model knows


class LtcProjector(nn.Module):
    """levels [B,L,P,D] and map [B,P] of the base view, anomaly tokens [B,N,A] -> image tokens [B,49,W], anomaly tokens [B,N,W]."""

    def __init__(self, encoder_width: int = 384, levels: int = 4, grid: int = 28, anomaly_width: int = 256, width: int = 576, inner: int = 192,
                 compress: bool = True) -> None:
        super().__init__()
        self.grid, self.inner, self.compress = grid, inner, compress
        self.level_maps = nn.ModuleList(nn.Linear(encoder_width, inner) for _ in range(levels))
        self.significance = nn.Linear(1, inner)
        self.query = nn.Linear(inner, inner)
        self.key = nn.Linear(inner, inner)
        self.position = nn.Parameter(torch.randn(TOKENS, inner) * 0.02)
        self.norm = nn.LayerNorm(inner)
        self.anomaly_in = nn.Linear(anomaly_width, inner)
        self.kind = nn.Parameter(torch.randn(2, inner) * 0.02)
        self.mlp = nn.Sequential(nn.Linear(inner, width), nn.GELU(), nn.Linear(width, width), nn.LayerNorm(width, elementwise_affine=False))
        self.scale = nn.Parameter(torch.tensor(EMBEDDING_RMS))

    def _windows(self, x: Tensor) -> Tensor:
        """[B,P,K] -> [B,49,16,K]."""
        b, _, k = x.shape
        side = self.grid // WINDOWS
        return x.reshape(b, WINDOWS, side, WINDOWS, side, k).permute(0, 1, 3, 2, 4, 5).reshape(b, TOKENS, side * side, k)

    def fine(self, parts: list[Tensor], maps: Tensor) -> Tensor:
        """Levels [B,P,D] each and map [B,P] -> the windows' patches of all levels [B,49,64,inner]."""
        lifted = self.significance(maps[..., None])
        return torch.cat([self._windows(project(part) + lifted) for project, part in zip(self.level_maps, parts, strict=True)], dim=2)

    def image_tokens(self, coarse: Tensor) -> Tensor:
        return self.mlp(self.norm(coarse)) * self.scale

    def anomaly_tokens(self, anomaly: Tensor) -> Tensor:
        first = self.anomaly_in(anomaly[:, :1]) + self.kind[0]
        rest = self.anomaly_in(anomaly[:, 1:]) + self.kind[1]
        return self.mlp(self.norm(torch.cat([first, rest], dim=1))) * self.scale

    def forward(self, levels: Tensor, maps: Tensor, anomaly: Tensor) -> tuple[Tensor, Tensor]:
        fine = self.fine(list(levels.unbind(1)), maps)
        coarse = fine.mean(2) + self.position
        if self.compress:
            scores = (self.key(fine) @ self.query(coarse)[..., None]).squeeze(-1) * self.inner**-0.5
            coarse = coarse + (scores.softmax(-1)[..., None] * fine).sum(2)
        return self.image_tokens(coarse), self.anomaly_tokens(anomaly)
