"""Invariants of the conversation generator, the mask measurements and the statements checker."""

from __future__ import annotations

import json
import re

import cv2
import numpy as np
import pytest

from looktwice_train.instruct import Example, evidence_text, generate, measure_mask
from looktwice_train.instruct.abilities import LIMITS
from looktwice_train.instruct.grammar import expand, join_and, tidy
from looktwice_train.instruct.measure import Measure, RegionMeasure, format_percent
from looktwice_train.instruct.playbook import compile_playbook, entry_for_prompt, find_entries, playbook, topics_of
from looktwice_train.instruct.statements import check_statements
from looktwice_train.instruct.stats import answer_text, stats


def make_example(label: int, seed: int, dataset: str = "made") -> Example:
    rng = np.random.default_rng(seed)
    noise = cv2.GaussianBlur(rng.random((120, 160)).astype(np.float32), (0, 0), 5)
    mask = noise > np.quantile(noise, 1 - rng.uniform(0.005, 0.15))
    image = (rng.random((120, 160, 3)) * 255).astype(np.uint8)
    measure = measure_mask(mask, image) if label else None
    return Example(label=label, object="magnetic tile", material="ceramic", defect="crack", image=f"{seed}.png", dataset=dataset, measure=measure)


def as_measure(data: dict) -> Measure:
    regions = tuple(RegionMeasure(**{**r, "bbox": tuple(r["bbox"])}) for r in data["regions"])
    return Measure(**{**data, "regions": regions})


@pytest.fixture(scope="module")
def conversations() -> list[dict]:
    examples = [make_example(i % 2, i) for i in range(40)]
    return [json.loads(json.dumps(c)) for c in generate(examples, 7, 1500)]


def image_turns(conversations: list[dict]):
    for conversation in conversations:
        if conversation["label"] is not None:
            for index, turn in enumerate(conversation["turns"]):
                yield conversation, index, turn


def test_same_seed_same_conversations():
    examples = [make_example(i % 2, i) for i in range(6)]
    assert generate(examples, 3, 30) == generate(examples, 3, 30)
    assert generate(examples, 3, 30) != generate(examples, 4, 30)


def test_balance(conversations):
    shares = {kind: 0 for kind in ("anomalous", "normal", "unsure", "no_image")}
    for conversation in conversations:
        label = conversation["label"]
        kind = "no_image" if label is None else "unsure" if conversation["unsure"] else ("normal", "anomalous")[label]
        shares[kind] += 1 / len(conversations)
    assert shares == pytest.approx({"anomalous": 0.48, "normal": 0.32, "unsure": 0.12, "no_image": 0.08}, abs=0.01)


DOUBT = re.compile(r"\bcannot (?:tell|say|judge|decide)\b|\bI am not sure\b")
PASSES = re.compile(
    r"\bno (?:\w+ ){0,3}action|\bcan be (?:shipped|released|used)|\b(?:fairly|quite|reasonably) sure|\bnothing speaks against|\bkeep the usual", re.IGNORECASE
)


def test_what_cannot_be_judged_is_doubted_and_never_let_pass(conversations):
    """As the runtime reads it (lib/turn/said-verdict.ts, reassurance.ts): the first sentence doubts, and no sentence lets the part pass."""
    doubted = [c for c in conversations if c["unsure"]]
    assert {c["bucket"] for c in doubted} == {"moderately"}
    for conversation in doubted:
        assert not re.match(r"(?:yes|no)\b", answer_text(conversation["turns"][0]), re.IGNORECASE)
        assert DOUBT.search(answer_text(conversation["turns"][0]).split("<seg>")[0])
        for turn in conversation["turns"]:
            assert not PASSES.search(answer_text(turn)), answer_text(turn)


def test_limits_are_said_without_denying_a_finding(conversations):
    asked = 0
    for conversation, _, turn in image_turns(conversations):
        if turn["task"] in LIMITS and conversation["label"]:
            asked += 1
            assert not re.search(r"nothing (?:deviates|stands out)|looks normal", answer_text(turn), re.IGNORECASE), answer_text(turn)
    assert asked > 100


@pytest.mark.parametrize(
    ("question", "topics"),
    [
        ("Why is it a defect and not normal variation?", []),
        ("Why do you think it is a defect?", []),
        ("Why did it happen?", ["cause"]),
        ("Write a short 8D report", ["cause", "actions"]),
        ("Which 8D actions fit here?", ["actions"]),
    ],
)
def test_topics_of_judgements_and_reports(question, topics):
    assert topics_of(question) == topics


def test_verdict_seg_and_evidence_agree(conversations):
    for conversation, index, turn in image_turns(conversations):
        spoken = answer_text(turn)
        kinds = [s.get("kind") for s in turn["answer"]]
        if index == 0:
            assert ("<seg>" in spoken) == (conversation["label"] == 1)
        if conversation["label"] == 0:
            assert "<seg>" not in spoken and "evidence" not in kinds and not spoken.startswith("Yes")
        if spoken.startswith("Yes"):
            assert "<seg>" in spoken
        if spoken.startswith("No,") or spoken.startswith("No."):
            assert "<seg>" not in spoken
        assert spoken.count("<seg>") == kinds.count("evidence") <= 1
        if "evidence" in kinds:
            at = kinds.index("evidence")
            assert turn["answer"][at - 1]["text"].endswith("<seg>")
            assert turn["answer"][at] == {"text": f" {conversation['evidence']}", "loss": False, "kind": "evidence"}
            assert re.fullmatch(r" ?\[\d+ regions?; largest: .*; type: .*; material: .*\]", turn["answer"][at]["text"])


def test_verdict_comes_before_anything_that_only_the_evidence_knows(conversations):
    for conversation, index, turn in image_turns(conversations):
        if index == 0 and conversation["label"] == 1:
            before = turn["answer"][0]["text"]
            assert not re.search(r"\d %|\b(?:upper|lower) (?:left|right)\b|\b(?:top|bottom) centre\b", before), before


def test_playbook_is_spliced_where_the_runtime_splices_it(conversations):
    for conversation, index, turn in image_turns(conversations):
        in_question = any(s.get("kind") == "playbook" for s in turn["question"])
        in_answer = any(s.get("kind") == "playbook" for s in turn["answer"])
        found = conversation["label"] == 1 and bool(turn["topics"])
        assert in_question == (found and index > 0)
        assert in_answer == (found and index == 0)


def test_every_statement_agrees_with_the_mask(conversations):
    checked = 0
    for conversation, _, turn in image_turns(conversations):
        measure = as_measure(conversation["measure"]) if conversation["measure"] else Measure(1, 1)
        for statement in check_statements(answer_text(turn), measure):
            checked += 1
            assert statement.agrees, (statement, answer_text(turn), conversation["evidence"])
    assert checked > 1000


def test_the_checker_notices_false_statements(conversations):
    """The same answers against another mask must fail often: a checker that always agrees proves nothing."""
    other = measure_mask(np.eye(50, dtype=np.uint8)[:, ::-1])
    found = [s.agrees for c, _, t in image_turns(conversations) if c["label"] for s in check_statements(answer_text(t), other)]
    assert sum(found) < 0.5 * len(found)


def test_text_is_clean_and_varied(conversations):
    for conversation in conversations:
        for turn in conversation["turns"]:
            for segment in turn["question"] + turn["answer"]:
                text = segment["text"]
                assert not re.search(r"[{}$]|  |\bNone\b| \.|\.\.|\ba (?:[aeio]|un)", text.replace("a one-", "")), text
            assert turn["answer"][-1]["loss"] and turn["answer"][-1]["text"].strip()
            most = 140 if turn["task"] == "eight_d" else 130 if len(turn["topics"]) > 1 else 95
            assert 1 <= len(answer_text(turn).split()) <= most
    measured = stats(conversations)
    assert measured["unique_answers"] > 0.7
    assert measured["distinct_2"] > 0.1


def test_buckets_follow_the_label_with_noise(conversations):
    buckets = stats(conversations)["buckets"]
    assert buckets["1/highly"] > buckets["1/moderately"] > buckets["1/slightly"] > 0
    assert buckets["0/slightly"] > buckets["0/moderately"] > buckets["0/highly"] > 0


def test_anomalies_without_a_mask_are_left_out():
    example = Example(label=1, object="cube", material="plastic", image="cube.jpg", dataset="cubes")
    made = generate([example, make_example(0, 1)], 1, 60, virtual=False)
    assert all(c["image"] != "cube.jpg" for c in made)


def test_measure_by_hand():
    mask = np.zeros((100, 200), np.uint8)
    mask[10:14, 5:45] = 1
    mask[80:90, 180:190] = 1
    image = np.full((100, 200, 3), 120, np.uint8)
    image[10:14, 5:45] = 60
    measure = measure_mask(mask, image)
    assert evidence_text(measure, "scratch", "metal") == (
        "[2 regions; largest: upper left, 0.8 % of the image, 40 x 4 px, elongated, darker; others: lower right; type: scratch; material: metal]"
    )
    with pytest.raises(ValueError, match="200 x 100 px but the image is 20 x 10"):
        measure_mask(mask, np.zeros((10, 20, 3), np.uint8))
    with pytest.raises(ValueError):
        evidence_text(measure_mask(np.zeros((5, 5))), "scratch", "metal")


@pytest.mark.parametrize(("area", "text"), [(170, "17"), (32, "3.2"), (4, "0.4"), (1000, "100"), (99, "9.9"), (995, "100")])
def test_two_significant_digits(area, text):
    assert format_percent(area, 1000) == text or (area == 995 and format_percent(area, 1000) in ("99", "100"))


def test_playbook_is_complete_and_deterministic():
    assert compile_playbook() == compile_playbook()
    assert len(playbook()["entries"]) >= 60
    assert find_entries("crack", "ceramic")[0]["id"] == "crack-ceramic"
    assert find_entries("unknown", "unknown")[0]["id"] == "unknown-part"
    with pytest.raises(ValueError):
        entry_for_prompt(playbook()["entries"][0], "weather", "minor")


@pytest.mark.parametrize(
    ("question", "topics"),
    [
        ("Suggest corrective actions.", ["actions"]), ("Why did it happen?", ["cause"]), ("Can we ship it?", ["impact"]), ("Are there any defects?", []),
        ("What caused it, and how do we fix it?", ["cause", "actions"]), ("How bad is it and what should we do?", ["impact", "actions"]),
        ("Recommend and suggest actions.", ["actions"]), ("Why did it happen? How serious is it? What should we do?", ["cause", "impact"]),
    ],
)
def test_topics(question, topics):
    assert topics_of(question) == topics


def test_grammar():
    import random

    rng = random.Random(1)
    assert {expand(rng, "{a|b} $x.", {"x": "c"}) for _ in range(20)} == {"A c.", "B c."}
    assert tidy("it is one . then two") == "It is one. Then two"
    assert join_and(["a", "b", "c"], "or") == "a, b or c"
    with pytest.raises(KeyError):
        expand(rng, "$missing")
