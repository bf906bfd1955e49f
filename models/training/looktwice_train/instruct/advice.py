"""Answers from the playbook: impact, cause, actions, shipping, severity, verification, applied to the finding at hand."""

from __future__ import annotations

import random
from collections.abc import Sequence

from .grammar import join_and, lower_first, pick, tidy, upper_first
from .playbook import ACTION_LABELS, chosen_actions


class Advice:
    """Rephrases one playbook entry. `thing` is how the finding is called (`scratch`, `anomaly`), `kinds` the kinds of actions asked for."""

    def __init__(self, rng: random.Random, entry: dict, severity: str, thing: str, kinds: Sequence[str] = tuple(ACTION_LABELS)) -> None:
        self.rng, self.entry, self.severity, self.thing, self.kinds = rng, entry, severity, thing, kinds
        self.impact_text = entry["impacts"][severity].rstrip(".")

    def _say(self, *templates: str, **slots: str) -> str:
        base = {
            "thing": self.thing,
            "severity": self.severity,
            "impact": upper_first(self.impact_text),
            "impact_lower": lower_first(self.impact_text),
            "check": self.entry["inspection"][0],
        }
        return pick(self.rng, templates, {**base, **slots})

    def impact(self) -> str:
        text = self._say(
            "$impact.",
            "{I rate it as $severity|I would call it $severity|By extent and type it is $severity}. $impact.",
            "{For this $thing|With this $thing|At this size}: $impact_lower.",
            "The {likely |}{impact|effect|consequence} is $severity: $impact_lower.",
            "{The point is|What matters}: $impact_lower.",
            "$impact, {so I would rate it as $severity|which makes it $severity}.",
        )
        if self.rng.random() < 0.4:
            text += " " + self.verify_short()
        return text

    def verify_short(self) -> str:
        return self._say("To {be sure|confirm it|verify}, $check.", "A good check: $check.", "Before deciding, $check.", "I would $check.")

    def verify(self) -> str:
        return self._say(
            "{I suggest this check|A simple way}: $check.",
            "$check. {That tells more than the image alone|The image alone cannot show that}.",
            "You {can|should} $check. {After that the $thing can be judged for good|Then decide}.",
            "To confirm the $thing, $check.",
        )

    def severity_answer(self) -> str:
        return self._say(
            "{I would rate it as|I would call it|My rating is|It counts as} $severity. $impact.",
            "{Severity|Rating}: $severity. $impact.",
            "$severity, by my rule of thumb{ from type, extent and number|}. $impact.",
        )

    def ship(self) -> str:
        lead = {
            "minor": (
                "{Shipping may be possible if your limit samples allow it|It could go out under a concession|That depends on your acceptance limits}.",
                "{It is a minor case, so the agreed limits decide|If the customer accepts such marks, it can be shipped}.",
            ),
            "moderate": (
                "{I would hold it back until it has been checked|I would not ship it as it is|Better keep it here until someone has looked at it}.",
                "{Shipping it is a risk|Shipping it invites a complaint|I advise against it}.",
            ),
            "severe": (
                "{Do not ship it|It should not leave the plant|I would block it|Hold it back in any case}.",
                "{I strongly advise against shipping it|Shipping it would be wrong|It has to stay here}.",
            ),
        }[self.severity]
        if self.severity == "minor":
            return f"{self._say(*lead)} {self._say('$impact.')}"
        return f"{self._say(*lead)} {self._say('$impact.', 'The reason: $impact_lower.', 'The $thing matters because of this: $impact_lower.')}"

    def cause(self) -> str:
        causes = list(self.entry["causes"])
        self.rng.shuffle(causes)
        if self.rng.random() < 0.35 or any("," in c for c in causes):
            head = self._say("{Likely causes|Typical causes|Possible causes|Common causes of this $thing|What may be behind it}:")
            return head + "".join(f"\n- {upper_first(c)}" for c in causes)
        text = self._say(
            "{Likely causes are|Typical causes are|It is usually caused by|Possible causes are|The usual suspects are} $all_or.",
            "{A likely cause is|It may come from|Often it goes back to|The first thing to suspect is} $first. {Other candidates are|Also possible are|I would also check for} $rest.",
            all_or=join_and(causes, "or" if self.rng.random() < 0.5 else "and"),
            first=causes[0],
            rest=join_and(causes[1:]),
        )
        if self.rng.random() < 0.4:
            text += " " + self._say(
                "{The image alone cannot tell which one it was|The picture cannot decide between them|Which one it was has to be traced on site}.",
                "{Look at the process records of that time|Compare with the parts made before and after} to narrow it down.",
            )
        return text

    def actions(self) -> str:
        chosen = chosen_actions(self.entry, self.kinds)
        if len(chosen) < len(ACTION_LABELS):
            return self._some_actions(chosen)
        contain, correct, prevent = (list(chosen[k]) for k in ("containment", "corrective", "preventive"))
        style = self.rng.random()
        if style < 0.4:
            names = self.rng.choice((
                ("Contain", "Correct", "Prevent"), ("Containment", "Correction", "Prevention"),
                ("Now", "Then", "For the future"), ("Immediate", "Corrective", "Preventive"),
            ))
            rows = [f"- {name}: {'; '.join(items)}." for name, items in zip(names, (contain, correct, prevent))]
            head = self._say("{I suggest|My proposal|Recommended actions|What I would do|These steps fit}:", "{For this $thing|Against this $thing}:")
            return head + "\n" + "\n".join(rows)
        if style < 0.55:
            steps = contain + correct + prevent
            return self._say("{Next steps|Steps|I recommend these steps}:") + "".join(f"\n- {upper_first(s)}" for s in steps[:5])
        return tidy(self._say(
            "{First|To start with|As containment}, $contain. {Then|After that|As corrective action}, $correct. {To prevent a repeat|To keep it from coming back|For the future}, $prevent.",
            "{I would|You should} $contain. {As correction|Next}, $correct. In the long run, $prevent.",
            "{Contain it first|Containment comes first}: $contain. {The correction|Then}: $correct. {Prevention|To prevent it}: $prevent.",
            contain=join_and(contain), correct=join_and(correct), prevent=join_and(prevent),
        ))

    def _some_actions(self, chosen: dict[str, list[str]]) -> str:
        """The actions of one kind or two, for questions that ask for no other."""
        templates = {
            "containment": ("{To contain it|As containment|For now}, $steps.", "{Containment|At once}: $steps.", "{I would|You should} $steps."),
            "corrective": ("{To correct it|As corrective action|To fix the process}, $steps.", "{Correction|Corrective action}: $steps.", "{I would|You should} $steps."),
            "preventive": ("{To prevent it|To keep it from coming back|To avoid it in future}, $steps.", "{Prevention|For the future}: $steps.", "{In the long run|From now on}, $steps."),
        }
        return tidy(" ".join(self._say(*templates[kind], steps=join_and(list(steps))) for kind, steps in chosen.items()))

    def first_action(self) -> str:
        """The first containment step alone."""
        step = chosen_actions(self.entry)["containment"][0]
        return tidy(self._say(
            "{First|First of all|Right now|To begin with}, $step.",
            "{The first step|Most urgent}: $step. {That protects whoever gets the next parts|The cause comes after that|The rest can follow}.",
            "$capital. {Everything else comes after that|Then look for the cause|That has to happen before anything else}.",
            step=step, capital=upper_first(step),
        ))

    def general(self) -> str:
        return f"{self.entry['description']} {self._say('To find it, $check.', 'To check for it, $check.', 'In inspection, $check.', 'A practical check: $check.')}"
