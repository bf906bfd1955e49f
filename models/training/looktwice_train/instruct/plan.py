"""The answer plan: what a question asks for, in the words that the prompt has for it.

In training the task of a turn is known; at run time a head over the language model's own hidden state finds it (stages/plan.py, lib/turn/local/plan.ts). A model of this size
words a fact well and chooses it badly: asked for the size in words that it has not met, it told the place.
"""

from __future__ import annotations

PLANS: dict[str, str] = {
    "yes_no": "verdict", "inverted": "verdict", "describe": "description", "location": "place", "extent": "size", "count": "number",
    "segment": "mask", "appearance": "look", "kind": "kind", "impact": "impact", "severity": "severity", "actions": "actions", "cause": "cause",
    "ship": "shipping", "verify": "verification", "report": "report", "others": "other places", "first_action": "first step",
    "contain": "containment", "correct": "correction", "prevent": "prevention", "cause_actions": "cause, actions",
    "impact_actions": "impact, actions", "cause_impact": "cause, impact", "compare": "comparison", "premise": "claim",
    "premise_yes_no": "claim", "premise_place": "another place", "elsewhere": "another place", "sure": "certainty", "doubt": "doubt",
    "artefact": "artefact", "missed": "missed", "basis": "basis", "thanks": "thanks", "off_topic": "off topic", "eight_d": "8D report",
    "millimetres": "millimetres", "depth": "depth", "age": "age", "cost": "records", "reading": "print", "editing": "editing",
    "norm": "standards", "translate": "language", "foreign": "language", "object": "object", "why_defect": "reason", "more": "more",
    "image_quality": "picture", "conversation": "contradiction",
}
TOLD = 0.85
"""Share of the turns in which the plan is told: it is not where the head is unsure at run time."""


def plan_of(task: str) -> str:
    """The plan of a task of the generator; raises KeyError for one without, so that a new task names its own."""
    return PLANS[task.removeprefix("mask_")]


def cue(plan: str) -> str:
    """What stands behind the question."""
    return f" [asked: {plan}]"
