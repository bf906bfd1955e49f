"""The state of one conversation: what is known about the image, how it is called, and the tools that word it."""

from __future__ import annotations

import random
from dataclasses import dataclass

from .advice import Advice
from .examples import Example, random_type
from .facts import Facts, short_name
from .measure import evidence_text, severity_of
from .playbook import entry_for_prompt, find_entries, kinds_of, material_of, types_by_name

BUCKETS = ("slightly", "moderately", "highly")
_BUCKET_ODDS = {1: (5, 17, 78), 0: (78, 17, 5)}
_STAND_INS = ("the part", "this part", "the part", "the surface", "this piece", "the item", "this sample", "the product", "this image", "the image", "the object", "the object in the image")


def draw_bucket(rng: random.Random, label: int) -> str:
    """Suspicion bucket with the noise of a real score: the label still decides the answer."""
    return rng.choices(BUCKETS, weights=_BUCKET_ODDS[label])[0]


@dataclass
class Names:
    """`it` in questions, `the_it` and `on` in answers."""

    it: str
    the_it: str
    on: str


def draw_names(rng: random.Random, example: Example, hinted: bool) -> tuple[Names, bool]:
    """How user and answer call the thing, and whether the object is known (hinted or named by the user)."""
    named = example.object is not None and rng.random() < 0.45
    name = (example.object or "").removeprefix("everyday ")
    if named:
        it = f"{'the' if rng.random() < 0.55 else 'this'} {name}"
    else:
        it = rng.choice(_STAND_INS)
    known = named or (hinted and example.object is not None)
    speaks = known and (rng.random() < 0.75 or example.material == "medical scan")
    the_it = f"the {name}" if speaks else rng.choice(("the part", "the part", "the surface") if not known else ("the part", "this one"))
    if not speaks and (known or rng.random() < 0.4):
        return Names(it, the_it, "in the image"), known
    pictured = any(word in the_it for word in ("scan", "photo", "X-ray", "MRI"))
    return Names(it, the_it, f"{'in' if pictured else 'on'} {the_it}"), known


class Finding:
    """Everything that answers on an anomalous image draw from: evidence, facts, advice."""

    def __init__(self, rng: random.Random, example: Example, known: bool, question_text: str) -> None:
        measure = example.load()
        if measure is None or not measure.regions:
            raise ValueError("an anomalous example needs a mask measure")
        self.rng, self.measure = rng, measure
        noise = rng.random()
        self.defect = example.defect
        if noise < 0.06:
            self.defect = random_type(rng, example.material)
        elif noise < 0.14:
            self.defect = "unknown"
        from_text = material_of(question_text)
        shown = known or rng.random() < 0.3
        self.material = example.material if shown else from_text
        self.severity = severity_of(measure.extent_percent, measure.count, self.defect)
        self.evidence = evidence_text(measure, self.defect, self.material)
        self.facts = Facts(rng, measure, self.defect, self.material)

    def entry(self, question: str) -> dict:
        return find_entries(self.defect, self.material, question, limit=1)[0]

    def splice(self, question: str, topics: list[str]) -> str:
        entry, kinds = self.entry(question), kinds_of(question)
        return "".join(f" [playbook: {entry_for_prompt(entry, topic, self.severity, kinds)}]" for topic in topics)

    def advice(self, question: str) -> Advice:
        return Advice(self.rng, self.entry(question), self.severity, short_name(self.defect), kinds_of(question))


def random_claim(rng: random.Random) -> str:
    """A defect type that a user may presume (never `unknown`), countable so that `the scratch` reads well."""
    countable = [n for n, t in types_by_name().items() if n != "unknown" and t["many"]]
    return rng.choice(countable)
