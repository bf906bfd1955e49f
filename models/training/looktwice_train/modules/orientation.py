"""References without a preferred orientation, as lib/anomaly/orientation.ts sees them: what lies the way it comes (printed traces, grains) counts turned and mirrored too.

Whether a set is like that, the references themselves say: normal patches are compared with the other references as given and turned a quarter. Where the turned
ones are about as often the nearer ones, every orientation is as normal as the given one, and few references tell more when each counts in all eight.
"""
from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
import onnxruntime as ort
import torch
from torch import Tensor

from ..data.features_store import FeatureStore, Group
from ..data.views import GRID, normalise
from ..paths import BUNDLE
from ..reference_infer import session
from .nearest import MAX_BANK, evenly, nearest, nearest_within, unit
from .references import CENTRING, Patches, view_patches

LEAST_SHARE = 0.42  # of patches that are nearer to turned references, from which all orientations count; 0.5 where orientation means nothing at all


class Turn(NamedTuple):
    """First rows and columns change places, then the order of the rows, then that of the columns."""

    transposed: bool
    upside_down: bool
    mirrored: bool

    def __call__(self, grid: np.ndarray) -> np.ndarray:
        """[...,g,g] -> the same, turned."""
        turned = grid.swapaxes(-1, -2) if self.transposed else grid
        turned = turned[..., ::-1, :] if self.upside_down else turned
        return turned[..., ::-1] if self.mirrored else turned

    def back(self, grid: np.ndarray) -> np.ndarray:
        """[...,g,g] -> as before it was turned."""
        given = grid[..., ::-1] if self.mirrored else grid
        given = given[..., ::-1, :] if self.upside_down else given
        return given.swapaxes(-1, -2) if self.transposed else given


TURNS = tuple(Turn(*turn) for turn in ((True, True, False), (False, False, True), (False, True, True), (True, False, False), (True, False, True), (False, True, False), (True, True, True)))
MOST_TURNED = 4  # more references show by themselves how they may lie, and turning them all would take long
TRIED = (0, 3)  # a quarter turn, and a mirrored one: what has a preferred orientation seldom allows either


@cache
def encoder() -> ort.InferenceSession:
    return session(BUNDLE / "encoder.onnx")


def turned_view(store: FeatureStore, group: Group, view: int, turn: Turn) -> Patches:
    """The view encoded after it was turned; its patches in the order of the view as given."""
    pixels = normalise(store.get(group, "pixels")[view : view + 1])
    levels = encoder().run(["levels"], {"pixels": np.ascontiguousarray(turn(pixels))})[0][0]
    given = turn.back(levels.reshape(len(levels), GRID, GRID, -1).transpose(0, 3, 1, 2)).reshape(len(levels), -1, GRID**2)
    patches = unit(torch.from_numpy(np.ascontiguousarray(given.transpose(0, 2, 1))))
    shown = torch.from_numpy(np.asarray(store.get(group, "valid")[view])) > 0
    return Patches(patches[:, shown], nearest_within(patches, shown))


def joined(parts: Sequence[Patches]) -> Patches:
    return Patches(torch.cat([p.unit for p in parts], 1), torch.cat([p.within for p in parts], 1))


def thinned(patches: Patches, most: int) -> Patches:
    kept = evenly(patches.unit.shape[1], most)
    return Patches(patches.unit[:, kept], patches.within[:, kept])


def nearer_share(given: Sequence[Tensor], turned: Sequence[Sequence[Tensor]]) -> float:
    """Of each reference's patches [L,n,D] the share that is nearer to the other references turned than to them as given; `turned`: per reference and turn. The mean over levels, turns and references."""
    mean = torch.cat(list(given), 1).mean(1, keepdim=True)

    def centre(patches: Tensor) -> Tensor:
        return unit(patches - CENTRING * mean)

    shares = []
    for i, patches in enumerate(given):
        query, others = centre(patches), [j for j in range(len(given)) if j != i]
        distance, _ = nearest(query, torch.cat([centre(given[j]) for j in others], 1))
        for k in range(len(turned[i])):
            other, _ = nearest(query, torch.cat([centre(turned[j][k]) for j in others], 1))
            shares.append(float((other < distance).float().mean()))
    return float(np.mean(shares))


def reference_patches(store: FeatureStore, groups: Sequence[Group], least_share: float = LEAST_SHARE) -> tuple[list[dict[str, Patches]], float | None]:
    """-> per reference its patches by view kind, and the share that are nearer to turned references (None where it is not asked).

    In all orientations where the share is not below `least_share`: the base view in each, every tile in one more, in turns; each reference's patches are thinned out to its part of the bank.
    """
    given = [view_patches(store, group) for group in groups]
    if not 2 <= len(groups) <= MOST_TURNED:
        return given, None
    tried = [[turned_view(store, group, 0, TURNS[k]) for k in TRIED] for group in groups]
    share = nearer_share([views["base"].unit for views in given], [[view.unit for view in views] for views in tried])
    if share < least_share:
        return given, share
    tiles = 0
    for group, views, known in zip(groups, given, tried, strict=True):
        views["base"] = joined([views["base"], *known, *(turned_view(store, group, 0, turn) for k, turn in enumerate(TURNS) if k not in TRIED)])
        if "tile" in views:
            turned = [turned_view(store, group, view, TURNS[(tiles + view - 1) % len(TURNS)]) for view in range(1, len(group.rows))]
            tiles += len(turned)
            views["tile"] = joined([views["tile"], *turned])
        views.update({kind: thinned(patches, MAX_BANK // len(groups)) for kind, patches in views.items()})
    return given, share
