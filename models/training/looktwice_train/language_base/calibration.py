"""Calibration text for quantisation: what the model itself says to varied prompts. Seeded, and needs no data set."""

from __future__ import annotations

import itertools

import torch
from tokenizers import Tokenizer

from .model import SmolLM2

_SUBJECTS = (
    "a scratched steel plate", "a cracked concrete wall", "a circuit board with a missing part", "a bottle with a chipped rim",
    "a road after winter", "a power-line insulator", "a torn piece of fabric", "a corroded pipe", "a tablet with a stain", "a healthy leaf",
    "a worn gear", "a painted car door", "a solar panel", "a magnetic tile with a blowhole", "a wooden board with a knot", "a biscuit",
)
_REQUESTS = (
    "Is there anything wrong with {}? Explain where and how large it is.",
    "List the likely causes when you see {}, and how to prevent them.",
    "Write a short inspection report about {} and what happens if it is shipped.",
)


@torch.no_grad()
def self_generated(model: SmolLM2, tokenizer: Tokenizer, length: int = 192, seed: int = 7) -> torch.Tensor:
    """Sampled conversations, int64 `[48, prompt + length]` (temperature 0.9; a stop starts over as further text)."""
    generator = torch.Generator().manual_seed(seed)
    prompts = [
        tokenizer.encode(f"<|im_start|>user\n{request.format(subject)}<|im_end|>\n<|im_start|>assistant\n").ids
        for subject, request in itertools.product(_SUBJECTS, _REQUESTS)
    ]
    shortest = min(map(len, prompts))
    ids = torch.tensor([prompt[-shortest:] for prompt in prompts])
    hidden, past = model(model.embed(ids))
    for _ in range(length):
        probabilities = (model.logits(hidden[:, -1]) / 0.9).softmax(-1)
        token = torch.multinomial(probabilities, 1, generator=generator)
        ids = torch.cat([ids, token], 1)
        hidden, past = model(model.embed(token), past=past)
    return ids
