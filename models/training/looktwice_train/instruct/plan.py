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
RESTATED: dict[str, str] = {
    "place": "Where is the defect?", "size": "How large is the defect?", "number": "How many defects are there?", "look": "What does the defect look like?",
    "kind": "What kind of defect is it?", "impact": "What is the impact of this defect?", "severity": "How severe is it?", "actions": "What should we do about it?",
    "cause": "What caused it?", "shipping": "Can we still ship it?", "verification": "How can we verify it?", "report": "Write a short inspection report.",
    "first step": "What should we do first?", "containment": "How do we contain it?", "correction": "How do we fix it?", "prevention": "How can we prevent it?",
    "cause, actions": "What caused it, and what should we do?", "impact, actions": "How serious is it, and what should we do?",
    "cause, impact": "What caused it, and how serious is it?", "certainty": "How sure are you?", "8D report": "Write a short 8D report.", "depth": "How deep is it?",
    "age": "How old is it?", "millimetres": "How large is it in millimetres?", "reason": "Why is it a defect and not normal variation?",
    "other places": "Is there anything else?", "basis": "What did you check?",
}
"""The question once more in words that the model was trained on, where a plan says all that is asked: not where the question has particulars of its own, such as a place, a claim or a language."""
TOLD = 0.85
"""Share of the turns in which the plan is told: it is not where the head is unsure at run time."""


def plan_of(task: str) -> str:
    """The plan of a task of the generator; raises KeyError for one without, so that a new task names its own."""
    return PLANS[task.removeprefix("mask_")]


def cue(plan: str) -> str:
    """What stands behind the question."""
    return f" [asked: {plan}]"
