"""The generator of conversations: examples in, multi-turn dialogues with evidence and playbook splices out.

A conversation is JSON-serialisable: {image, dataset, label, virtual, bucket, hint, turns: [{question: [segment], answer: [segment]}]}
with segment = {text, loss}. `<seg>` stands directly after the verdict; the evidence (and, where the question asks for advice, the
playbook entry) follows as a segment without loss, exactly as the runtime splices it (docs/design/model.md, "One turn").
"""
from __future__ import annotations

import argparse
import json
import random
from collections import Counter
from pathlib import Path

from ..data.records import ANOMALY_SETS, load_records
from . import facts as wording
from . import questions as asked
from .advice import Advice
from .examples import Example, example_from_record, random_type, virtual_example
from .facts import CLEAN, CLEAN_MORE, FINE, MARKED, NO, NOT_FINE, OPEN, YES, Facts, short_name, type_one
from .grammar import expand, lower_first, pick, with_article
from .measure import evidence_text, severity_of
from .playbook import entry_for_prompt, find_entries, material_label, material_of, topic_of, types_by_name

BUCKETS = {1: ("highly", "highly", "moderately"), 0: ("slightly", "slightly", "moderately")}
PLACES = ("upper left", "upper right", "lower left", "lower right", "centre")


def said(text: str) -> dict:
    return {"text": text, "loss": True}


def spliced(text: str) -> dict:
    return {"text": text, "loss": False}


class Composer:
    """Builds one conversation about one example."""

    def __init__(self, rng: random.Random, example: Example) -> None:
        self.rng, self.example = rng, example
        self.measure = example.load() if example.label else None
        name = example.object
        words = f"{{the|this|the|my}} {name}" if name and rng.random() < 0.6 else "{this part|the part|the surface|this image|the image|this object|this}"
        self.it = lower_first(expand(rng, words))
        self.named = self.it.split(" ", 1)[-1] if name and name in self.it else None
        # The runtime knows the material only from what was written; a generic question leaves it unknown.
        self.material = material_of(self.it) if self.named else "unknown"
        self.severity = severity_of(self.measure.extent_percent if self.measure else 0, self.measure.count if self.measure else 0, example.defect)
        self.facts = Facts(rng, self.measure, example.defect, self.material) if self.measure and self.measure.count else None
        self.references = rng.choice((1, 2, 4)) if rng.random() < 0.12 else 0
        self.turns: list[dict] = []

    # --- helpers -------------------------------------------------------------------------------------------------
    def ask(self, templates, **slots: str) -> str:
        other = self._other_type()
        values = {"it": self.it, "claim": other, "claim_a": with_article(other), "claim_place": self.rng.choice(PLACES), **slots}
        text = pick(self.rng, templates, values)
        return text[0].lower() + text[1:] if self.rng.random() < 0.06 and text[0] != "/" else text

    def _other_type(self) -> str:
        while True:
            found = random_type(self.rng, self.example.material if self.rng.random() < 0.7 else "unknown")
            if found not in ("unknown", self.example.defect):
                return found

    def say(self, templates) -> str:
        shown = f"the {self.named}" if self.named else self.rng.choice(("the part", "the surface", "it", "the object"))
        on = "" if shown == "it" else f"on {shown}"
        refs = "normal reference image" if self.references == 1 else f"{self.references} normal reference images"
        return pick(self.rng, templates, {"the_it": shown, "on": on, "k": str(self.references), "refs": refs})

    def entry(self, question: str) -> dict:
        return find_entries(self.example.defect, self.material, question)[0]

    def advice(self, question: str) -> Advice:
        return Advice(self.rng, self.entry(question), self.severity, short_name(self.example.defect))

    def splice(self, question: str, topic: str | None) -> str:
        return f" [playbook: {entry_for_prompt(self.entry(question), topic, self.severity)}]" if topic else ""

    def add(self, question: str, answer: list[dict], playbook: str = "") -> None:
        asked_now = [spliced(question)] + ([spliced(playbook)] if playbook else [])
        self.turns.append({"question": asked_now, "answer": [s for s in answer if s["text"]]})

    # --- first turns about an anomalous image ------------------------------------------------------------------------
    def first_anomalous(self) -> None:
        rng = self.rng
        kind = rng.choices(
            ["yes_no", "inverted", "describe", "actions", "impact", "cause", "mask", "location", "extent", "count", "segment", "kind", "premise", "place"],
            [26, 5, 12, 12, 6, 5, 8, 6, 5, 5, 4, 4, 4, 3],
        )[0]
        pools = {
            "yes_no": asked.YES_NO, "inverted": asked.INVERTED, "describe": asked.DESCRIBE, "actions": asked.MASK_ACTIONS, "impact": asked.MASK_IMPACT,
            "cause": asked.MASK_CAUSE, "mask": asked.MASK_DESCRIBE, "location": asked.LOCATION, "extent": asked.EXTENT, "count": asked.COUNT,
            "segment": asked.SEGMENT, "kind": asked.KIND, "premise": asked.PREMISE_YES_NO, "place": asked.PREMISE_PLACE,
        }
        if self.references and kind in ("yes_no", "describe"):
            kind, pools = "compare", {**pools, "compare": asked.COMPARE}
        question = self.ask(pools[kind])
        topic = {"actions": "actions", "impact": "impact", "cause": "cause"}.get(kind) or topic_of(question)
        evidence = f" {evidence_text(self.measure, self.example.defect, self.material)}{self.splice(question, topic)}"
        verdicts = {
            "inverted": NOT_FINE, "describe": OPEN, "compare": wording.DIFFERS + YES, "location": OPEN, "extent": OPEN, "count": OPEN, "segment": OPEN, "kind": OPEN,
        }.get(kind, YES)
        self.add(question, [said(f"{self.say(verdicts)}<seg>"), spliced(evidence), said(" " + self._after_evidence(kind, question, topic))])

    def _after_evidence(self, kind: str, question: str, topic: str | None) -> str:
        facts, rng = self.facts, self.rng
        if kind in ("yes_no", "mask", "describe", "inverted", "compare", "place"):
            body = facts.full() if rng.random() < 0.75 else facts.combined()
        elif kind == "location":
            body = facts.place()
        elif kind == "extent":
            body = facts.extent()
        elif kind == "count":
            body = facts.number() + " " + facts.place()
        elif kind == "segment":
            body = facts.combined() if rng.random() < 0.6 else self.say(MARKED) + " " + facts.combined()
        elif kind == "kind":
            body = facts.kind() + " " + facts.place()
        elif kind == "premise":
            body = facts.kind() + " " + facts.combined()
        else:
            body = facts.full() if rng.random() < 0.6 else facts.combined()
        if topic:
            body += "\n\n" + self._advice_text(topic, question)
        return body

    def _advice_text(self, topic: str, question: str) -> str:
        advice = self.advice(question)
        return {"actions": advice.actions, "cause": advice.cause, "impact": advice.impact, "general": advice.verify}[topic]()

    # --- follow-ups on a finding ----------------------------------------------------------------------------------
    def follow_anomalous(self) -> None:
        rng, facts = self.rng, self.facts
        kind = rng.choices(
            ["impact", "actions", "cause", "ship", "severity", "verify", "location", "extent", "count", "look", "kind", "report", "segment", "others", "sure", "premise", "thanks"],
            [14, 16, 10, 8, 6, 5, 6, 6, 5, 5, 5, 6, 4, 4, 3, 4, 2],
        )[0]
        pools = {
            "impact": asked.IMPACT, "actions": asked.ACTIONS, "cause": asked.CAUSE, "ship": asked.SHIP, "severity": asked.SEVERITY, "verify": asked.VERIFY,
            "location": asked.LOCATION, "extent": asked.EXTENT, "count": asked.COUNT, "look": asked.APPEARANCE, "kind": asked.KIND, "report": asked.REPORT,
            "segment": asked.SEGMENT, "others": asked.OTHERS, "sure": asked.SURE, "premise": asked.PREMISE, "thanks": asked.THANKS,
        }
        question = self.ask(pools[kind])
        topic = topic_of(question) if kind not in ("sure", "thanks", "others", "report") else None
        if kind in ("impact", "ship", "severity") and topic is None:
            topic = "impact"
        if kind == "premise" and topic == "cause":
            return
        playbook = self.splice(question, topic)
        advice = self.advice(question)
        if kind == "segment":
            evidence = f" {evidence_text(self.measure, self.example.defect, self.material)}"
            self.add(question, [said(f"{self.say(MARKED)}<seg>"), spliced(evidence), said(" " + facts.combined())])
            return
        answers = {
            "impact": advice.impact, "actions": advice.actions, "cause": advice.cause, "ship": advice.ship, "severity": advice.severity_answer,
            "verify": advice.verify, "location": facts.place, "extent": facts.extent, "count": facts.number, "look": facts.look, "kind": facts.kind,
            "report": facts.bullets,
        }
        if kind in answers:
            text = answers[kind]()
        elif kind == "others":
            text = facts.number() + " " + (facts.place() if not facts.single else expand(rng, "{Elsewhere nothing stands out|The rest looks normal|I see no further anomaly}."))
        elif kind == "sure":
            text = expand(rng, "{I judge by the image alone, so a false alarm is possible|I cannot exclude a false alarm|The image makes it likely, but not certain|I looked twice and the area still stands out}.") + " " + facts.combined()
        elif kind == "premise":
            name = "an anomaly of a kind I cannot name" if self.example.defect == "unknown" else type_one(self.example.defect)
            text = expand(rng, f"{{I do not see that|I would not call it that|That is not what the image suggests}}: it looks {{more |}}like {name}.") + " " + facts.place()
        else:
            text = expand(rng, "{You are welcome|Glad to help|My pleasure}{.|. Send the next image when you are ready.|! Ask me if you need more.}")
        if kind in ("location", "extent", "count", "look", "kind") and topic:
            playbook = ""
        self.add(question, [said(text)], playbook)

    # --- normal images -----------------------------------------------------------------------------------------------
    def first_normal(self) -> None:
        rng = self.rng
        kind = rng.choices(
            ["yes_no", "inverted", "describe", "actions", "impact", "cause", "mask", "location", "extent", "count", "segment", "kind", "premise", "premise_open", "place"],
            [28, 6, 12, 8, 5, 4, 8, 5, 4, 5, 4, 3, 6, 6, 3],
        )[0]
        pools = {
            "yes_no": asked.YES_NO, "inverted": asked.INVERTED, "describe": asked.DESCRIBE, "actions": asked.MASK_ACTIONS, "impact": asked.MASK_IMPACT,
            "cause": asked.MASK_CAUSE, "mask": asked.MASK_DESCRIBE, "location": asked.LOCATION, "extent": asked.EXTENT, "count": asked.COUNT,
            "segment": asked.SEGMENT, "kind": asked.KIND, "premise": asked.PREMISE_YES_NO, "premise_open": asked.PREMISE, "place": asked.PREMISE_PLACE,
        }
        if self.references and kind in ("yes_no", "describe"):
            kind, pools = "compare", {**pools, "compare": asked.COMPARE}
        question = self.ask(pools[kind])
        templates = {"inverted": FINE, "describe": CLEAN, "compare": wording.MATCHES, "location": CLEAN, "extent": CLEAN, "count": CLEAN, "segment": CLEAN, "kind": CLEAN, "premise_open": CLEAN}.get(kind, NO)
        text = self.say(templates)
        if rng.random() < 0.55:
            text += " " + self.say(CLEAN_MORE)
        if kind in ("actions", "impact", "cause") and rng.random() < 0.7:
            text += " " + expand(rng, {
                "actions": "{No corrective action is needed|So there is nothing to correct|I suggest no action}.",
                "impact": "{So there is no impact to report|Nothing here affects its use as far as I can see}.",
                "cause": "{So there is no cause to look for|There is nothing to trace back}.",
            }[kind])
        self.add(question, [said(text)])

    def follow_normal(self) -> None:
        rng = self.rng
        kind = rng.choices(["sure", "what", "ship", "premise", "actions", "verify", "location", "segment", "thanks"], [12, 6, 10, 12, 6, 5, 6, 5, 4])[0]
        pools = {
            "sure": asked.SURE, "what": asked.CHECKED_WHAT, "ship": asked.SHIP, "premise": asked.PREMISE, "actions": asked.ACTIONS, "verify": asked.VERIFY,
            "location": asked.LOCATION, "segment": asked.SEGMENT, "thanks": asked.THANKS,
        }
        question = self.ask(pools[kind])
        text = {
            "sure": "{As sure as one image allows|I looked twice and nothing stands out|Yes, as far as the image shows}. {A very fine or hidden flaw cannot be excluded|Another view could confirm it}.",
            "what": "{I compared every area with what normal surfaces look like and then looked again at the most suspicious places|I looked at the whole image and its parts, then a second time at what stood out}. {None of them stood out enough|Nothing was suspicious enough}.",
            "ship": "{From what the image shows, nothing speaks against it|I see no reason to hold it back|Visually it can go}. {Your own release criteria still apply|Other tests remain as agreed}.",
            "premise": "{I do not see that|I find none|There is no such thing to be seen}: {the image shows no anomaly|the surface looks normal|nothing is marked}.",
            "actions": "{No action is needed|Nothing has to be done}, {since I found no anomaly|because nothing abnormal was found}.",
            "verify": "{Take a second image under other light or from another side|Compare it with a known good sample}. {That would confirm the result|If it agrees, the result stands}.",
            "location": "{There is none to point at|I found none|No place stands out}: {the image looks normal|I see no anomaly}.",
            "segment": "{There is nothing to segment|I have nothing to mark}, {since I found no anomaly|because the image looks normal}.",
            "thanks": "{You are welcome|Glad to help|My pleasure}{.|. Send the next image when you are ready.}",
        }[kind]
        self.add(question, [said(expand(rng, text))])

    def conversation(self) -> dict:
        rng, label = self.rng, self.example.label
        if label:
            self.first_anomalous()
            for _ in range(rng.choices((0, 1, 2, 3), (25, 30, 30, 15))[0]):
                self.follow_anomalous()
        else:
            self.first_normal()
            for _ in range(rng.choices((0, 1, 2), (55, 30, 15))[0]):
                self.follow_normal()
        plural = "s" if self.references > 1 else ""
        return {
            "image": self.example.image, "dataset": self.example.dataset, "label": label, "virtual": self.example.virtual, "references": self.references,
            "bucket": rng.choice(BUCKETS[label]), "hint": f" Compared with {self.references} normal reference image{plural}." if self.references else "", "turns": self.turns,
        }


def without_image(rng: random.Random) -> dict:
    """A conversation without any image: knowledge from the playbook, requests that need an image, off-topic talk."""
    turns: list[dict] = []
    for _ in range(rng.choice((1, 1, 2, 3))):
        kind = rng.choices(["knowledge", "needs", "off", "meta"], [55, 22, 14, 9])[0]
        if kind == "knowledge":
            topic = rng.choice(sorted(asked.KNOWLEDGE))
            material = rng.choice([m for m in ("metal", "steel", "ceramic", "glass", "plastic", "rubber", "wood", "textile", "masonry", "electronics", "solar cell", "food", "casting", "weld", "coating")])
            defect = random_type(rng, material)
            if defect == "unknown":
                continue
            names = types_by_name()[defect]
            question = pick(rng, asked.KNOWLEDGE[topic], {"claim_many": names.get("many", f"{defect}s"), "claim_one": names["one"], "material": material_label(material)})
            found = topic_of(question) or topic
            entry = find_entries(defect, material_of(question), question)[0]
            advice = Advice(rng, entry, "moderate", defect)
            text = {"actions": advice.actions, "cause": advice.cause, "impact": advice.impact, "general": advice.general}[found]()
            turns.append({"question": [spliced(question), spliced(f" [playbook: {entry_for_prompt(entry, found, 'moderate')}]")], "answer": [said(text)]})
            continue
        if kind == "needs":
            question = pick(rng, asked.NEEDS_IMAGE)
            text = "{I need an image for that|There is no image yet|I cannot see an image|No image is attached}: {please attach a photo of the part|please add one by drop, paste or the clip button|send me a picture and I will look at it}."
        elif kind == "off":
            question = pick(rng, asked.OFF_TOPIC)
            text = "{That is outside what I do|I cannot help with that|That is not my field}. {I inspect images for defects|I look for anomalies in images} and {explain their impact, causes and corrective actions|suggest what to do about them}."
        else:
            question = pick(rng, asked.META)
            text = "{I am LookTwice, a visual inspection assistant|I am LookTwice}. {Attach an image and I|Send me a photo and I will} {look for anomalies, mark them|check it for defects, show where they are} and {explain impact, causes and corrective actions|suggest what to do}."
        turns.append({"question": [spliced(question)], "answer": [said(expand(rng, text))]})
    if not turns:
        return without_image(rng)
    return {"image": None, "dataset": None, "label": 0, "virtual": False, "references": 0, "bucket": "slightly", "hint": "", "turns": turns}


def load_examples() -> list[Example]:
    """An example per annotated image; anomalies without a mask are left out (nothing to measure)."""
    return [example_from_record(r) for r in load_records(ANOMALY_SETS) if r.label == 0 or r.mask is not None]


def draw(examples: list[Example], seed: int, count: int, virtual: bool = False) -> list[dict]:
    """`count` conversations, deterministic in `seed`: about 46 % normal, 42 % anomalous, 12 % without image.

    `virtual` invents the cases (every material, type and measure); else they are about the examples' images.
    """
    rng = random.Random(seed)
    by_label = {label: [e for e in examples if e.label == label] for label in (0, 1)}
    out: list[dict] = []
    while len(out) < count:
        share = rng.random()
        if share < 0.12:
            out.append(without_image(rng))
            continue
        label = int(share > 0.58)
        example = virtual_example(rng, label) if virtual else rng.choice(by_label[label])
        composer = Composer(rng, example)
        if label and composer.facts is None:
            continue
        out.append(composer.conversation())
    return out


def statistics(conversations: list[dict]) -> dict:
    """Balance, lengths and variety of a draw."""
    answers = ["".join(s["text"] for s in t["answer"] if s["loss"]) for c in conversations for t in c["turns"]]
    words = [w for a in answers for w in a.lower().split()]
    pairs = list(zip(words, words[1:]))
    return {
        "conversations": len(conversations), "answers": len(answers), "distinct_answers": len(set(answers)) / max(1, len(answers)),
        "distinct_2": len(set(pairs)) / max(1, len(pairs)),
        "labels": dict(Counter("none" if not c["image"] and not c["virtual"] else str(c["label"]) for c in conversations)),
        "words_per_answer": sum(len(a.split()) for a in answers) / max(1, len(answers)),
        "with_seg": sum("<seg>" in a for a in answers),
    }


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m looktwice_train.instruct.generate", description=__doc__)
    parser.add_argument("--out", type=Path, help="write JSON lines here")
    parser.add_argument("--n", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--virtual", action="store_true")
    args = parser.parse_args()
    conversations = draw(load_examples(), args.seed, args.n, args.virtual)
    if args.out:
        args.out.write_text("".join(json.dumps(c, ensure_ascii=False) + "\n" for c in conversations))
    print(json.dumps(statistics(conversations), indent=1))


if __name__ == "__main__":
    main()
