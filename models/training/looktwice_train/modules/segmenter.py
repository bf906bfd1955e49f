"""The `<seg>` mask decoder: SAM-style two-way attention between prompt tokens and the feature map, plus a pixel path.

VMAD's embedding-as-mask: H_seg (the language model's last hidden state at `<seg>`) -> MLP -> prompt token. The anomaly map enters
as a dense prompt. The pixel path (stride 2 and 4) keeps cracks that are thinner than a patch.
"""
from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

TYPES = (
    "crack", "scratch", "stain", "pitting", "missing part", "foreign material", "deformation", "blowhole", "break", "fray",
    "uneven surface", "crazing", "inclusion", "patches", "rolled-in scale", "circuit defect",
)
MASK = 196


class MaskFeatures(nn.Module):
    """Fuses the encoder levels into the decoder's feature map: [B,V,L,P,D] -> [B,V,P,C]. Exported with the expert."""

    def __init__(self, encoder_width: int = 384, levels: int = 4, channels: int = 128) -> None:
        super().__init__()
        self.projections = nn.ModuleList(nn.Linear(encoder_width, channels, bias=i == 0) for i in range(levels))
        self.norm = nn.LayerNorm(channels)

    def forward(self, levels: Tensor) -> Tensor:
        return self.fuse(list(levels.unbind(2)))

    def fuse(self, parts: list[Tensor]) -> Tensor:
        """Levels [...,P,D] each -> [...,P,C]."""
        return self.norm(sum(project(part) for project, part in zip(self.projections, parts, strict=True)))


class Attention(nn.Module):
    """Multi-head attention of `x` over `y`, width kept."""

    def __init__(self, channels: int, heads: int = 4) -> None:
        super().__init__()
        self.heads = heads
        self.q, self.k, self.v, self.out = (nn.Linear(channels, channels) for _ in range(4))

    def forward(self, x: Tensor, y: Tensor, value: Tensor) -> Tensor:
        b, n, c = x.shape

        def split(t: Tensor) -> Tensor:
            return t.reshape(b, -1, self.heads, c // self.heads).transpose(1, 2)

        scores = split(self.q(x)) @ split(self.k(y)).transpose(-1, -2) * (c // self.heads) ** -0.5
        return self.out((scores.softmax(-1) @ split(self.v(value))).transpose(1, 2).reshape(b, n, c))


class TwoWayBlock(nn.Module):
    """Tokens attend to themselves, then to the image; an MLP; then the image attends to the tokens."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.self_attention, self.to_image, self.to_tokens = Attention(channels), Attention(channels), Attention(channels)
        self.mlp = nn.Sequential(nn.Linear(channels, 2 * channels), nn.GELU(), nn.Linear(2 * channels, channels))
        self.norms = nn.ModuleList(nn.LayerNorm(channels) for _ in range(4))

    def forward(self, tokens: Tensor, image: Tensor, position: Tensor) -> tuple[Tensor, Tensor]:
        tokens = self.norms[0](tokens + self.self_attention(tokens, tokens, tokens))
        tokens = self.norms[1](tokens + self.to_image(tokens, image + position, image))
        tokens = self.norms[2](tokens + self.mlp(tokens))
        image = self.norms[3](image + self.to_tokens(image + position, tokens, tokens))
        return tokens, image


class Segmenter(nn.Module):
    """features [V,P,C], maps [V,P], pixels [V,3,392,392], prompt [V,W], use_prompt [V,1] -> mask logits [V,196,196], type logits [V,T].

    V runs over views; every view gets the same prompt. The graph averages the type logits over views by defect mass.
    """

    def __init__(self, channels: int = 128, width: int = 576, grid: int = 28, high_resolution: bool = True) -> None:
        super().__init__()
        self.grid, self.high_resolution = grid, high_resolution
        self.prompt = nn.Sequential(nn.Linear(width, channels), nn.GELU(), nn.Linear(channels, channels))
        self.default = nn.Parameter(torch.randn(channels) * 0.02)
        self.mask_token = nn.Parameter(torch.randn(channels) * 0.02)
        self.position = nn.Parameter(torch.randn(grid * grid, channels) * 0.02)
        self.dense = nn.Sequential(nn.Linear(1, channels // 4), nn.GELU(), nn.Linear(channels // 4, channels))
        self.blocks = nn.ModuleList(TwoWayBlock(channels) for _ in range(2))
        self.fine2 = nn.Conv2d(3, 12, 3, stride=2, padding=1)
        self.fine4 = nn.Conv2d(12, 24, 3, stride=2, padding=1)
        self.lift = nn.Conv2d(channels, 32, 1)
        self.mix4 = nn.Conv2d(32 + 24 + 1, 32, 3, padding=1)
        self.narrow = nn.Conv2d(32, 16, 1)
        self.mix2 = nn.Conv2d(16 + 12, 16, 3, padding=1)
        self.hyper = nn.Sequential(nn.Linear(channels, channels), nn.GELU(), nn.Linear(channels, 17))
        self.types = nn.Sequential(nn.Linear(2 * channels, 128), nn.GELU(), nn.Dropout(0.2), nn.Linear(128, len(TYPES)))

    def forward(self, features: Tensor, maps: Tensor, pixels: Tensor, prompt: Tensor, use_prompt: Tensor) -> tuple[Tensor, Tensor]:
        v = features.shape[0]
        logit = torch.log((maps + 1e-4) / (1 - maps + 1e-4)) * 0.25
        spoken = self.prompt(prompt)
        first = spoken * use_prompt + self.default * (1 - use_prompt)
        tokens = torch.stack([first, self.mask_token + 0 * first], dim=1)
        image = features + self.dense(logit[..., None])
        for block in self.blocks:
            tokens, image = block(tokens, image, self.position)
        coarse = image.transpose(1, 2).reshape(v, -1, self.grid, self.grid)
        quarter, half = MASK // 2, MASK
        up = F.interpolate(self.lift(coarse), size=(quarter, quarter), mode="bilinear", align_corners=False)
        dense = F.interpolate(logit.reshape(v, 1, self.grid, self.grid), size=(quarter, quarter), mode="bilinear", align_corners=False)
        fine2 = F.gelu(self.fine2(pixels * float(self.high_resolution)))
        fine4 = F.gelu(self.fine4(fine2))
        mixed = F.gelu(self.mix4(torch.cat([up, fine4, dense], dim=1)))
        mixed = F.interpolate(self.narrow(mixed), size=(half, half), mode="bilinear", align_corners=False)
        mixed = F.gelu(self.mix2(torch.cat([mixed, fine2], dim=1)))
        weights = self.hyper(tokens[:, 1])
        masks = (mixed * weights[:, :16, None, None]).sum(1) + weights[:, 16, None, None] - 2.0
        return masks, self.type_logits(features, masks)

    def type_logits(self, features: Tensor, masks: Tensor) -> Tensor:
        """Masked and unmasked means of the features -> defect-type logits per view."""
        v = features.shape[0]
        side = MASK // self.grid
        share = torch.sigmoid(masks.detach()).reshape(v, self.grid, side, self.grid, side).mean(dim=(2, 4)).reshape(v, -1, 1)
        inside = (features * share).sum(1) / (share.sum(1) + 1e-3)
        around = (features * (1 - share)).sum(1) / ((1 - share).sum(1) + 1e-3)
        return self.types(torch.cat([inside, around], dim=-1))
