"""Writes tests/fixtures/published: a complete bundle of small random weights in the architecture of the published checkpoints, and what PyTorch says about one input.

Usage: bundle_fixture.py OUT. Needs the packages of ../requirements.txt. `expected.json` has the expert's outputs for a pattern, and a prompt of token ids with the
image's and the anomaly tokens in their midst (-1 and -2 in `ids` stand for them), with the next-token logits after some of its prefixes, computed by
transformers' Qwen2ForCausalLM on the tokens of PyTorch's expert; `texts` are with the ids that the tokenizers library gives them.
"""

import json
import sys
from pathlib import Path

import torch
from language_fixture import IM_END, IM_START, TEXTS, small_tokenizer, write_language
from torch import Tensor
from transformers import Qwen2ForCausalLM
from vision_fixture import write_vision

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from bundle import write_bundle  # noqa: E402

IMAGE, ANOMALY = -1, -2
IDS = [IM_START, 40, 77, IMAGE, 65, 7, ANOMALY, 199, IM_END, 30, 312, 250]
LAST = 5
"""Logits are kept after so many last positions, and after the first two."""


def rounded(tensor: Tensor) -> list[float]:
    return [round(float(value), 5) for value in tensor.flatten()]


def prompt(model: Qwen2ForCausalLM, seen: dict[str, Tensor]) -> Tensor:
    """The input vectors [n,W] of IDS."""
    rows = {IMAGE: seen["imageTokens"], ANOMALY: seen["anomalyTokens"]}
    embed = model.get_input_embeddings()
    return torch.cat([rows[token] if token in rows else embed(torch.tensor([token])) for token in IDS])


def main() -> None:
    out = Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    model = write_language(out)
    seen = write_vision(out, model.config.hidden_size)
    write_bundle(out)
    with torch.no_grad():
        logits = model(inputs_embeds=prompt(model, seen)[None]).logits[0]
    lengths = [2, *range(len(logits) - LAST + 1, len(logits) + 1)]
    expected = {
        "vision": {name: rounded(tensor) for name, tensor in seen.items()},
        "texts": [[text, small_tokenizer().encode(text).ids] for text in TEXTS],
        "ids": IDS,
        "logits": {length: rounded(logits[length - 1]) for length in lengths},
    }
    (out / "expected.json").write_text(json.dumps(expected) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
