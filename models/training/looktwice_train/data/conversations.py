"""Conversations as token sequences: where the text, the image tokens, the spliced evidence and the loss go.

The sequence is the one that lib/turn builds at run time (docs/design/model.md, "One turn"); pieces are tokenised
separately exactly where the runtime splices, so that training and inference see the same ids.
"""
from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import torch
from tokenizers import Tokenizer
from torch import Tensor

from ..modules.ltc import TOKENS
from ..paths import BUNDLE

SYSTEM = "You are LookTwice, a visual inspection assistant. Answer from what the image shows."
LIMIT = 640  # tokens of a conversation in training: five turns with their splices fit
IMAGE, ANOMALY = -1, -2  # placeholders in `ids`, replaced by projector outputs


@dataclass(frozen=True)
class SpecialIds:
    im_start: int
    im_end: int
    seg: int


class Encoder:
    """Text -> ids without ever producing special tokens from text."""

    def __init__(self, path=BUNDLE / "tokenizer.json") -> None:
        self.tokenizer = Tokenizer.from_file(str(path))
        self.tokenizer.encode_special_tokens = True  # special tokens' spellings in text stay plain text
        lookup = self.tokenizer.token_to_id
        self.special = SpecialIds(lookup("<|im_start|>"), lookup("<|im_end|>"), lookup("<seg>"))

    @lru_cache(maxsize=100_000)
    def text(self, text: str) -> tuple[int, ...]:
        return tuple(self.tokenizer.encode(text, add_special_tokens=False).ids)


@dataclass
class Sequence:
    """`ids` [n] with IMAGE/ANOMALY placeholders, `loss` [n] bool (predict this token), positions of `<seg>` inputs."""

    ids: list[int]
    loss: list[bool]
    segs: list[int]


class SequenceBuilder:
    """Appends chat pieces; see `build`."""

    def __init__(self, encoder: Encoder) -> None:
        self.encoder = encoder
        self.sequence = Sequence([], [], [])

    def _add(self, ids, loss: bool = False) -> None:
        self.sequence.ids += ids
        self.sequence.loss += [loss] * len(ids)

    def role(self, name: str) -> None:
        self._add([self.encoder.special.im_start])
        self._add(self.encoder.text(f"{name}\n"))

    def end(self, loss: bool) -> None:
        self._add([self.encoder.special.im_end], loss)
        self._add(self.encoder.text("\n"))

    def text(self, text: str, loss: bool = False) -> None:
        """Text in which `<seg>` stands for the token."""
        for index, part in enumerate(text.split("<seg>")):
            if index:
                self.sequence.segs.append(len(self.sequence.ids))
                self._add([self.encoder.special.seg], loss)
            if part:
                self._add(self.encoder.text(part), loss)

    def image(self, anomaly_tokens: int, bucket: str, hint: str) -> None:
        self._add([IMAGE] * TOKENS)
        self._add(self.encoder.text(f" with {bucket} suspicious features:"))
        self._add([ANOMALY] * anomaly_tokens)
        self._add(self.encoder.text(f"{hint}\n"))


def build(encoder: Encoder, conversation: dict, views: int, limit: int = LIMIT) -> Sequence:
    """A conversation (instruct's JSON form) -> Sequence, cut after `limit` tokens. `views` 0 means no image."""
    builder = SequenceBuilder(encoder)
    builder.role("system")
    builder.text(SYSTEM)
    builder.end(False)
    for index, turn in enumerate(conversation["turns"]):
        builder.role("user")
        if index == 0 and views:
            builder.image(1 + 4 * views, conversation["bucket"], conversation.get("hint") or "")
        for segment in as_segments(turn["question"]):
            builder.text(segment["text"])
        builder.end(False)
        builder.role("assistant")
        for segment in as_segments(turn["answer"]):
            builder.text(segment["text"], bool(segment.get("loss", True)))
        builder.end(True)
        if len(builder.sequence.ids) >= limit:
            break
    done = builder.sequence
    return Sequence(done.ids[:limit], done.loss[:limit], [p for p in done.segs if p < limit])


def as_segments(value) -> list[dict]:
    return [{"text": value}] if isinstance(value, str) else list(value)


def pad(rows: list[list]) -> Tensor:
    """Rows of numbers -> [B,longest], right-padded with 0."""
    longest = max(len(row) for row in rows)
    return torch.tensor([row + [0] * (longest - len(row)) for row in rows])
