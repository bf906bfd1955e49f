"""The trained graphs of the bundle as modules with the exported signatures (docs/design/model.md, "Graphs")."""
from __future__ import annotations

import torch
from torch import Tensor, nn

from .dssl import used
from .ltc import LtcProjector
from .ltfm import AnomalyExpert
from .segmenter import MaskFeatures, Segmenter


class ExpertGraph(nn.Module):
    """levels [V,L,P,D], cls [V,D], valid [V,P] -> maps, significance, score, image_tokens, anomaly_tokens, features, global."""

    def __init__(self, expert: AnomalyExpert, projector: LtcProjector, features: MaskFeatures) -> None:
        super().__init__()
        self.expert, self.projector, self.features = expert, projector, features

    def forward(self, levels: Tensor, cls: Tensor, valid: Tensor) -> tuple[Tensor, ...]:
        dssl = self.expert.evidence.dssl
        similarity = dssl.similarity(levels, valid)  # once for both, the costliest step of the expert
        cues, novelty = dssl.cues(used(similarity), valid), dssl.nearest(similarity)
        out = self.expert(levels[None], cues[None], valid[None], novelty[None])
        maps = out["maps"][0]
        anomaly = torch.cat([out["global"][:, None], out["tokens"].flatten(1, 2)], dim=1)
        image_tokens, anomaly_tokens = self.projector(levels[:1], maps[:1], anomaly)
        # `cls` is part of the contract (object heads read it); 0 * keeps it a declared input of this graph.
        score = torch.sigmoid(out["score"]) + 0 * cls.sum()
        return maps, out["significance"][0], score, image_tokens[0], anomaly_tokens[0], self.features(levels[None])[0], out["global"]


class SegmenterGraph(nn.Module):
    """features [V,P,C], maps [V,P], pixels [V,3,S,S], prompt [1,W], use_prompt [1] -> mask_logits [V,196,196], type_logits [1,T]."""

    def __init__(self, segmenter: Segmenter) -> None:
        super().__init__()
        self.segmenter = segmenter

    def forward(self, features: Tensor, maps: Tensor, pixels: Tensor, prompt: Tensor, use_prompt: Tensor) -> tuple[Tensor, Tensor]:
        ones = torch.ones_like(maps[:, :1])
        masks, types = self.segmenter(features, maps, pixels, ones * prompt, ones * use_prompt)
        # Views speak for the type in proportion to the defect they show; the base view always has a voice.
        share = torch.sigmoid(masks).mean(dim=(1, 2))[:, None]
        return masks, (types * share).sum(0, keepdim=True) / (share.sum(0, keepdim=True) + 1e-6)
