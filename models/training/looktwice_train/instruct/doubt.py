"""Words for images that cannot be judged: the score lies between the two bounds (docs/decisions/verdicts.md).

The answer begins with neither yes nor no, marks what deviates most, says what would settle it, and never lets a part pass.
"""

from __future__ import annotations

UNSURE = (
    "I cannot tell {from this picture alone|for certain|with confidence} {whether $the_it is defective|whether there is $noun $on|if this is a defect}; {a place deserves a look|I marked what deviates most|this is what stands out}.",
    "I am not sure: {something stands out $on|an area deviates a little|there may be $noun $on}, {but it may be normal|but I cannot exclude that it is normal}.",
    "I cannot say {for certain|with confidence}: {a place stands out|an area deviates} {a little|somewhat|faintly}, {and whether it is a defect stays open|which may or may not be a defect}.",
    "{This is a doubtful case|A close call}, and I cannot tell which way it goes. {Here is what deviates most|I marked the most suspicious place}.",
    "I am not sure {whether $the_it is in order|about this one}. {The place that stands out most is marked|I marked where it deviates most}.",
    "I cannot decide {that from the image alone|from one image}: {a suspicious place is marked|the marked place deviates, though not clearly}.",
)
SETTLE = (
    "{A good part to compare with|One good part of the same view|A picture of a good part} would settle it.",
    "{Show me one good part|Give me a good part to compare with}, {and I can say more|and I will look again}.",
    "{Please check the marked place by eye|A person should look at the marked place}, {or show me a good part|or attach a good part}.",
    "{A closer picture in other light|A sharper picture of that place} or a good part to compare with would help.",
)
IF_REAL = (
    "{If it is a defect|If it turns out to be a defect|Should it be a defect|If it proves real}:",
)
SURE = (
    "{No, not sure at all|I am not sure|Not very}: {the score lies between the bounds|the case is close}. {A good part to compare with would settle it|Show me a good part and I will look again}.",
    "I cannot tell with confidence. {The marked place deviates a little, no more|It stands out, though not clearly}. {Please check it by eye|A good part would help most}.",
)
DOUBT = (
    "{You may be right|That may be}: {I am not sure of it myself|the case is close}. {A good part to compare with would tell|Show me a good part and I can say more}.",
    "{I cannot tell|I cannot say for certain}, {so your eye counts more than mine|so a person should decide}. {The marked place is what deviates most|Look at the marked place}.",
)
SHIP = (
    "I cannot {decide|tell} that from this picture. {Hold it until someone has looked at the marked place|Keep it back until it has been checked|Better hold it until it is clear}.",
    "{Hold it for now|Keep it back for the moment}: I am not sure whether it is a defect. {A good part to compare with would settle it|Have a person check the marked place}.",
)
SEVERITY = (
    "I cannot {rate|judge} it before it is clear that it is a defect. {Have it checked first|A good part to compare with comes first}.",
)
REPORT_LINE = "Verdict: unsure, to be checked by a person"
