"""What of a patch is not explained by the references' patches: a reconstruction residual over all directions.

Keeping the leading principal directions and measuring the rest (SubspaceAD, arXiv 2602.23013) needs to be told how many; here every
direction is kept in proportion to how much the references vary along it: with the covariance C and the ridge a, a patch that deviates by x from their mean leaves
a x' (C + a I)^-1 x, that is a / (e + a) of its energy along a direction of variance e. Cholesky's factor is all it takes.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

RIDGE = 0.03  # of the mean variance
LEAST_SHIFT = 1e-8  # where the references do not vary at all


@dataclass(frozen=True)
class Moments:
    """Sums over patches [L,n,D]: how many, `total` [L,D] and `products` [L,D,D]."""

    count: int
    total: Tensor
    products: Tensor

    @classmethod
    def of(cls, patches: Tensor) -> Moments:
        return cls(patches.shape[1], patches.sum(1), patches.transpose(1, 2) @ patches)


class Residual:
    """Fitted to the unit patches of one view kind. `mean` [L,1,D]."""

    def __init__(self, parts: Sequence[Moments]) -> None:
        count = sum(part.count for part in parts)
        mean = sum(part.total for part in parts).double() / count
        covariance = sum(part.products for part in parts).double() / count - mean[:, :, None] * mean[:, None]
        shift = (RIDGE * covariance.diagonal(dim1=1, dim2=2).mean(1)).clamp(min=LEAST_SHIFT)[:, None, None]
        eye = torch.eye(covariance.shape[1], dtype=torch.float64)
        factor = torch.linalg.cholesky(covariance + shift * eye)
        self.root = (shift.sqrt() * torch.linalg.solve_triangular(factor, eye, upper=False)).transpose(1, 2).float()
        self.mean = mean[:, None].float()

    def __call__(self, patches: Tensor) -> Tensor:
        """Unit patches [L,n,D] -> the squared length of what is left of each, [L,n]."""
        return ((patches - self.mean) @ self.root).square().sum(-1)
