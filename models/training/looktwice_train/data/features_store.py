"""Reads what `features` wrote: groups of views of one image, dequantised."""
from __future__ import annotations

import json
from dataclasses import dataclass, field

import numpy as np
import torch

from ..modules.dssl import CUES, WithinImageDssl
from ..paths import CACHE


def _open_cues(path, rows: int) -> np.ndarray:
    """[rows,4,784] float16 on disk, NaN where not computed yet."""
    if path.exists():
        return np.load(path, mmap_mode="r+")
    array = np.lib.format.open_memmap(path, mode="w+", dtype=np.float16, shape=(rows, CUES, 784))
    array[:] = np.nan
    return array


@dataclass
class Group:
    """The views of one image, in order: rows of the shard's arrays (row 0 is the base view)."""

    shard: str
    rows: list[int] = field(default_factory=list)
    meta: dict = field(default_factory=dict)

    @property
    def label(self) -> int:
        return self.meta["label"]

    @property
    def domain(self) -> str:
        return self.meta["domain"]

    @property
    def masked(self) -> bool:
        return self.meta["masked"]


class FeatureStore:
    """Memory-mapped shards. `cues` [n,4,784] float16 are filled in when first asked for and stay on disk."""

    def __init__(self, shards: tuple[str, ...] = ("real", "synth", "tiles", "crops")) -> None:
        self.root = CACHE / "features"
        self.scales = np.load(self.root / "scales.npy")[:, None, :]
        self.arrays: dict[str, dict[str, np.ndarray]] = {}
        self.groups: list[Group] = []
        for shard in shards:
            folder = self.root / shard
            if not (folder / "meta.jsonl").exists():
                continue
            self.arrays[shard] = {n: np.load(folder / f"{n}.npy", mmap_mode="r") for n in ("levels", "cls", "mask", "valid", "pixels")}
            groups: dict[int, Group] = {}
            for row, line in enumerate((folder / "meta.jsonl").read_text().splitlines()):
                meta = json.loads(line)
                group = groups.setdefault(meta["group"], Group(shard, [], meta))
                group.rows.append(row)
            self.groups += list(groups.values())
            self.arrays[shard]["cues"] = _open_cues(folder / "cues.npy", len(self.arrays[shard]["cls"]))
        self.dssl = WithinImageDssl(28)

    def levels(self, group: Group, rows: list[int] | None = None) -> np.ndarray:
        """float32 [V,4,784,384]."""
        return self.arrays[group.shard]["levels"][rows or group.rows].astype(np.float32) * self.scales

    def cues(self, group: Group, levels: np.ndarray) -> np.ndarray:
        """float32 [V,4,784]: the within-image DSSL cues of this group's views."""
        stored = self.arrays[group.shard]["cues"]
        found = stored[group.rows].astype(np.float32)
        if np.isnan(found).any():
            with torch.no_grad():
                valid = torch.from_numpy(self.get(group, "valid").astype(np.float32))
                found = self.dssl(torch.from_numpy(levels), valid).numpy()
            stored[group.rows] = found
        return found

    def get(self, group: Group, name: str) -> np.ndarray:
        """The named array's rows of this group (views first)."""
        return self.arrays[group.shard][name][group.rows]

    def patch_target(self, group: Group) -> np.ndarray:
        """float32 [V,784]: the masked fraction of every patch."""
        mask = self.get(group, "mask").astype(np.float32) / 255
        v = len(mask)
        return mask.reshape(v, 28, 7, 28, 7).mean((2, 4)).reshape(v, 784)
