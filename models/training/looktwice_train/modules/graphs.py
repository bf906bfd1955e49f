"""The trained graphs of the bundle as modules with the exported signatures (docs/design/model.md, "Graphs")."""
from __future__ import annotations

import torch
from torch import Tensor, nn

from ..breadth.graph import WideGraph
from . import lean
from .dssl import used
from .lean import quadrants
from .ltc import LtcProjector
from .ltfm import AnomalyExpert, ExpertConfig
from .segmenter import MaskFeatures, Segmenter


class ExpertGraph(nn.Module):
    """levels [V,L,P,D], cls [V,D], valid [V,P] -> maps, significance, score, image_tokens, anomaly_tokens, features, global, and with a wide head foreign.

    With a wide head (breadth/graph.py) map and score are its; the first look's own map still weighs the tokens of the look-back, which the language model was trained to read.
    `lean` computes the same as the modules' own `forward`, in less time (lean.py); only the shipped configuration has that form.
    """

    def __init__(self, expert: AnomalyExpert, projector: LtcProjector, features: MaskFeatures, lean: bool = True, wide: WideGraph | None = None) -> None:
        super().__init__()
        if lean and not (expert.config == ExpertConfig(width=expert.config.width) and projector.compress):
            raise ValueError("ablated experts have no lean form: export the full one")
        self.expert, self.projector, self.features, self.lean, self.wide = expert, projector, features, lean, wide
        self.register_buffer("quadrants", quadrants(expert.config.grid), persistent=False)

    def forward(self, levels: Tensor, cls: Tensor, valid: Tensor) -> tuple[Tensor, ...]:
        maps, score, image, anomaly, features, whole, near = self.arranged(levels, valid) if self.lean else self.plain(levels, valid)
        extra: tuple[Tensor, ...] = ()
        if self.wide is not None:
            maps, score, foreign = self.wide(list(levels.unbind(1)), near, cls, valid)
            extra = (foreign,)
        significance = (maps * valid).sum(-1) / valid.sum(-1).clamp(min=1)
        # `cls` is part of the contract (object heads read it); 0 * keeps it a declared input of this graph.
        return maps, significance, torch.sigmoid(score) + 0 * cls.sum(), image, anomaly, features, whole, *extra

    def arranged(self, levels: Tensor, valid: Tensor) -> tuple[Tensor, ...]:
        parts = list(levels.unbind(1))
        maps, score, near = lean.look(self.expert, parts, valid)
        tokens, whole = lean.look_back(self.expert.back, self.quadrants, parts[-1], maps, valid)
        anomaly = torch.cat([whole, tokens.flatten(0, 1)])[None]
        image_tokens, anomaly_tokens = lean.project(self.projector, [part[:1] for part in parts], maps[:1], anomaly)
        return maps, score, image_tokens, anomaly_tokens, self.features.fuse(parts), whole, near

    def plain(self, levels: Tensor, valid: Tensor) -> tuple[Tensor, ...]:
        dssl = self.expert.evidence.dssl
        similarity = dssl.similarity(levels, valid)
        out = self.expert(levels[None], dssl.cues(used(similarity), valid)[None], valid[None], dssl.nearest(similarity)[None])
        anomaly = torch.cat([out["global"][:, None], out["tokens"].flatten(1, 2)], dim=1)
        image_tokens, anomaly_tokens = self.projector(levels[:1], out["maps"][0, :1], anomaly)
        return out["maps"][0], out["score"], image_tokens[0], anomaly_tokens[0], self.features(levels[None])[0], out["global"], list((1 - similarity.amax(-1).clamp(min=-1)).unbind(1))


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
