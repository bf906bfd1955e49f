"""Checking what an answer says about place, extent and number against a measured mask. Twin of lib/segmentation/statements.ts."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .measure import Measure

NUMBERS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen".split()
)
_CENTRE = r"(?:centre|center|middle)"
_PLACE = re.compile(
    rf"\b(?:(?P<row>upper|top|lower|bottom)[ -](?P<side>left|right)"
    rf"|(?P<edge>upper|top|lower|bottom)[ -]{_CENTRE}"
    rf"|{_CENTRE}[ -](?P<after>left|right)"
    rf"|(?P<before>left|right)[ -]{_CENTRE}"
    rf"|(?:in|at|near|around|towards?|to|on|is) the (?P<centre>{_CENTRE})(?![ -](?:left|right)\b)"
    rf"|(?P<half>left|right|upper|lower|top|bottom)(?:-hand)? (?:side|half|third))\b",
    re.IGNORECASE,
)
_EXTENT = re.compile(r"\b(\d+(?:\.\d+)?) ?(?:%|percent\b|per cent\b)", re.IGNORECASE)
_SIZE = re.compile(r"\b(\d+) ?(?:x|×|by) ?(\d+) ?(?:px|pixels?)\b", re.IGNORECASE)
_MODIFIER = (
    r"(?:other|further|more|additional|smaller|remaining|separate|distinct|individual|marked|suspicious"
    r"|anomalous|defective|affected|visible|connected|isolated)"
)
_NOUN = r"(?:regions?|areas?|spots?|zones?|places?|locations?|defects?|anomal(?:y|ies)|flaws?)"
_NUMBER = re.compile(
    rf"\b(?P<other>(?:the |with )?other )?(?P<number>\d+|{'|'.join(NUMBERS)}|a single|both|several|multiple|no other|no further|the only)"
    rf" (?P<modifiers>(?:{_MODIFIER} )*){_NOUN}\b",
    re.IGNORECASE,
)
_REST = re.compile(r"\b(?:others?|further|rest|remaining|another|second|third|smaller)\b", re.IGNORECASE)
_LARGEST = re.compile(r"\b(?:largest|biggest|main)\b", re.IGNORECASE)
_NEGATION = re.compile(r"\b(?:no|not|nothing|none|without|free of|neither|n't)\b|n't\b", re.IGNORECASE)
_CLAUSE = re.compile(r"[.;:!?,](?!\d)|\bbut\b|\bwhile\b|\brather\b", re.IGNORECASE)


@dataclass(frozen=True)
class Statement:
    """One checkable statement. `kind` is place, extent, size or number; `text` the words it was read from."""

    kind: str
    text: str
    agrees: bool


def _clause_before(text: str, end: int) -> str:
    start = 0
    for match in _CLAUSE.finditer(text[:end]):
        start = match.end()
    return text[start:end]


def _in_half(place: str, half: str) -> bool:
    if half in ("left", "right"):
        return place.endswith(half)
    return place.startswith(("upper", "top") if half in ("upper", "top") else ("lower", "bottom"))


def _place_agrees(match: re.Match[str], before: str, measure: Measure) -> bool:
    g = {k: v.lower() if v else None for k, v in match.groupdict().items()}
    places = [r.place for r in measure.regions]
    if _LARGEST.search(before):
        places = places[:1]
    elif _REST.search(before):
        places = places[1:]
    if g["half"]:
        found = any(_in_half(p, g["half"]) for p in places)
    else:
        if g["row"]:
            name = f"{'upper' if g['row'] in ('upper', 'top') else 'lower'} {g['side']}"
        elif g["edge"]:
            name = "top centre" if g["edge"] in ("upper", "top") else "bottom centre"
        elif g["after"] or g["before"]:
            name = f"centre {g['after'] or g['before']}"
        else:
            name = "centre"
        found = name in places
    return found != bool(_NEGATION.search(before))


def _number_agrees(match: re.Match[str], before: str, measure: Measure) -> bool:
    word = match["number"].lower()
    rest = match["other"] is not None or re.search(r"other|further|more|additional|smaller|remaining", match["modifiers"].lower())
    available = measure.count - 1 if rest else measure.count
    if word in ("several", "multiple"):
        agrees = available >= 2
    elif word in ("no other", "no further", "the only"):
        return measure.count == 1
    else:
        value = 1 if word == "a single" else 2 if word == "both" else NUMBERS.index(word) if word in NUMBERS else int(word)
        agrees = value == available
    return agrees != bool(_NEGATION.search(before))


def check_statements(text: str, measure: Measure) -> list[Statement]:
    """Statements about place, extent, size and number in `text`, in order of kind, each checked against `measure`.

    An extent agrees with the largest region's or the total percent at two significant digits; a size with the largest
    region's bounding box; a place with any region (`largest` and `other` in the clause narrow it); negations invert.
    """
    found: list[Statement] = []
    for match in _PLACE.finditer(text):
        agrees = _place_agrees(match, _clause_before(text, match.start()), measure)
        found.append(Statement("place", match[0], agrees))
    allowed = {float(measure.total_extent)} | {float(r.extent) for r in measure.regions[:1]}
    found += [Statement("extent", m[0], float(m[1]) in allowed) for m in _EXTENT.finditer(text)]
    box = measure.regions[0].bbox if measure.regions else (0, 0, 0, 0)
    found += [Statement("size", m[0], (int(m[1]), int(m[2])) == (box[2], box[3])) for m in _SIZE.finditer(text)]
    for match in _NUMBER.finditer(text):
        agrees = _number_agrees(match, _clause_before(text, match.start()), measure)
        found.append(Statement("number", match[0], agrees))
    return found
