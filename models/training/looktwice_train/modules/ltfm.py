"""LTFM, the look-twice anomaly expert (Anomaly-OV; METHOD section 1): first look, look back, one global anomaly token."""
from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .dssl import CUES

TEMPERATURE = 100.0


@dataclass(frozen=True)
class ExpertConfig:
    """Sizes and switches; the switches exist for the ablation table."""

    encoder_width: int = 384
    levels: int = 4
    grid: int = 28
    width: int = 256
    heads: int = 4
    dropout: float = 0.1
    look_back: bool = True
    learned_embeddings: bool = True
    q_former: bool = True
    dssl: bool = True


class FirstLook(nn.Module):
    """Per-patch, per-level comparison with e+ / e- -> logits of the anomaly map.

    Temperature * (cos(patch, e+) - cos(patch, e-)) is the logit of the two-way softmax that the paper takes.
    The within-image DSSL cues enter as an additional logit per level.
    """

    def __init__(self, config: ExpertConfig) -> None:
        super().__init__()
        c = config
        self.config = c
        self.embeddings = nn.Parameter(torch.randn(2, c.width) * 0.02, requires_grad=c.learned_embeddings)
        self.class_pool = nn.Linear(c.grid * c.grid, 1)
        nn.init.constant_(self.class_pool.weight, 1 / (c.grid * c.grid))
        self.class_mlp = nn.Sequential(nn.Linear(c.encoder_width, c.width), nn.GELU(), nn.Linear(c.width, c.width))
        self.text_adaptors = nn.ModuleList(nn.Linear(2 * c.width, c.width) for _ in range(c.levels))
        self.patch_adaptors = nn.ModuleList(nn.Linear(c.encoder_width, c.width) for _ in range(c.levels))
        self.bias = nn.Parameter(torch.full((c.levels,), -1.0))
        self.cue_mlp = nn.Sequential(nn.Linear(CUES, 32), nn.GELU(), nn.Linear(32, c.levels))

    def forward(self, levels: Tensor, cues: Tensor) -> Tensor:
        """levels [B,V,L,P,D], cues [B,V,4,P] -> logits [B,V,L,P]. View 0 is the base view and gives the class-awareness."""
        if self.training and self.config.dropout:
            # Whole channels of an image: cheap, and no patch keeps what its neighbour lost.
            shape = (len(levels), 1, self.config.levels, 1, self.config.encoder_width)
            levels = levels * (torch.rand(shape) > self.config.dropout) / (1 - self.config.dropout)
        pooled = self.class_pool(levels[:, 0, -1].transpose(1, 2)).squeeze(-1)
        aware = self.class_mlp(pooled)
        logits = []
        for level, (text, patch) in enumerate(zip(self.text_adaptors, self.patch_adaptors)):
            # `expand` by batch size, written as a product so that the exported graph stays free of shape arithmetic.
            both = self.embeddings[None] + 0 * aware[:, None]
            anchor = F.normalize(text(torch.cat([both, aware[:, None] + 0 * both], dim=-1)), dim=-1)
            features = F.normalize(patch(levels[:, :, level]), dim=-1)
            direction = (anchor[:, 0] - anchor[:, 1])[:, None, :, None]
            with torch.autocast("cpu", enabled=False):  # 100 x a bfloat16 cosine would be off by half a logit
                logits.append(TEMPERATURE * (features.float() @ direction.float()).squeeze(-1))
        stacked = torch.stack(logits, dim=2) + self.bias[:, None]
        if self.config.dssl:
            stacked = stacked + self.cue_mlp(cues.transpose(-1, -2)).transpose(-1, -2)
        return stacked


class LookBack(nn.Module):
    """Second look: significance tokens, Q-Former, one global anomaly token."""

    def __init__(self, config: ExpertConfig) -> None:
        super().__init__()
        c = config
        self.config = c
        self.grid = c.grid
        self.heads = c.heads
        self.query = nn.Linear(c.encoder_width, c.width)
        self.key = nn.Linear(c.encoder_width, c.width)
        self.value = nn.Linear(c.encoder_width, c.width)
        self.out = nn.Linear(c.width, c.width)
        self.norm = nn.LayerNorm(c.width)
        self.skip = nn.Linear(c.encoder_width, c.width)

    def _quadrants(self, x: Tensor) -> Tensor:
        """[B,V,P,K] -> mean over each 2x2 quadrant [B,V,4,K]."""
        b, v, _, k = x.shape
        half = self.grid // 2
        return x.reshape(b, v, 2, half, 2, half, k).mean(dim=(3, 5)).reshape(b, v, 4, k)

    def forward(self, last: Tensor, maps: Tensor, valid: Tensor) -> tuple[Tensor, Tensor]:
        """last [B,V,P,D] (deepest level), maps [B,V,P] in 0..1, valid [B,V,P] -> tokens [B,V,4,width], global [B,width]."""
        b, v, p, _ = last.shape
        weight = (maps if self.config.look_back else torch.ones_like(maps)) * valid
        pooled = self._quadrants(weight[..., None])
        tokens = self._quadrants(last * weight[..., None]) / (pooled + 1e-4)
        skip = self.skip(tokens)
        if self.config.q_former:
            head = self.query.out_features // self.heads
            query = self.query(tokens).reshape(b, v * 4, self.heads, head).transpose(1, 2)
            key = self.key(last).reshape(b, v * p, self.heads, head).transpose(1, 2)
            value = self.value(last).reshape(b, v * p, self.heads, head).transpose(1, 2)
            scores = query @ key.transpose(-1, -2) * head**-0.5 + (valid.reshape(b, 1, 1, v * p) - 1) * 1e4
            mixed = (scores.softmax(-1) @ value).transpose(1, 2).reshape(b, v, 4, -1)
            tokens = self.norm(skip + self.out(mixed))
        else:
            tokens = self.norm(skip)
        significance = (maps * valid).sum(-1, keepdim=True) / valid.sum(-1, keepdim=True).clamp(min=1)
        share = (pooled[..., 0] * significance).reshape(b, v * 4)
        share = (share + 1e-6) / (share + 1e-6).sum(-1, keepdim=True)
        return tokens, (share[..., None] * tokens.reshape(b, v * 4, -1)).sum(1)


class AnomalyExpert(nn.Module):
    """First look + look back + score.

    The score reads the global anomaly token and, beside it, four numbers of the map itself (peak and mean of the map, over
    all views and over the base view): averaging tokens forgets the height of the peak, which is the most transferable evidence.
    """

    def __init__(self, config: ExpertConfig) -> None:
        super().__init__()
        self.config = config
        self.first = FirstLook(config)
        self.back = LookBack(config)
        self.score_mlp = nn.Sequential(nn.Linear(config.width, 128), nn.GELU(), nn.Dropout(0.2), nn.Linear(128, 1))
        self.peak = nn.Linear(4, 1)
        nn.init.constant_(self.peak.weight, 0.25)

    def forward(self, levels: Tensor, cues: Tensor, valid: Tensor) -> dict[str, Tensor]:
        """levels [B,V,L,P,D], cues [B,V,4,P], valid [B,V,P] -> logits [B,V,L,P], maps, significance, tokens, global, score (logit)."""
        logits = self.first(levels, cues)
        maps = torch.sigmoid(logits).mean(2) * valid
        mean_logit = logits.clamp(-12, 12).mean(2)
        tokens, whole = self.back(levels[:, :, -1], maps, valid)
        masked = mean_logit + (valid - 1) * 1e4
        peaks = soft_peak(masked)
        means = (mean_logit * valid).sum(-1) / valid.sum(-1).clamp(min=1)
        stats = torch.stack([peaks.amax(1), peaks[:, 0], means.amax(1), means[:, 0]], dim=-1)
        score = (self.score_mlp(whole) + self.peak(stats)).squeeze(-1)
        significance = (maps * valid).sum(-1) / valid.sum(-1).clamp(min=1)
        return {
            "logits": logits, "maps": maps, "significance": significance, "tokens": tokens, "global": whole, "score": score,
        }


def soft_peak(values: Tensor, temperature: float = 1.0) -> Tensor:
    """Smooth maximum over the last axis, less the count's offset for about 8 patches: log-sum-exp - log 8."""
    return temperature * (torch.logsumexp(values / temperature, dim=-1) - 2.0794)
