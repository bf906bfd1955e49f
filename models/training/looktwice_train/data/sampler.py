"""Draws balanced training batches from the feature store: by source, then by domain, then by label."""
from __future__ import annotations

from collections import defaultdict

import numpy as np
import torch

from .features_store import FeatureStore, Group

SOURCES = {"real": 0.3, "crops": 0.25, "synth": 0.3, "tiles": 0.15}


class BatchSampler:
    """`batch(size)` -> dict of tensors [B,V,...] of groups with the same number of views."""

    def __init__(
        self, store: FeatureStore, groups: list[Group], seed: int, sources: dict[str, float] = SOURCES, pixels: bool = False
    ) -> None:
        self.store, self.rng, self.pixels = store, np.random.default_rng(seed), pixels
        self.pools: dict[str, dict[tuple[int, str], dict[int, list[Group]]]] = defaultdict(lambda: defaultdict(lambda: defaultdict(list)))
        for group in groups:
            self.pools[group.shard][(len(group.rows), group.domain)][group.label].append(group)
        present = {s: w for s, w in sources.items() if s in self.pools and w > 0}
        total = sum(present.values())
        self.sources = {s: w / total for s, w in present.items()}

    def _draw(self, source: str, views: int | None) -> Group:
        domains = [k for k in self.pools[source] if views is None or k[0] == views]
        weights = np.array([sum(len(g) for g in self.pools[source][k].values()) ** 0.5 for k in domains])
        pool = self.pools[source][domains[self.rng.choice(len(domains), p=weights / weights.sum())]]
        label = int(self.rng.choice(sorted(pool)))
        return pool[label][self.rng.integers(len(pool[label]))]

    def batch(self, size: int) -> tuple[list[Group], dict[str, torch.Tensor]]:
        """`size` counts views. Tile groups come as a batch of their own; all others have one view."""
        names = list(self.sources)
        source = str(self.rng.choice(names, p=list(self.sources.values())))
        if source == "tiles":
            first = self._draw("tiles", None)
            views = len(first.rows)
            groups = [first] + [self._draw("tiles", views) for _ in range(max(1, size // views) - 1)]
        else:
            singles = [n for n in names if n != "tiles"]
            weights = np.array([self.sources[n] for n in singles])
            picks = self.rng.choice(len(singles), size=size, p=weights / weights.sum())
            groups = [self._draw(singles[i], None) for i in picks]
        return groups, collate(self.store, groups, self.pixels)


def collate(store: FeatureStore, groups: list[Group], pixels: bool = False) -> dict[str, torch.Tensor]:
    """levels [B,V,4,784,384], cues [B,V,4,784], valid [B,V,784], target [B,V,784], label [B], masked [B], cls [B,V,384]."""
    items = defaultdict(list)
    for group in groups:
        levels = store.levels(group)
        items["levels"].append(levels)
        items["cues"].append(store.cues(group, levels))
        items["valid"].append(store.get(group, "valid").astype(np.float32))
        items["target"].append(store.patch_target(group))
        items["cls"].append(store.get(group, "cls").astype(np.float32))
        items["label"].append(np.float32(group.label))
        items["masked"].append(np.float32(group.masked))
        if pixels:
            items["pixels"].append(store.get(group, "pixels"))
            items["mask"].append(store.get(group, "mask"))
    return {name: torch.from_numpy(np.stack(values)) for name, values in items.items()}
