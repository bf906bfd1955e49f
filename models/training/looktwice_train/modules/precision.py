"""Half precision where it pays: with tile units (AMX) or Zen 4's instructions products of bfloat16 take a third of the time of float32; on other processors they take half as long again, or seven times as long."""
from __future__ import annotations

import time

import torch


def _seconds(kind: torch.dtype) -> float:
    """Processor time of a product of the size that the language model's layers have, in one thread: the least of a few."""
    left, right = torch.ones(512, 576, dtype=kind), torch.ones(576, 1536, dtype=kind)
    best = float("inf")
    for _ in range(6):
        start = time.thread_time()
        left @ right
        best = min(best, time.thread_time() - start)
    return best


def _is_half_fast() -> bool:
    """Instructions alone do not say it: some processors have them and are slower with them."""
    if not torch.ops.mkldnn._is_mkldnn_bf16_supported():
        return False
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        return _seconds(torch.bfloat16) < 0.8 * _seconds(torch.float32)
    finally:
        torch.set_num_threads(threads)


HALF_IS_FAST: bool = _is_half_fast()
PRODUCTS = torch.bfloat16 if HALF_IS_FAST else torch.float32


def autocast() -> torch.autocast:
    """Mixed precision for training, where it is faster."""
    return torch.autocast("cpu", torch.bfloat16, enabled=HALF_IS_FAST)
