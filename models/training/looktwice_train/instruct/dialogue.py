"""Turns on an image: the question, the playbook splice, and the answer with `<seg>` and the evidence in its place."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from . import abilities as A
from . import doubt as D
from . import facts as F
from . import questions as Q
from . import talk as T
from .examples import Example
from .findings import Finding, Names, random_claim
from .grammar import choose, pick, upper_first
from .measure import PLACES
from .plan import TOLD, cue, plan_of
from .playbook import chosen_actions, kinds_of, topics_of

Segment = dict[str, object]
TOPIC_TASKS = {
    "impact": ["impact"], "severity": ["impact"], "ship": ["impact"], "actions": ["actions"], "first_action": ["actions"],
    "contain": ["actions"], "correct": ["actions"], "prevent": ["actions"], "cause": ["cause"], "verify": ["general"],
    "eight_d": ["cause", "actions"],
    "cause_actions": ["cause", "actions"], "impact_actions": ["impact", "actions"], "cause_impact": ["cause", "impact"],
}
# task: (question templates, verdict style, weight as first turn)
FIRST_TASKS: dict[str, tuple[tuple[str, ...], str, float]] = {
    "yes_no": (Q.YES_NO, "yes", 26),
    "inverted": (Q.INVERTED, "not_fine", 4),
    "mask_actions": (Q.MASK_ACTIONS, "yes", 10),
    "mask_impact": (Q.MASK_IMPACT, "yes", 4),
    "mask_cause": (Q.MASK_CAUSE, "yes", 3),
    "mask_cause_actions": (Q.MASK_CAUSE_ACTIONS, "yes", 3),
    "mask_impact_actions": (Q.MASK_IMPACT_ACTIONS, "yes", 3),
    "mask_describe": (Q.MASK_DESCRIBE, "yes", 11),
    "describe": (Q.DESCRIBE, "open", 11),
    "location": (Q.LOCATION, "open", 5),
    "extent": (Q.EXTENT, "open", 3),
    "count": (Q.COUNT, "open", 3),
    "segment": (Q.SEGMENT, "marked", 5),
    "appearance": (Q.APPEARANCE, "open", 2),
    "kind": (Q.KIND, "open", 4),
    "impact": (Q.IMPACT, "open", 2),
    "severity": (Q.SEVERITY, "open", 2),
    "actions": (Q.ACTIONS, "open", 3),
    "cause": (Q.CAUSE, "open", 2),
    "ship": (Q.SHIP, "open", 2),
    "report": (Q.REPORT, "open", 3),
    "compare": (Q.COMPARE, "differs", 2),
    "premise": (Q.PREMISE, "open", 4),
    "premise_yes_no": (Q.PREMISE_YES_NO, "yes", 4),
    "premise_place": (Q.PREMISE_PLACE, "yes", 2),
    "foreign": (A.FOREIGN_FIRST, "open", 2),
    "object": (A.LIMITS["object"][0], "open", 2),
    "eight_d": (A.EIGHT_D, "open", 1),
}
FOLLOW_UPS: dict[str, tuple[tuple[str, ...], float]] = {
    "location": (Q.LOCATION, 7), "extent": (Q.EXTENT, 7), "count": (Q.COUNT, 4), "appearance": (Q.APPEARANCE, 5),
    "kind": (Q.KIND, 5), "impact": (Q.IMPACT, 9), "severity": (Q.SEVERITY, 5), "actions": (Q.ACTIONS, 11),
    "cause": (Q.CAUSE, 9), "ship": (Q.SHIP, 7), "verify": (Q.VERIFY, 5), "report": (Q.REPORT, 6), "others": (Q.OTHERS, 4),
    "first_action": (Q.FIRST_ACTION, 7), "contain": (Q.CONTAIN, 8), "correct": (Q.CORRECT, 8), "prevent": (Q.PREVENT, 8),
    "cause_actions": (Q.CAUSE_ACTIONS, 9), "impact_actions": (Q.IMPACT_ACTIONS, 7), "cause_impact": (Q.CAUSE_IMPACT, 5),
    "sure": (Q.SURE, 6), "doubt": (Q.DOUBT_FOUND, 7), "artefact": (Q.ARTEFACT, 7), "missed": (Q.MISSED, 3),
    "basis": (Q.CHECKED_WHAT, 2), "segment": (Q.SEGMENT, 5), "premise": (Q.PREMISE, 4),
    "thanks": (Q.THANKS, 2), "off_topic": (Q.OFF_TOPIC, 5), "elsewhere": (Q.PREMISE_PLACE, 4), "eight_d": (A.EIGHT_D, 7),
    **{task: (questions, 11 if task in ("why_defect", "translate") else 5) for task, (questions, _) in A.LIMITS.items()},
}
_VERDICTS = {"yes": F.YES, "open": F.OPEN, "not_fine": F.NOT_FINE, "differs": F.DIFFERS}
_CLEAN = {"yes": F.NO, "open": F.CLEAN, "not_fine": F.FINE, "differs": F.MATCHES, "marked": F.CLEAN}
# Follow-up questions that presume a finding or none.
ONLY_FOUND, ONLY_CLEAN = ("artefact", "eight_d", *A.LIMITS_OF_FINDINGS), ("missed",)
# Questions of a factory that make no sense about a patient's scan.
NOT_FOR_SCANS = ("ship", "premise", "premise_yes_no", "inverted", "mask_cause", "cause", "mask_cause_actions", "cause_actions", "cause_impact", "eight_d", "millimetres", "cost", "norm")
MAX_WORDS_DOUBLE = 110
MAX_WORDS_8D = 125
ACTION_PARTS = ("first_action", "contain", "correct", "prevent")
MAX_WORDS = 72


def spoken(text: str) -> Segment:
    return {"text": text, "loss": True}


def given(text: str, kind: str) -> Segment:
    return {"text": text, "loss": False, "kind": kind}


class Turns:
    """Builds the turns of one conversation about one image."""

    def __init__(self, rng: random.Random, example: Example, names: Names, known: bool, references: int, unsure: bool = False) -> None:
        self.rng, self.example, self.names, self.known, self.references = rng, example, names, known, references
        self.unsure = unsure
        self.finding: Finding | None = None
        self.used: set[str] = set()
        self.turn_count = 0
        self.scan = example.material == "medical scan" and known

    # -- questions ---------------------------------------------------------------------------------------------------

    def _question(self, templates: tuple[str, ...], task: str, claim: str, place: str) -> str:
        """A question whose playbook topics are those that the task needs (none for plain facts)."""
        base = task.removeprefix("mask_")
        wanted = TOPIC_TASKS.get(base, [])
        slots = {"it": self.names.it, "claim": claim, "claim_a": F.type_one(claim), "claim_place": place}
        question = ""
        for _ in range(40):
            question = pick(self.rng, templates, slots)
            topics = topics_of(question)
            if topics == wanted or (base.startswith("premise") and topics in ([], ["cause"])):
                break
        return typed(self.rng, question)

    # -- first turn --------------------------------------------------------------------------------------------------

    def first(self) -> dict:
        tasks = {k: v for k, v in FIRST_TASKS.items() if self._fits(k) and (k != "compare" or self.references or self.rng.random() < 0.2)}
        task = self.rng.choices(list(tasks), weights=[t[2] * (4 if k == "compare" and self.references else 1) for k, t in tasks.items()])[0]
        templates, style, _ = FIRST_TASKS[task]
        claim, place = self._claim(), self.rng.choice(self.rng.choice(PLACES))
        question = self._question(templates, task, claim, place)
        self.used.add(task.removeprefix("mask_"))
        if self.example.label:
            self.finding = Finding(self.rng, self.example, self.known, question)
            answer = self._found(task, style, question, claim, place)
        else:
            answer = self._clean(task, style, claim, place)
        return self._turn(task, question, answer)

    def _fits(self, task: str) -> bool:
        return self.example.material != "medical scan" or task not in NOT_FOR_SCANS

    def _claim(self) -> str:
        """The type a wrong-premise question presumes: right one time in three on anomalous images."""
        defect = self.example.defect
        if self.example.label and defect != "unknown" and self.rng.random() < 0.35:
            return defect
        return random_claim(self.rng)

    def _turn(self, task: str, question: str, answer: list[Segment]) -> dict:
        topics = topics_of(question)
        parts: list[Segment] = [given(question, "question")]
        if self.rng.random() < TOLD:
            parts.append(given(cue(plan_of(task)), "plan"))
        if topics and self.finding:
            splice = given(self.finding.splice(question, topics), "playbook")
            if self.turn_count:
                parts.append(splice)
            else:
                answer.insert(2, splice)
        self.turn_count += 1
        return {"task": task, "topics": topics, "question": parts, "answer": answer}

    def _slots(self) -> dict[str, str]:
        plural = "s" if self.references != 1 else ""
        many = f"{self.references} normal reference{plural}" if self.references else "normal references"
        refs = many if self.rng.random() < 0.5 else f"normal reference image{plural}"
        return {
            "noun": choose(self.rng, F.SCAN_NOUNS if self.scan else F.NOUNS),
            "none": choose(self.rng, F.SCAN_NONE_NOUNS if self.scan else F.NONE_NOUNS),
            "the_it": self.names.the_it, "on": self.names.on, "k": str(self.references), "refs": refs,
        }

    def _found(self, task: str, style: str, question: str, claim: str, place: str) -> list[Segment]:
        finding = self._the_finding()
        if self.unsure:
            verdict = pick(self.rng, D.UNSURE, self._slots())
        elif style == "differs" and not self.references:
            verdict = f"{pick(self.rng, T.NO_REFERENCES)} {pick(self.rng, F.OPEN, self._slots())}"
        elif style == "marked":
            verdict = pick(self.rng, F.OPEN if self.rng.random() < 0.6 else F.MARKED[:1], self._slots())
        else:
            verdict = pick(self.rng, _VERDICTS[style], self._slots())
        limit = _limit_of(task) - len(verdict.split())
        body = self._within(lambda: self._body(task, question, claim, place), limit)
        if finding.material == "medical scan" and task != "report" and "radiologist" not in body:
            body = f"{body} {pick(self.rng, T.SCAN_ADVICE)}"
        elif self.unsure and task != "report" and len(body.split()) < limit - 20 and self.rng.random() < 0.8:
            body = both(body, pick(self.rng, D.SETTLE))
        return [spoken(f"{verdict}<seg>"), given(f" {finding.evidence}", "evidence"), spoken(body if body.startswith("\n") else f" {body}")]

    def _within(self, make: Callable[[], str], limit: int = MAX_WORDS) -> str:
        """The first drawn text that fits the length limit, else the shortest of the tries."""
        tries: list[str] = []
        for _ in range(10):
            text = make()
            if len(text.split()) <= limit:
                return text
            tries.append(text)
        return min(tries, key=lambda t: len(t.split()))

    def _the_finding(self) -> Finding:
        if self.finding is None:
            raise ValueError("no finding on this image")
        return self.finding

    def _body(self, task: str, question: str, claim: str, place: str) -> str:
        """What follows the evidence in a first answer."""
        finding, rng = self._the_finding(), self.rng
        f = finding.facts
        base = task.removeprefix("mask_")
        if task == "eight_d":
            return f"\n{self._eight_d(question)}"
        if base in TOPIC_TASKS:
            lead = rng.choice((f.kind, f.combined, lambda: f"{f.kind()} {f.combined()}"))()
            return f"{lead} {self._advice(base, question)}"
        if task in ("premise", "premise_yes_no"):
            text = f"{self._about_claim(claim)} {f.combined() if rng.random() < 0.7 else f.place()}"
            return f"{text} {self._advice('cause', question)}" if topics_of(question) == ["cause"] else text
        if task == "premise_place":
            return f"{self._about_place(place)} {rng.choice((f.kind, f.extent, f.look))()}"
        if task == "report":
            return f"\n{f.bullets()}" + (f"\n- {D.REPORT_LINE}" if self.unsure else "")
        if task == "foreign":
            return f"{pick(rng, A.ENGLISH_ONLY)} {rng.choice((f.full, f.combined))()}"
        if task == "object":
            return f"{self._object()} {rng.choice((f.combined, f.kind))()}"
        plans: dict[str, tuple[tuple[Callable[[], str], ...], ...]] = {
            "yes_no": ((f.full,), (f.full,), (f.kind, f.place), (f.combined,), (f.combined, f.kind)),
            "inverted": ((f.full,), (f.kind, f.place), (f.combined, f.kind)),
            "describe": ((f.full,), (f.number, f.place, f.look, f.kind), (f.combined, f.look, f.kind), (f.kind, f.combined, f.look)),
            "compare": ((f.full,), (f.combined, f.kind), (f.place, f.look)),
            "location": ((f.place,), (f.place, f.kind), (f.place, f.extent)),
            "extent": ((f.extent,), (f.extent, f.place), (f.extent, f.kind)),
            "count": ((f.number,), (f.number, f.place), (f.number, f.kind)),
            "segment": ((f.combined,), (f.full,), (f.place, f.kind)),
            "appearance": ((f.look, f.kind), (f.look, f.place), (f.kind, f.look, f.extent)),
            "kind": ((f.kind, f.look), (f.kind, f.combined), (f.kind, f.place)),
        }
        return " ".join(part() for part in rng.choice(plans[base]))

    def _advice(self, base: str, question: str) -> str:
        advice = self._the_finding().advice(question)
        if base == "eight_d":
            return self._eight_d(question)
        if self.unsure and base in ("ship", "severity"):
            return pick(self.rng, D.SHIP if base == "ship" else D.SEVERITY)
        if _is_double(base):
            return both(*(self._advice(topic, question) for topic in TOPIC_TASKS[base]))
        return {
            "impact": advice.impact, "severity": advice.severity_answer, "ship": advice.ship,
            "actions": advice.actions, "first_action": advice.first_action, "contain": advice.actions, "correct": advice.actions,
            "prevent": advice.actions, "cause": advice.cause, "verify": advice.verify,
        }[base]()

    def _eight_d(self, question: str) -> str:
        """The disciplines that a picture and the playbook can fill, one a line."""
        finding = self._the_finding()
        f, entry = finding.facts, finding.entry(question)
        chosen = chosen_actions(entry, kinds_of(question))
        lines = [("D2 Problem", f"{f.kind()} {f.combined()}"), ("D3 Containment", _line(chosen["containment"])), ("D4 Causes to check", _line(entry["causes"][:3]))]
        lines += [("D5 and D6 Correction", _line(chosen["corrective"])), ("D7 Prevention", _line(chosen["preventive"]))]
        lead = pick(self.rng, ("{Draft of an 8D report|8D report, draft|8D}:", "{What I can fill in of the 8D report|The parts of the 8D report that I can fill in}:"))
        return lead + "".join(f"\n- {name}: {text}" for name, text in lines)

    def _object(self) -> str:
        name = self.example.object if self.known else None
        if name is None:
            return pick(self.rng, A.NAMELESS)
        return pick(self.rng, A.NAMED, {"name": f"{'an' if name[0].lower() in 'aeio' else 'a'} {name.removeprefix('everyday ')}"})

    def _limit(self, task: str) -> str:
        """What cannot be done, or why something was judged so, with facts of the finding where there is one."""
        slots = {"object": self._object()}
        if self.finding is None:
            slots["fact"] = pick(self.rng, A.NOTHING_STANDS_OUT)
        else:
            f = self.finding.facts
            slots |= {"fact": self.rng.choice((f.combined, f.place, f.extent))(), "look": f.look(), "place": f.place(), "kind": f.kind()}
        return pick(self.rng, A.LIMITS[task][1], slots)

    def _about_claim(self, claim: str) -> str:
        defect = self._the_finding().defect
        slots = {"claim": claim, "claim_a": F.type_one(claim), "kind": F.type_one(defect)}
        if defect == claim:
            return pick(self.rng, ("{It does look like|I also read it as|That fits: it looks like} $kind.", "$kind, {as you say|indeed}."), slots)
        if defect == "unknown":
            return pick(self.rng, ("Whether it is $claim_a I cannot tell; {its type is not clear to me|I cannot name its type}.",), slots)
        return pick(
            self.rng,
            (
                "It looks {more like|like} $kind{| to me}, {rather than|not} $claim_a.",
                "{I would not call it $claim_a|It does not look like $claim_a}: {it is most likely|it seems to be} $kind.",
                "I see no $claim; {what I marked|the marked area} looks like $kind.",
            ),
            slots,
        )

    def _about_place(self, place: str) -> str:
        f = self._the_finding().facts
        if any(r.place == place for r in f.measure.regions[:3]):
            if f.single or f.measure.regions[0].place == place:
                return f.place()
        if f.measure.count <= 3:
            others = "" if f.single else f" {f._others().strip()}"
            lead = pick(self.rng, ("{It lies|It is|It sits}" if f.single else "The largest region {lies|is|sits}",))
            if all(r.place != place for r in f.measure.regions):
                return f"{lead} {f.where()}, not in the {place}.{others}"
            return f"{lead} {f.where()}.{others}"
        return f.place()

    def _clean(self, task: str, style: str, claim: str, place: str) -> list[Segment]:
        rng, slots = self.rng, self._slots()
        claim_slots = {**slots, "claim": claim, "claim_one": F.type_one(claim), "place": place}
        base = task.removeprefix("mask_")
        base = TOPIC_TASKS[base][-1] if _is_double(base) else base
        if task == "premise":
            text = pick(rng, T.NO_CLAIM, claim_slots)
        elif task == "premise_yes_no":
            text = pick(rng, T.NO_CLAIM_YES_NO, claim_slots)
        elif task == "premise_place":
            text = pick(rng, T.NO_PLACE, claim_slots)
        elif style == "differs" and not self.references:
            text = f"{pick(rng, T.NO_REFERENCES)} {pick(rng, F.CLEAN, slots)}"
        else:
            text = pick(rng, _CLEAN[style], slots)
        if task == "foreign":
            text = f"{text} {pick(rng, A.ENGLISH_ONLY)}"
        elif task == "object":
            text = f"{self._object()} {text}"
        elif task == "report":
            text = f"{text}\n- Finding: none\n- {rng.choice(('Regions: none', 'Mask: empty', 'Number: zero'))}\n- {rng.choice(('Condition: normal', 'Verdict: no anomaly', 'Recommendation: carry on as usual'))}"
        elif base in T.NOTHING_TO and (not task.startswith("mask_") or rng.random() < 0.75):
            text = f"{text} {pick(rng, (T.NOTHING_TO[base],))}"
        if self.scan:
            text = f"{text} {pick(rng, T.SCAN_CLEAN)}"
        elif task != "report" and (rng.random() < 0.7 or len(text.split()) < 7):
            first, second = rng.sample(F.CLEAN_MORE, 2)
            more = (first, second) if rng.random() < 0.3 else (first,)
            text = " ".join([text, *(pick(rng, (m,), slots) for m in more)])
        return [spoken(text)]

    # -- follow-ups --------------------------------------------------------------------------------------------------

    def follow_up(self, last: bool) -> dict:
        out_of_place = ONLY_CLEAN if self.finding else ONLY_FOUND
        choices = {
            k: v for k, v in FOLLOW_UPS.items()
            if k not in self.used and k not in out_of_place and self._fits(k) and (k != "thanks" or last)
        }
        task = self.rng.choices(list(choices), weights=[v[1] for v in choices.values()])[0]
        self.used.add(task)
        claim = self._claim()
        templates = Q.DOUBT_CLEAN if task == "doubt" and not self.finding else FOLLOW_UPS[task][0]
        place = self.rng.choice(self.rng.choice(PLACES))
        question = self._question(templates, task, claim, place)
        answer = self._follow_found(task, question, claim, place) if self.finding else self._follow_clean(task, claim, place)
        return self._turn(task, question, answer)

    def _follow_found(self, task: str, question: str, claim: str, place: str) -> list[Segment]:
        finding, rng = self._the_finding(), self.rng
        f = finding.facts
        if task == "segment":
            verdict = pick(rng, F.MARKED, self._slots())
            return [spoken(f"{verdict}<seg>"), given(f" {finding.evidence}", "evidence"), spoken(f" {rng.choice((f.combined, f.place, f.number))()}")]
        if task in TOPIC_TASKS:
            hedged = self.unsure and task not in ("ship", "severity", "verify", "eight_d") and rng.random() < 0.6
            lead = f"{pick(rng, D.IF_REAL)} " if hedged else ""
            return [spoken(lead + self._within(lambda: self._advice(task, question), _limit_of(task)))]
        if task in A.LIMITS:
            return [spoken(self._within(lambda: self._limit(task)))]
        texts: dict[str, Callable[[], str]] = {
            "location": lambda: self._often(f.place(), f.extent, f.look, f.kind),
            "extent": lambda: self._often(f.extent(), f.place, f.look, f.kind),
            "count": lambda: self._often(f.number(), f.place, f.extent),
            "appearance": lambda: self._often(f.look(), f.kind, f.place),
            "kind": lambda: f"{f.kind()} {rng.choice((f.look, f.place))()}",
            "report": lambda: f"{pick(rng, ('Inspection summary:', 'Summary of the finding:', 'Finding:', 'In short:'))}\n{f.bullets()}",
            "others": lambda: self._others_answer(),
            "elsewhere": lambda: self._about_place(place),
            "sure": lambda: pick(rng, D.SURE if self.unsure else T.SURE_FOUND),
            "doubt": lambda: pick(rng, D.DOUBT if self.unsure else T.DOUBT_FOUND),
            "artefact": lambda: pick(rng, T.ARTEFACT),
            "basis": lambda: pick(rng, T.BASIS_FOUND, {"tone": f.tone()}),
            "premise": lambda: self._premise_follow(claim, question),
            "thanks": lambda: pick(rng, T.WELCOME),
            "off_topic": lambda: pick(rng, T.OFF_TOPIC),
        }
        return [spoken(self._within(texts[task]))]

    def _often(self, asked: str, *others: Callable[[], str]) -> str:
        """The fact that was asked for, three times in five with another one."""
        return f"{asked} {self.rng.choice(others)()}" if self.rng.random() < 0.6 else asked

    def _premise_follow(self, claim: str, question: str) -> str:
        f = self._the_finding().facts
        tail = self._advice("cause", question) if topics_of(question) == ["cause"] else self.rng.choice((f.place, f.extent, f.combined))()
        return f"{self._about_claim(claim)} {tail}"

    def _others_answer(self) -> str:
        f = self._the_finding().facts
        if f.single:
            return pick(self.rng, T.ONLY_THAT)
        text = f.number()
        tail = f._others().strip()
        return f"{text} {tail or f.place()} {pick(self.rng, ('The rest looks {normal|regular}.', ''))}".strip()

    def _follow_clean(self, task: str, claim: str, place: str) -> list[Segment]:
        rng, slots = self.rng, self._slots()
        if task in ACTION_PARTS:
            task = "actions"
        elif _is_double(task):
            task = TOPIC_TASKS[task][0]
        if task in A.LIMITS:
            return [spoken(self._limit(task))]
        if task in T.NOTHING_TO:
            lead = pick(rng, F.CLEAN, slots) if rng.random() < 0.7 else ""
            more = pick(rng, F.CLEAN_MORE, slots) if not lead or rng.random() < 0.3 else ""
            core = pick(rng, (T.NOTHING_TO[task],))
            core = core if lead else upper_first(core.removeprefix("So "))
            return [spoken(" ".join(s for s in (lead, core, more) if s))]
        texts: dict[str, Callable[[], str]] = {
            "report": lambda: f"{pick(rng, ('Inspection summary:', 'Summary:', 'In short:'))}\n- Finding: none\n- Verdict: {rng.choice(('no anomaly', 'normal'))}",
            "others": lambda: pick(rng, T.NOTHING_ELSE_CLEAN),
            "elsewhere": lambda: pick(rng, T.NO_PLACE, {**slots, "place": place}),
            "sure": lambda: pick(rng, T.SURE_CLEAN),
            "doubt": lambda: pick(rng, T.DOUBT_CLEAN),
            "missed": lambda: pick(rng, T.MISSED),
            "basis": lambda: pick(rng, T.BASIS_CLEAN),
            "premise": lambda: pick(rng, T.NO_CLAIM, {**slots, "claim": claim, "claim_one": F.type_one(claim)}),
            "thanks": lambda: pick(rng, T.WELCOME),
            "off_topic": lambda: pick(rng, T.OFF_TOPIC),
        }
        return [spoken(texts[task]())]


def _is_double(base: str) -> bool:
    return len(TOPIC_TASKS.get(base, ())) > 1


def _line(items: Sequence[str]) -> str:
    return f"{upper_first('; '.join(items))}."


def _limit_of(task: str) -> int:
    if task == "eight_d":
        return MAX_WORDS_8D
    return MAX_WORDS_DOUBLE if _is_double(task.removeprefix("mask_")) else MAX_WORDS


def both(first: str, second: str | None = None) -> str:
    """Two answers in the order of the question; a list ends with a blank line, as Markdown wants it."""
    if second is None:
        return first
    return f"{first}\n\n{second}" if "\n- " in first else f"{first} {second}"


def typed(rng: random.Random, question: str) -> str:
    """Questions as people type them: now and then after a word of context, without capital or end mark, or with a please."""
    question = question.strip()
    draw = rng.random()
    if draw > 0.93 and not question.startswith("/"):
        return f"{pick(rng, Q.PREAMBLES)} {question}"
    if draw < 0.05:
        question = question[:1].lower() + question[1:]
    elif draw < 0.1:
        question = question.rstrip("?.")
    elif draw < 0.13 and question.endswith("?"):
        question = f"{question[:-1]}, please?"
    return question if draw < 0.05 else upper_first(question)

