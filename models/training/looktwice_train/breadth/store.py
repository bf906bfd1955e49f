"""Features of the wide data as `breadth-features` leaves them, opened memory-mapped and read in batches."""
from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from .domains import fold_of_domain, without_shortcut
from .features import FOLDER, MASK

INDUSTRIAL_XRAY = ("tablet_xray_slice",)
FEWEST = 8
"""Images of the rarer label below which a domain's image labels are not learnt: they would name the domain."""


@dataclass(frozen=True)
class Views:
    """A domain of one shard: meta has a line a view, the arrays a row a view."""

    shard: str
    domain: str
    meta: list[dict]
    arrays: dict[str, np.ndarray]


class Store:
    """All views of some shards, numbered from 0. meta: what breadth-features wrote, with `fold`, `medical`, and `trusted`: whether image labels of the domain may be learnt."""

    def __init__(self, shards: tuple[str, ...], folder: Path = FOLDER) -> None:
        basis = self.basis = dict(np.load(folder / "basis.npz"))
        # In units of the level's spread, so that the levels weigh alike: int8 steps times this.
        spread = np.sqrt((basis["scale"] ** 2).mean(1, keepdims=True)) * 127 / 4
        self.unit = torch.from_numpy((basis["scale"] / spread).astype(np.float32))
        self.spread = spread
        self.parts: list[Views] = []
        self.rows: list[tuple[int, int]] = []
        for shard in shards:
            for path in sorted((folder / shard).iterdir()) if (folder / shard).is_dir() else []:
                if path.suffix == ".part":
                    continue
                views = [json.loads(line) for line in (path / "meta.jsonl").read_text().splitlines()]
                arrays = {name: np.load(path / f"{name}.npy", mmap_mode="r") for name in ("levels", "near", "cls", "mask", "valid")}
                self.rows += [(len(self.parts), i) for i in range(len(views))]
                self.parts.append(Views(shard, path.name, views, arrays))
        self.meta = [{**self.parts[p].meta[i], "shard": self.parts[p].shard} for p, i in self.rows]
        counts: dict[str, list[int]] = {}
        for meta in self.meta:
            if meta["shard"] != "synth":
                counts.setdefault(meta["domain"], [0, 0])[meta["label"]] += 1
        for meta in self.meta:
            fold = fold_of_domain(meta["domain"])
            trusted = min(counts.get(meta["domain"], [0, 0])) >= FEWEST and without_shortcut(meta["domain"])
            meta |= {"fold": fold, "medical": fold == "medical" and meta["domain"] not in INDUSTRIAL_XRAY, "trusted": trusted}

    def __len__(self) -> int:
        return len(self.rows)

    def _read(self, name: str, indices) -> np.ndarray:
        return np.stack([self.parts[p].arrays[name][i] for p, i in (self.rows[int(k)] for k in indices)])

    def class_tokens(self, indices) -> np.ndarray:
        """[N,D] float32, without reading anything else."""
        return self._read("cls", indices).astype(np.float32)

    def batch(self, indices) -> dict[str, torch.Tensor]:
        """-> z [N,4,P,K], near [N,4,P], cls [N,D], mask [N,112,112] in 0..1, valid [N,P], all float32."""
        return {
            "valid": torch.from_numpy(self._read("valid", indices)).float(),
            "z": torch.from_numpy(self._read("levels", indices)).float() * self.unit[:, None],
            "near": torch.from_numpy(self._read("near", indices)).float(),
            "cls": torch.from_numpy(self._read("cls", indices)).float(),
            "mask": torch.from_numpy(self._read("mask", indices)).float() / 255,
        }


def patch_cover(mask: torch.Tensor, grid: int = 28) -> torch.Tensor:
    """Masks [N,112,112] -> share of every patch that is masked [N,P]."""
    return torch.nn.functional.avg_pool2d(mask[:, None], MASK // grid).flatten(1)
