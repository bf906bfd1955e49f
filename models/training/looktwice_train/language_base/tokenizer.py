"""tokenizer.json and tokenizer_config.json from the GGUF vocabulary: GPT-2 byte-level BPE with single digits."""

from __future__ import annotations

import json
from pathlib import Path

from .gguf import Vocabulary

# Control tokens of the base that its training never used get our meanings; ids are what the manifest names.
RENAMED = {7: "<image>", 8: "<seg>"}
IMAGE_ID, SEG_ID = RENAMED


def tokenizer_json(vocabulary: Vocabulary) -> dict:
    """The `tokenizers` file: control tokens are special, so that a caller can encode text with them switched off."""
    tokens = [RENAMED.get(i, token) for i, token in enumerate(vocabulary.tokens)]
    byte_level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [
            {"id": i, "content": tokens[i], "single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
            for i in vocabulary.control_ids
        ],
        "normalizer": None,
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": [{"type": "Digits", "individual_digits": True}, byte_level]},
        "post_processor": None,
        "decoder": byte_level,
        "model": {
            "type": "BPE", "dropout": None, "unk_token": None, "continuing_subword_prefix": None, "end_of_word_suffix": None,
            "fuse_unk": False, "byte_fallback": False, "ignore_merges": False,
            "vocab": {token: i for i, token in enumerate(tokens)},
            "merges": vocabulary.merges,
        },
    }


def write_tokenizer(out: Path, vocabulary: Vocabulary) -> None:
    """Write both files into the directory `out`."""
    special = {i: RENAMED.get(i, vocabulary.tokens[i]) for i in vocabulary.control_ids}
    config = {
        "tokenizer_class": "GPT2Tokenizer",
        "model_max_length": 8192,
        "add_prefix_space": False,
        "clean_up_tokenization_spaces": False,
        "bos_token": "<|im_start|>",
        "eos_token": "<|im_end|>",
        "pad_token": "<|im_end|>",
        "unk_token": "<|endoftext|>",
        "added_tokens_decoder": {
            str(i): {"content": text, "lstrip": False, "normalized": False, "rstrip": False, "single_word": False, "special": True}
            for i, text in special.items()
        },
        "chat_template": vocabulary.chat_template,
    }
    for name, value in (("tokenizer.json", tokenizer_json(vocabulary)), ("tokenizer_config.json", config)):
        (out / name).write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
