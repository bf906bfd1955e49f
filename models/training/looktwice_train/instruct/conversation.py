"""Whole conversations: `generate(records, seed, n)`."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable

from ..data.records import Record
from . import questions as Q
from . import talk as T
from .advice import Advice
from .dialogue import TOPIC_TASKS, Turns, both, given, spoken
from .examples import Example, example_from_record, virtual_example
from .findings import draw_bucket, draw_names
from .grammar import pick
from .playbook import (
    entry_for_prompt,
    entry_subject,
    find_entries,
    kinds_of,
    material_label,
    playbook,
    topics_of,
    types_by_name,
)

Conversation = dict[str, object]
SHARES = {"anomalous": 0.48, "unsure": 0.12, "no_image": 0.08}  # the rest is normal
VIRTUAL = {1: 0.35, 0: 0.25}
TURN_ODDS = (14, 20, 25, 23, 18)  # 1..5 turns


def generate(records: Iterable[Record | Example], seed: int, n: int, virtual: bool = True) -> list[Conversation]:
    """Draw `n` conversations, the same ones for the same records and seed.

    Anomalous records without a mask and without a measure are left out (nothing could be said about place or extent).
    Sets are balanced by the square root of their size. With `virtual`, a part of the cases is invented: `image` is null and
    `virtual` true, and the trainer gives them the tokens of any image with the same label.
    """
    rng = random.Random(seed)
    pools: dict[int, dict[str, list[Example]]] = {0: defaultdict(list), 1: defaultdict(list)}
    for record in records:
        example = example_from_record(record) if isinstance(record, Record) else record
        if not example.label or example.measure is not None or example.mask_path is not None:
            pools[example.label][example.dataset].append(example)
    conversations: list[Conversation] = []
    kinds = _deal(rng, n)
    for index, kind in enumerate(kinds):
        conversation = _no_image(rng) if kind == "no_image" else _with_image(rng, pools, kind, virtual)
        conversations.append({"id": f"{seed}-{index}", **conversation})
    return conversations


def _deal(rng: random.Random, n: int) -> list[str]:
    """Kinds in their exact shares (normal gets the remainder), shuffled."""
    kinds = [kind for kind, share in SHARES.items() for _ in range(int(n * share))]
    kinds += ["normal"] * (n - len(kinds))
    rng.shuffle(kinds)
    return kinds


def _draw_example(rng: random.Random, pools: dict[int, dict[str, list[Example]]], label: int, virtual: bool) -> Example:
    sets = pools[label]
    if not sets or (virtual and rng.random() < VIRTUAL[label]):
        return virtual_example(rng, label)
    for _ in range(20):
        name = rng.choices(list(sets), weights=[len(s) ** 0.5 for s in sets.values()])[0]
        example = rng.choice(sets[name])
        measure = example.load()
        if not label or (measure is not None and measure.regions):
            return example
    return virtual_example(rng, label)


def _with_image(rng: random.Random, pools: dict[int, dict[str, list[Example]]], kind: str, virtual: bool) -> Conversation:
    """`unsure`: a case that cannot be judged; what is said of its most suspicious place is measured as an anomaly's is."""
    label, unsure = int(kind != "normal"), kind == "unsure"
    example = _draw_example(rng, pools, label, virtual)
    references = rng.choice((1, 2, 3, 4, 4, 4, 8)) if rng.random() < 0.18 else 0
    hinted = example.object is not None and rng.random() < 0.5
    names, known = draw_names(rng, example, hinted)
    turns = Turns(rng, example, names, known, references, unsure)
    count = rng.choices((1, 2, 3, 4, 5), weights=TURN_ODDS)[0]
    made = [turns.first()]
    for i in range(1, count):
        made.append(turns.follow_up(last=i == count - 1))
    hint = f" Looks like: {example.object}." if hinted else ""
    if references:
        hint += f" Compared with {references} normal reference image{'' if references == 1 else 's'}."
    finding = turns.finding
    return {
        "image": example.image,
        "virtual": example.virtual,
        "dataset": example.dataset,
        "label": label,
        "unsure": unsure,
        "references": references,
        "bucket": "moderately" if unsure else example.bucket or draw_bucket(rng, label),
        "hint": hint,
        "object": example.object,
        "type": finding.defect if finding else None,
        "evidence": finding.evidence if finding else None,
        "measure": finding.measure.to_json() if finding else None,
        "turns": made,
    }


def _no_image(rng: random.Random) -> Conversation:
    turns = []
    for _ in range(rng.choices((1, 2, 3), weights=(60, 28, 12))[0]):
        kind = rng.choices(("knowledge", "needs", "quality", "off_topic", "meta"), weights=(44, 20, 14, 14, 8))[0]
        turns.append(_knowledge(rng) if kind == "knowledge" else _small_talk(rng, kind))
    return {
        "image": None, "virtual": False, "dataset": "none", "label": None, "unsure": False, "references": 0, "bucket": None, "hint": "",
        "object": None, "type": None, "evidence": None, "measure": None, "turns": turns,
    }


def _small_talk(rng: random.Random, kind: str) -> dict:
    if kind == "quality":
        asked, answers = rng.choice(T.QUALITY)
        question, answer = pick(rng, asked), rng.choice(answers)
    elif kind == "needs":
        question, answer = pick(rng, Q.NEEDS_IMAGE), pick(rng, T.NEEDS_IMAGE)
    elif kind == "off_topic":
        question, answer = pick(rng, Q.OFF_TOPIC), pick(rng, T.OFF_TOPIC)
    else:
        question, answer = pick(rng, Q.META), pick(rng, T.META)
    return {"task": kind, "topics": [], "question": [given(question, "question")], "answer": [spoken(answer)]}


def _knowledge(rng: random.Random) -> dict:
    """A general question about a defect in a material, answered from the playbook entry spliced after it."""
    named = [e for e in playbook()["entries"] if e["defect"] != "unknown"]
    entry = rng.choice(named)
    kind = types_by_name()[entry["defect"]]
    material = material_label(entry["materials"][0])
    material = "a part" if material == "part" else material
    wanted = rng.choice(tuple(Q.KNOWLEDGE))
    slots = {"claim_many": kind["many"] or entry["defect"], "claim_one": kind["one"], "material": material}
    topics = TOPIC_TASKS.get(wanted, [wanted])
    question = ""
    for _ in range(20):
        question = pick(rng, Q.KNOWLEDGE[wanted], slots)
        if topics_of(question) == topics:
            break
    severity = rng.choice(("minor", "moderate", "moderate", "severe"))
    found = find_entries(entry["defect"], entry["materials"][0], question, limit=1)[0]
    kinds = kinds_of(question)
    advice = Advice(rng, found, severity, entry["defect"], kinds)
    answers = {"impact": advice.impact, "cause": advice.cause, "actions": advice.actions, "general": advice.general}
    answer = both(*(answers[topic]() for topic in topics))
    splice = "".join(f" [playbook: {entry_for_prompt(found, topic, severity, kinds)}]" for topic in topics)
    return {
        "task": "knowledge", "topics": topics, "about": entry_subject(found),
        "question": [given(question, "question"), given(splice, "playbook")], "answer": [spoken(answer)],
    }


def plain_text(conversation: Conversation) -> str:
    """A conversation as readable text, spliced parts included (for reviews and logs)."""
    head = "(no image)" if conversation["label"] is None else f"<image> with {conversation['bucket']} suspicious features:{conversation['hint']}"
    lines = [head]
    turns = conversation["turns"]
    assert isinstance(turns, list)
    for turn in turns:
        lines.append("Q: " + "".join(str(s["text"]) for s in turn["question"]))
        lines.append("A: " + "".join(str(s["text"]) for s in turn["answer"]))
    return "\n".join(lines)
