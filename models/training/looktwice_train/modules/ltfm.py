"""LTFM, the look-twice anomaly expert (Anomaly-OV): first look, look back, one global anomaly token."""
from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .dssl import CUES
from .evidence import Evidence

TEMPERATURE = 100.0


@dataclass(frozen=True)
class ExpertConfig:
    """Sizes and switches; the switches exist for the ablation table."""

    encoder_width: int = 384
    levels: int = 4
    grid: int = 28
    width: int = 256
    heads: int = 4
    look_back: bool = True
    learned_embeddings: bool = True
    q_former: bool = True
    dssl: bool = True
    relative: bool = True

    @property
    def heads_per_patch(self) -> int:
        """Levels x branches."""
        return self.levels * (2 if self.relative else 1)


class FirstLook(nn.Module):
    """Per-patch comparison with e+ / e- -> logits of the anomaly map, one per encoder level and branch.

    Temperature * (cos(patch, e+) - cos(patch, e-)) is the logit of the two-way softmax that the paper takes. Beside the raw
    branch (the paper's) a relative branch reads each patch as its deviation from the view's mean patch, VMAD's global normal
    feature: what counts there is how a patch differs from the rest of this picture, which transfers to unseen materials.
    The map is the mean over levels and branches. The within-image DSSL cues enter as one more logit per head.
    """

    def __init__(self, config: ExpertConfig) -> None:
        super().__init__()
        c = config
        self.config = c
        self.embeddings = nn.Parameter(torch.randn(2, c.width) * 0.02, requires_grad=c.learned_embeddings)
        self.class_pool = nn.Linear(c.grid * c.grid, 1)
        nn.init.constant_(self.class_pool.weight, 1 / (c.grid * c.grid))
        nn.init.zeros_(self.class_pool.bias)
        self.class_mlp = nn.Sequential(nn.Linear(c.encoder_width, c.width), nn.GELU(), nn.Linear(c.width, c.width))
        self.text_adaptors = nn.ModuleList(nn.Linear(2 * c.width, c.width) for _ in range(c.heads_per_patch))
        self.patch_adaptors = nn.ModuleList(nn.Linear(c.encoder_width, c.width) for _ in range(c.heads_per_patch))
        self.bias = nn.Parameter(torch.full((c.heads_per_patch,), -1.0))
        self.cue_mlp = nn.Sequential(nn.Linear(CUES, 32), nn.GELU(), nn.Linear(32, c.heads_per_patch))

    def directions(self, pooled: Tensor) -> Tensor:
        """Pooled base view [B,D] -> e+ minus e- for every head, each normalised before the difference: [B,heads,width]."""
        aware = self.class_mlp(pooled)
        # `expand` by batch size, written as a product so that the exported graph stays free of shape arithmetic.
        both = self.embeddings[None] + 0 * aware[:, None]
        joined = torch.cat([both, aware[:, None] + 0 * both], dim=-1)
        anchors = [F.normalize(text(joined), dim=-1) for text in self.text_adaptors]
        return torch.stack([anchor[:, 0] - anchor[:, 1] for anchor in anchors], dim=1)

    def head_inputs(self, levels: Tensor, mean: Tensor, deviation: Tensor) -> list[Tensor]:
        """levels [...,L,P,D], mean [...,L,1,D], deviation [...,L,1,1] of the view -> per head [...,P,D]."""
        relative = (levels - mean) / deviation if self.config.relative else None
        count = self.config.levels
        parts = [levels[..., i, :, :] for i in range(count)]
        return parts + ([relative[..., i, :, :] for i in range(count)] if relative is not None else [])

    def logits(self, inputs: list[Tensor], directions: Tensor, cues: Tensor) -> Tensor:
        """Per head [B,N,D], directions [B,heads,width], cues [B,4,N] -> [B,heads,N]."""
        found = []
        for head, patch in enumerate(self.patch_adaptors):
            features = F.normalize(patch(inputs[head]), dim=-1)
            with torch.autocast("cpu", enabled=False):  # 100 x a bfloat16 cosine would be off by half a logit
                found.append(TEMPERATURE * (features.float() @ directions[:, head, :, None].float()).squeeze(-1))
        stacked = torch.stack(found, dim=1) + self.bias[:, None]
        if self.config.dssl:
            stacked = stacked + self.cue_mlp(cues.transpose(-1, -2)).transpose(-1, -2)
        return stacked

    def forward(self, levels: Tensor, cues: Tensor, valid: Tensor) -> Tensor:
        """levels [B,V,L,P,D], cues [B,V,4,P], valid [B,V,P] -> logits [B,V,heads,P]. View 0, the base view, gives the class-awareness."""
        b, v = valid.shape[:2]
        pooled = self.class_pool(levels[:, 0, -1].transpose(1, 2)).squeeze(-1)
        directions = self.directions(pooled)[:, None] + 0 * valid[:, :, :1, None]
        weight = valid[:, :, None, :, None] / valid.sum(-1).clamp(min=1)[:, :, None, None, None]
        mean = (levels * weight).sum(3, keepdim=True)
        deviation = torch.sqrt((((levels - mean) ** 2).mean(-1, keepdim=True) * weight).sum(3, keepdim=True) + 1e-6)
        inputs = [part.flatten(0, 1) for part in self.head_inputs(levels, mean, deviation)]
        return self.logits(inputs, directions.flatten(0, 1), cues.flatten(0, 1)).unflatten(0, (b, v))


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

    The score is the logit of the evidence that transfers (novelty and contrast, modules/evidence.py; why not the map's peak or the
    paper's MLP over the global token: docs/decisions/zero-shot-evidence.md). The global anomaly token and the significance tokens
    are what the language model reads; in training a head of their own (`token_head`, the paper's score, not exported) has them tell
    normal from anomalous, since the score would teach them nothing.
    """

    def __init__(self, config: ExpertConfig) -> None:
        super().__init__()
        self.config = config
        self.first = FirstLook(config)
        self.back = LookBack(config)
        self.evidence = Evidence(config.levels, config.encoder_width, config.grid)
        self.token_head = nn.Sequential(nn.Linear(config.width, 128), nn.GELU(), nn.Dropout(0.2), nn.Linear(128, 1))

    def forward(self, levels: Tensor, cues: Tensor, valid: Tensor, novelty: Tensor | None = None) -> dict[str, Tensor]:
        """levels [B,V,L,P,D], cues [B,V,4,P], valid [B,V,P], novelty [B,V,P] where it is known -> logits [B,V,heads,P], maps, significance, tokens, global, score and token_score (logits)."""
        logits = self.first(levels, cues, valid)
        maps = torch.sigmoid(logits).mean(2) * valid
        tokens, whole = self.back(levels[:, :, -1], maps, valid)
        with torch.autocast("cpu", enabled=False):  # distances of 0.05 drown in bfloat16
            floats = levels.float()
            known = [self.evidence.novelty(one, ok) for one, ok in zip(floats, valid)] if novelty is None else novelty
            score = torch.cat([self.evidence(one, new, ok) for one, new, ok in zip(floats, known, valid)])
        significance = (maps * valid).sum(-1) / valid.sum(-1).clamp(min=1)
        return {
            "logits": logits, "maps": maps, "significance": significance, "tokens": tokens, "global": whole, "score": score,
            "token_score": self.token_head(whole).squeeze(-1),
        }
