"""The expert as it is exported: what `AnomalyExpert` and `LtcProjector` compute, arranged so that the large arrays are walked over once.

Training keeps the plain form, which reads like the papers; `export` compares the two on an image and the tests on random features. What differs:
- Lengths of the patches are taken once. They normalise the similarity, and with the mean they give the view's deviation.
- A relative head reads W((x - m) / s) + b. Its cosine does not change with the factor s, so that it is read off Wx + (s b - Wm): one product with the patches as they are.
- Similarities are worked on level by level, already divided by the temperature of the cues.
- Where few queries read many patches, the queries go through the weights of keys and values instead of the patches: q . (K x) = (q K) . x. The bias of the keys
  is the same for all of a query's keys and falls out of the softmax; it is not exported.
"""
from __future__ import annotations

import torch
from torch import Tensor

from .dssl import TEMPERATURE as CUE_TEMPERATURE
from .dssl import USED_LEVELS, WithinImageDssl, with_z_scores
from .evidence import Evidence, ring_mean, statistics
from .ltc import LtcProjector
from .ltfm import TEMPERATURE, AnomalyExpert, FirstLook, LookBack

SMALLEST = 1e-12  # of lengths, as `F.normalize` has it
BLOCKED = 1e4  # far beyond any similarity over the temperature; its exponential is 0


def compare_within(dssl: WithinImageDssl, parts: list[Tensor], lengths: list[Tensor], valid: Tensor) -> tuple[Tensor, Tensor, list[Tensor]]:
    """Levels [V,P,D] and the lengths of their patches [V,P,1], valid [V,P] -> cues [V,4,P], novelty [V,P] (dssl.py: `cues` and `nearest`), and the novelty of each level.

    The order of the operations is part of the file: `restore` finds weights by the names that the exporter numbers.
    """
    shift = 1 / CUE_TEMPERATURE  # exp(s / t - 1 / t) cannot overflow, cosines being at most 1
    blocked = dssl.near.to(valid.dtype) * -BLOCKED - shift + (valid[:, None, :] - 1) * BLOCKED
    count = valid.sum(-1, keepdim=True).clamp(min=1)
    soft, novelty = [], []
    for level, (part, length) in enumerate(zip(parts, lengths, strict=True)):
        unit = part * (CUE_TEMPERATURE**-0.5 / length.clamp(min=SMALLEST))
        similarity = unit @ unit.transpose(-1, -2) + blocked  # cosine / t - 1 / t
        novelty.append(-(similarity.amax(-1) * CUE_TEMPERATURE).clamp(min=-2))
        if level in USED_LEVELS:
            # Some patch may see no other one; its cue counts nowhere, but it must be a number.
            soft.append(-CUE_TEMPERATURE * torch.log((similarity.exp().sum(-1) / count).clamp(min=1e-30)))
    return with_z_scores(torch.stack(soft, dim=1), valid, count), torch.stack(novelty).mean(0), novelty


def first_look(first: FirstLook, parts: list[Tensor], means: list[Tensor], deviations: list[Tensor], cues: Tensor) -> Tensor:
    """Levels [V,P,D] with mean [V,1,D] and deviation [V,1,1], cues [V,4,P] of one image -> logits [V,heads,P]."""
    pooled = first.class_pool(parts[-1][:1].transpose(1, 2)).squeeze(-1)
    directions = first.directions(pooled)[0]
    found = []
    for head, adaptor in enumerate(first.patch_adaptors):
        level = head % len(parts)
        offset = adaptor.bias if head < len(parts) else adaptor.bias * deviations[level] - means[level] @ adaptor.weight.T
        features = parts[level] @ adaptor.weight.T + offset
        length = torch.linalg.vector_norm(features, dim=-1).clamp(min=SMALLEST)
        found.append((features @ directions[head][:, None]).squeeze(-1) / length)
    return torch.stack(found, dim=1) * TEMPERATURE + first.bias[:, None] + first.cue_mlp(cues.transpose(-1, -2)).transpose(-1, -2)


def contrast(evidence: Evidence, parts: list[Tensor], deviations: list[Tensor], valid: Tensor) -> Tensor:
    """-> [V,P], as `Evidence.contrast`."""
    read = torch.cat([part @ direction[:, None] for part, direction in zip(parts, evidence.direction)], dim=-1).transpose(1, 2)
    return ((read - ring_mean(read, valid)) / torch.cat(deviations, dim=1)).sum(1)


def look(expert: AnomalyExpert, parts: list[Tensor], valid: Tensor) -> tuple[Tensor, Tensor, list[Tensor]]:
    """Levels [V,P,D], valid [V,P] of one image -> maps [V,P], score [1] (a logit), distances to the nearest other patch per level [V,P]."""
    lengths = [torch.linalg.vector_norm(part, dim=-1, keepdim=True) for part in parts]
    weight = (valid / valid.sum(-1, keepdim=True).clamp(min=1))[:, None]
    means = [weight @ part for part in parts]
    width = parts[0].shape[-1]
    # The mean square distance from the mean: the mean square less the square of the mean.
    deviations = [
        torch.sqrt((weight @ length.square() / width - mean.square().mean(-1, keepdim=True)).clamp(min=0) + 1e-6)
        for length, mean in zip(lengths, means, strict=True)
    ]
    cues, novelty, near = compare_within(expert.evidence.dssl, parts, lengths, valid)
    maps = torch.sigmoid(first_look(expert.first, parts, means, deviations, cues)).mean(1) * valid
    score = expert.evidence.logit(statistics(novelty, contrast(expert.evidence, parts, deviations, valid), valid))
    return maps, score[None], near


def quadrants(grid: int) -> Tensor:
    """[4,P]: which quadrant a patch lies in, as the weights of a mean."""
    half = torch.arange(grid) >= grid // 2
    index = half[:, None] * 2 + half[None]
    return (index.flatten()[None] == torch.arange(4)[:, None]).float() * 4 / grid**2


def look_back(back: LookBack, means: Tensor, last: Tensor, maps: Tensor, valid: Tensor) -> tuple[Tensor, Tensor]:
    """Quadrants [4,P], deepest level [V,P,D], maps and valid [V,P] of one image -> tokens [V,4,W], global [1,W]."""
    views, patches, width = last.shape
    weight = means * maps[:, None]
    pooled = weight.sum(-1)
    read = weight @ last / (pooled[..., None] + 1e-4)
    size = back.query.out_features // back.heads
    query = back.query(read).reshape(views * 4, back.heads, size).transpose(0, 1)
    every = last.reshape(views * patches, width)
    scores = query @ back.key.weight.reshape(back.heads, size, width) @ every.T * size**-0.5 + (valid.reshape(views * patches) - 1) * 1e4
    mixed = scores.softmax(-1) @ every
    value = back.value.weight.reshape(back.heads, size, width) @ mixed.transpose(1, 2) + back.value.bias.reshape(back.heads, size, 1)
    tokens = back.norm(back.skip(read) + back.out(value.permute(2, 0, 1).reshape(views, 4, back.heads * size)))
    significance = maps.sum(-1, keepdim=True) / valid.sum(-1, keepdim=True).clamp(min=1)
    share = (pooled * significance).reshape(views * 4, 1) + 1e-6
    return tokens, (share / share.sum() * tokens.reshape(views * 4, -1)).sum(0, keepdim=True)


def project(projector: LtcProjector, parts: list[Tensor], maps: Tensor, anomaly: Tensor) -> tuple[Tensor, Tensor]:
    """Levels [1,P,D] and map [1,P] of the base view, anomaly tokens [1,N,A] -> image tokens [49,W], anomaly tokens [N,W]."""
    fine = projector.fine(parts, maps)
    coarse = fine.mean(2) + projector.position
    query = projector.query(coarse) @ projector.key.weight
    scores = (fine @ query[..., None]).squeeze(-1) * projector.inner**-0.5
    coarse = coarse + (scores.softmax(-1)[..., None, :] @ fine).squeeze(2)
    return projector.image_tokens(coarse)[0], projector.anomaly_tokens(anomaly)[0]
