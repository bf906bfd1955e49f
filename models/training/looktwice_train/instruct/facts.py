"""Wording the evidence: verdicts before `<seg>`, and sentences about place, extent, number, shape, tone and type after it."""

from __future__ import annotations

import random

from .grammar import choose, expand, pick
from .measure import Measure
from .playbook import types_by_name

_WHERE = {
    "upper left": ("in the upper left", "in the upper left of the {image|picture|frame}", "towards the upper left"),
    "top centre": ("at the top centre", "at the top centre of the {image|picture|frame}"),
    "upper right": ("in the upper right", "in the upper right of the {image|picture|frame}", "towards the upper right"),
    "centre left": ("at the centre left", "at the centre left of the {image|picture|frame}"),
    "centre": ("in the centre", "in the centre of the {image|picture|frame}"),
    "centre right": ("at the centre right", "at the centre right of the {image|picture|frame}"),
    "lower left": ("in the lower left", "in the lower left of the {image|picture|frame}", "towards the lower left"),
    "bottom centre": ("at the bottom centre", "at the bottom centre of the {image|picture|frame}"),
    "lower right": ("in the lower right", "in the lower right of the {image|picture|frame}", "towards the lower right"),
}
NOUNS = "{an anomaly|an anomaly|a defect|a defect|an irregularity|something abnormal|a flaw|a visible anomaly|a suspicious area|an abnormal area|damage|a deviation}"
# A scan of a patient has no defects: only a physician may say more than "suspicious".
SCAN_NOUNS = "{a suspicious area|a suspicious area|an abnormal-looking area|an area that stands out}"
NONE_NOUNS = "{anomaly|anomaly|defect|irregularity|flaw|deviation|visible defect}"
SCAN_NONE_NOUNS = "{suspicious area|anomaly|area that stands out}"

YES = (
    "Yes, there is $noun $on.",
    "Yes, there is $noun.",
    "Yes, I {see|can see|find|notice|detect|have found|spot} $noun $on.",
    "Yes, I {see|can see|find|notice|detect} $noun.",
    "Yes{.|:|,} {$the_it shows|the image shows|my inspection shows|a closer look shows} $noun.",
    "Yes, {something is wrong with $the_it|$the_it is not flawless|$the_it is not in order|$the_it looks abnormal|$the_it deviates from normal}.",
    "Yes{, it looks anomalous|, this one is suspicious|, it should be flagged|, clearly|}.",
    "Yes, {a place|part of it|an area} {looks wrong|does not look normal|stands out}.",
)
OPEN = (
    "There is $noun $on.",
    "There is $noun.",
    "I {see|find|notice|detect|can see|have found} $noun $on.",
    "I {see|find|notice|detect} $noun.",
    "{The image|This image|My inspection|A closer look|The second look} {shows|reveals} $noun{| $on}.",
    "{$the_it does not look right|$the_it is not in order|$the_it shows a deviation|Not everything is fine here}.",
    "{I have marked|I marked} $noun $on.",
)
NOT_FINE = (
    "{It does not look fine|It is not in order|I would not pass it|It fails the visual check|Not OK}: {there is|I see} $noun $on.",
    "I would not accept it as it is, since there is $noun $on.",
    "$the_it shows $noun, so it is not free of defects.",
)
MARKED = (
    "{Here is the mask|Here is the segmentation|I have marked it|This is the marked area|Done, the area is outlined|The mask is attached}.",
    "{I have outlined it again|Here it is, segmented|The anomaly is highlighted now|Marked as you asked}.",
)
DIFFERS = (
    "Compared with the {$k normal references|$k normal reference images|references}, {there is a deviation|it differs|I see a deviation|$the_it does not match}.",
    "It {differs from|does not match} the $refs.",
)

NO = (
    "No, I {see|find|detect|notice|can find} no $none $on.",
    "No, {$the_it looks normal|$the_it looks fine|everything looks normal|nothing abnormal is visible|nothing stands out}.",
    "No, {there is no $none $on|$the_it shows no $none|no $none can be seen}.",
    "No{.|,} {the image shows no $none|I looked twice and found nothing|my inspection found nothing unusual}.",
    "No{, none that I can see|, nothing that I can see|, as far as I can see}.",
    "No, {this one looks good|I would not flag it|it appears to be in order|it seems to be in order}.",
)
CLEAN = (
    "I {see|find|detect|notice} no $none $on.",
    "{$the_it looks normal|$the_it looks fine|$the_it appears to be in order|Everything looks normal here}.",
    "There is no $none $on.",
    "Nothing {abnormal|unusual|suspicious} {is visible|can be seen|stands out} $on.",
    "{The image|This image|My inspection|A second look} {shows|reveals} no $none.",
)
FINE = (
    "{It looks fine|It looks good|It passes the visual check|It appears to be in order|OK}: I {see|find} no $none $on.",
    "{Good|Pass|Normal}. I {see|find} no $none $on.",
    "As far as the image shows, $the_it is in order.",
)
MATCHES = (
    "It matches the $refs: I see no $none.",
    "Compared with the $refs, {nothing deviates|I find no deviation|$the_it looks normal}.",
)
CLEAN_MORE = (
    "The {surface|texture|structure} {is|looks} {even|regular|uniform}{| throughout| across the image}.",
    "{Texture, colour and outline|Colour and structure|Shape and surface|Contour and texture} {are as expected|look consistent|are regular|show no break}.",
    "{Nothing|No area} {differs|stands out} from its surroundings.",
    "{What I see is within normal variation|The small variations look natural|Any slight variation seems normal}.",
    "{Fine flaws below the resolution of the image cannot be excluded|Very fine or hidden flaws would need another test|This holds for what the image shows}.",
    "{If you expected a defect, a closer or better lit image would help|A second view under other light could confirm it|If in doubt, send me another view}.",
)


def type_one(defect: str) -> str:
    return types_by_name()[defect]["one"]


def short_name(defect: str) -> str:
    """Noun without article for `this ...`: `scratch`, `anomaly`."""
    return "anomaly" if defect == "unknown" else defect


class Facts:
    """Sentences about one measured anomaly. Every number and place is copied from the evidence."""

    def __init__(self, rng: random.Random, measure: Measure, defect: str, material: str) -> None:
        self.rng, self.measure, self.defect, self.material = rng, measure, defect, material
        largest = measure.regions[0]
        self.slots = {
            "n": str(measure.count),
            "extent": largest.extent,
            "w": str(largest.bbox[2]),
            "h": str(largest.bbox[3]),
            "shape": largest.shape,
            "kind": "an anomaly" if defect == "unknown" else type_one(defect),
            "thing": short_name(defect),
        }

    def _say(self, *templates: str) -> str:
        slots = {**self.slots, "where": self.where(), "tone": self.tone()}
        return pick(self.rng, templates, slots)

    @property
    def single(self) -> bool:
        return self.measure.count == 1

    def where(self, index: int = 0) -> str:
        return choose(self.rng, self.rng.choice(_WHERE[self.measure.regions[index].place]))

    def tone(self) -> str:
        tone = self.measure.tone or "similar"
        if tone == "similar":
            return choose(self.rng, "similar in brightness to {its surroundings|the surface around it}")
        return choose(self.rng, f"{tone} than {{its surroundings|the area around it|the surface around it}}")

    def kind(self) -> str:
        """A sentence naming the type, or saying that it cannot be named."""
        if self.defect == "unknown":
            return self._say(
                "It is an anomaly of a kind I cannot name.",
                "{I cannot name its type|I cannot say what kind it is|Its type is not clear to me|What kind it is, I cannot tell}.",
                "It does not match a defect type that I know.",
            )
        return self._say(
            "It {looks like|seems to be|appears to be|is most likely|is probably} $kind.",
            "{Its look suggests|The appearance points to|This suggests|The pattern fits|I read it as|I would call it} $kind.",
            "{Type: most likely|The likely type is|My best match is} $kind.",
        )

    def place(self) -> str:
        if self.single:
            return self._say(
                "{It|The marked region|The affected area|The anomaly} {is|lies|sits|is located} $where.",
                "{You find it|Look for it|I see it} $where.",
            )
        largest = self._say("{The largest region|The largest of the $n regions|The largest one} {is|lies|sits} $where.")
        return f"{largest} {self._others()}".strip()

    def _others(self) -> str:
        if self.measure.count == 2:
            return expand(self.rng, f"{{The other one|The other region|The other}} {{is|lies}} {self.where(1)}.")
        if self.measure.count == 3:
            second, third = self.where(1), self.where(2)
            if second == third or self.measure.regions[1].place == self.measure.regions[2].place:
                return expand(self.rng, f"{{The others are|The others both lie}} {second}.")
            return expand(self.rng, f"{{The others are|The others lie|The other ones are}} {second} and {third}.")
        return ""

    def extent(self) -> str:
        if self.single:
            return self._say(
                "It covers {|about }$extent % of the image{|, $w x $h px|, with a bounding box of $w x $h px}.",
                "{Its extent is|It takes up|It occupies|It makes up} {|about }$extent % of the image.",
                "It measures $w x $h px, which is a box around $extent % of the image area.",
                "The {marked|affected} area {is|amounts to} $extent % of the image and spans $w x $h px.",
            )
        return self._say(
            "The largest {region |one |}{covers|takes up|occupies} {|about }$extent % of the image{|, $w x $h px|, with a box of $w x $h px}.",
            "The largest of them makes up $extent % of the image.",
            "{The biggest region|The largest one} measures $w x $h px and covers $extent % of the image.",
        )

    def number(self) -> str:
        if self.single:
            return self._say(
                "{It is one region|It is a single region|One region is marked|I count one region|I find one region|There is one region}.",
                "{Only one region is marked|I marked one region|It is a single connected region}.",
            )
        return self._say(
            "{I count|I find|I see|I marked|There are} $n {regions|separate regions|regions|marked regions}.",
            "{It consists of|It is made up of} $n {separate |}regions.",
            "$n regions are {marked|affected}.",
        )

    def look(self) -> str:
        subject = "{It|The region|The marked area|The area}" if self.single else "The largest {region|one}"
        return self._say(
            f"{subject} is $shape and $tone.",
            f"{subject} {{has {self._shape_noun()}|looks $shape}} and is $tone.",
        )

    def _shape_noun(self) -> str:
        return {"elongated": "an elongated shape", "compact": "a compact shape", "irregular": "an irregular outline"}[self.slots["shape"]]

    def combined(self) -> str:
        """Place, extent (and number) in one or two sentences."""
        if self.single:
            return self._say(
                "{It|The region|The affected area} {lies|sits|is} $where and covers {|about }$extent % of the image.",
                "One region $where is {marked|affected}; it covers $extent % of the image.",
                "It is {one|a single} $shape region $where, {covering|taking up} $extent % of the image.",
                "The {marked|affected} region $where measures $w x $h px ($extent % of the image).",
                "$where there is one $shape region, $w x $h px, or $extent % of the image.",
                "It covers $extent % of the image, as one region $where.",
            )
        return self._say(
            "{I count|There are|I find|I marked} $n regions; the largest {lies|sits|is} $where and covers $extent % of the image.",
            "$n regions are marked. The largest, {$where|$w x $h px}, covers $extent % of the image.",
            "It {shows up|appears} in $n regions, the largest one $where with $extent % of the image.",
            "The largest of $n regions {lies|sits} $where, {measures $w x $h px and |}covers $extent % of the image.",
        )

    def full(self) -> str:
        """Kind plus combined plus sometimes the look or the others, in varied order."""
        rng = self.rng
        if self.defect != "unknown" and self.single and rng.random() < 0.3:
            line = self._say(
                "It looks like $kind $where, $shape and $tone.",
                "{What I see is|This is} most likely $kind $where; it covers $extent % of the image.",
                "$kind seems to run or sit $where, over $extent % of the image.",
            ) if rng.random() < 0.75 else self._say("It {appears to be|seems to be} $kind, $where, $w x $h px in size ($extent % of the image).")
            return line
        parts = [self.kind(), self.combined()]
        if rng.random() < 0.35:
            parts.reverse()
        if rng.random() < 0.4:
            parts.append(self.look())
        elif 2 <= self.measure.count <= 3 and rng.random() < 0.5:
            parts.append(self._others())
        return " ".join(parts)

    def bullets(self) -> str:
        """A report as markdown bullets."""
        largest = self.measure.regions[0]
        kind = "not identified" if self.defect == "unknown" else self.defect
        prefix = "" if self.single else "largest "
        region = "one region" if self.single else f"{self.measure.count} regions"
        lines = [
            f"{pick(self.rng, ['Finding', 'Type', 'Defect type'])}: {kind}",
            f"{pick(self.rng, ['Number', 'Count', 'Regions'])}: {region}",
            f"{pick(self.rng, ['Place', 'Location', 'Position'])}: {prefix}{'' if self.single else 'region '}{largest.place}",
            f"{pick(self.rng, ['Extent', 'Area', 'Size'])}: {largest.extent} % of the image, {largest.bbox[2]} x {largest.bbox[3]} px",
            f"{pick(self.rng, ['Appearance', 'Look'])}: {largest.shape}, {self.tone()}",
        ]
        if self.material != "unknown":
            lines.append(f"Material: {self.material}")
        keep = lines[:4] + (lines[4:] if self.rng.random() < 0.6 else [])
        return "\n".join(f"- {line}" for line in keep)
