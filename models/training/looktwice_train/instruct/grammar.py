"""A tiny grammar: `{a|b}` picks one branch (nesting allowed), `$name` fills a slot. Sentences come out well formed."""

from __future__ import annotations

import random
import re

_INNER = re.compile(r"\{([^{}]*)\}")
_SLOT = re.compile(r"\$([a-z_]+)")


def choose(rng: random.Random, template: str) -> str:
    """Pick the branches of a phrase that will stand inside a sentence (no capital is set)."""
    while True:
        replaced = _INNER.sub(lambda m: rng.choice(m[1].split("|")), template)
        if replaced == template:
            return template
        template = replaced


def expand(rng: random.Random, template: str, slots: dict[str, str] | None = None) -> str:
    """Expand one template into sentences. Raises KeyError when a slot has no value."""
    values = slots or {}
    return tidy(_SLOT.sub(lambda m: values[m[1]], choose(rng, template)))


def pick(rng: random.Random, templates: list[str] | tuple[str, ...], slots: dict[str, str] | None = None) -> str:
    """Expand a random one of `templates`."""
    return expand(rng, rng.choice(templates), slots)


def tidy(text: str) -> str:
    """Single spaces, no space before punctuation, capital letter at every sentence start."""
    text = re.sub(r"[ \t]{2,}", " ", text)
    text = re.sub(r" +([.,;:!?])(?=[\s<]|$)", r"\1", text)
    text = re.sub(r"(^|[.!?] |\n- |\n)([a-z])", lambda m: m[1] + m[2].upper(), text)
    return text.strip(" ")


def lower_first(text: str) -> str:
    """Lower the first letter unless it begins an acronym."""
    return text if len(text) > 1 and text[1].isupper() else text[:1].lower() + text[1:]


def upper_first(text: str) -> str:
    return text[:1].upper() + text[1:]


def join_and(items: list[str], word: str = "and") -> str:
    """`A`, `A and B`, `A, B and C`."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} {word} {items[-1]}"
