"""The knowledge base: YAML in `lib/knowledge` compiled to the bundle's `playbook.json`, with retrieval for prompts.

The TypeScript twin is `lib/knowledge/{find,prompt}.ts`; both must choose the same entry and build the same text.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import yaml

KNOWLEDGE_DIR = Path(__file__).resolve().parents[4] / "lib" / "knowledge"
SEVERITIES = ("minor", "moderate", "severe")
TOPICS = ("impact", "cause", "actions", "general")
ACTION_LABELS = {"containment": "contain", "corrective": "correct", "preventive": "prevent"}
PROMPT_WORDS = 58  # about 90 SmolLM2 tokens: measured in the tests


def compile_playbook(folder: Path = KNOWLEDGE_DIR) -> dict:
    """Read vocabulary.yaml and every other *.yaml of `folder` (sorted by name) into one JSON-serialisable dict."""
    vocabulary = yaml.safe_load((folder / "vocabulary.yaml").read_text(encoding="utf-8"))
    entries: list[dict] = []
    for path in sorted(folder.glob("*.yaml")):
        if path.name != "vocabulary.yaml":
            entries.extend(yaml.safe_load(path.read_text(encoding="utf-8")))
    return {"version": 1, "types": vocabulary["types"], "materials": vocabulary["materials"], "entries": entries}


@lru_cache(maxsize=1)
def playbook() -> dict:
    """The compiled playbook of this checkout."""
    return compile_playbook()


@lru_cache(maxsize=1)
def types_by_name() -> dict[str, dict]:
    return {t["name"]: t for t in playbook()["types"]}


@lru_cache(maxsize=4096)
def _word_pattern(word: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![a-z0-9]){re.escape(word)}(?:s|es)?(?![a-z0-9])")


def _has_word(text: str, word: str) -> bool:
    return word in text and _word_pattern(word).search(text) is not None


def _longest_named(text: str, named: list[tuple[str, str]]) -> str | None:
    """Name whose word occurs in `text`; the longest word wins, then the earliest in the list."""
    best: tuple[int, str] | None = None
    for word, name in named:
        if (best is None or len(word) > best[0]) and _has_word(text, word):
            best = (len(word), name)
    return best[1] if best else None


def canonical_type(word: str) -> str:
    """Vocabulary type for a data set's or a user's word, `unknown` when there is none."""
    text = word.lower().replace("_", " ").strip()
    pairs = [(w.replace("_", " "), t["name"]) for t in playbook()["types"] for w in [t["name"], *t["aliases"]]]
    return _longest_named(text, pairs) or "unknown"


def material_of(text: str) -> str:
    """Material family named or given away in `text` (an object name or a question), `unknown` when none."""
    pairs = [(w, m["name"]) for m in playbook()["materials"] for w in m["objects"]]
    return _longest_named(text.lower(), pairs) or "unknown"


@lru_cache(maxsize=256)
def _families_of(defect: str) -> frozenset[str]:
    """Materials of the entries of a type: a type of one family only (knot: wood) gives its material away."""
    return frozenset(m for e in playbook()["entries"] if e["defect"] == defect for m in e["materials"])


def score_entry(entry: dict, defect: str, material: str, text: str) -> int:
    """Relevance of an entry, higher is better. See `scoreEntry` in lib/knowledge/find.ts for the reasons of the weights."""
    same_type = entry["defect"] == defect
    same_material = material in entry["materials"]
    generic = "unknown" in entry["materials"]
    fallback = entry["defect"] == "unknown"
    score = 0
    if same_type and same_material:
        score = 100
    elif same_type and generic:
        score = 80 if material == "unknown" or defect != "unknown" else 20
    elif fallback and same_material:
        score = 60
    elif same_type and defect != "unknown":
        score = 70 if material == "unknown" and len(_families_of(defect)) == 1 else 10
    elif fallback and generic:
        score = 20
    words = [entry["defect"], *entry["aliases"]]
    hits = sum(1 for w in words if w != "unknown" and _has_word(text.lower(), w.lower()))
    return score + min(hits, 3) * 3


def find_entries(defect: str, material: str, text: str = "", limit: int = 3) -> list[dict]:
    """Best playbook entries, deterministic: by score, then by order in the playbook. Never empty."""
    scored = [(-score_entry(e, defect, material, text), i) for i, e in enumerate(playbook()["entries"])]
    return [playbook()["entries"][i] for _, i in sorted(scored)[:limit]]


_TOPIC_PATTERNS = (
    ("actions", r"actions?|fix|repair|correct|corrective|contain|containment|prevent\w*|corrections?|remed(?:y|ies)"
     r"|should (?:we|i) do|(?:can|do) (?:we|i) do|next steps?|recommend\w*|suggest\w*|rework|countermeasures?|8d|avoid\w*"
     r"|advi[cs]e|measures? (?:to|against)|handle (?:it|this|that)|deal with|solve|solution|get rid of|stop (?:it|this)|improve|to-do"),
    ("cause", r"causes?|caused|why|root cause|reasons?|come from|comes from|came from|origin|how did|how could|how this could|leads? to|led to|due to"
     r"|trigger\w*|source of|explanation for|go wrong|went wrong"),
    ("impact", r"impact|consequences?|effects?|ship|shipped|shipping|deliver|risks?|dangerous|safe|safety|serious|severe|severity|critical|bad"
     r"|matter|harm|harms|harmed|harmful|hurt|injur\w*|affects?|dangers?|recall|usable|urgent|what if|what happens|happens if|functional|accept|acceptable|release|scrap|customer|customers|worry|worried"),
    ("general", r"what is an?|what are|explain|tell me about|further (?:inspection|inspect|tests?|testing|checks?)"
     r"|(?:inspect|examine|check|test) (?:it|this|the \w+|them) (?:further|more closely|in more detail|in depth)|verify|confirm|which (?:tests?|methods?)|how (?:do|can|should|would) (?:we|i|you) (?:inspect|check|measure|detect|find|recognise|recognize|test)"),
)
_TOPICS_RE = [(topic, re.compile(rf"\b(?:{pattern})\b")) for topic, pattern in _TOPIC_PATTERNS]


# "Why is that a defect?" asks about the judgement, which the playbook does not know.
_JUDGEMENT_RE = re.compile(
    r"\bwhy (?:do|did|would|have) you\b(?: \w+)?|\bwhy (?:is|was|are|isn't|is not) (?:it|this|that|they|the \w+)(?: \w+){0,3}?"
    r" (?:defects?|anomal\w+|abnormal|flaws?|faults?|normal|marked|flagged|suspicious|defective)\b"
)
_EIGHT_D_RE = re.compile(r"\b8d (?:report|form)\b")


def topic_of(question: str) -> str | None:
    """Topic of a question that needs the playbook, or None. Earlier topics win when several fit."""
    lowered = _JUDGEMENT_RE.sub(" ", question.lower())
    return next((topic for topic, pattern in _TOPICS_RE if pattern.search(lowered)), None)


_CLAUSE_RE = re.compile(r"[?!.,;:]|\b(?:and|or|then)\b")


def topics_of(question: str) -> list[str]:
    """Topics that a question asks for, at most two: `What caused it, and how do we fix it?` needs both entries.

    An 8D report needs causes and actions. A question counts as double when its clauses have different topics; else the topic is that of the whole.
    """
    if _EIGHT_D_RE.search(question.lower()):
        return ["cause", "actions"]
    asked = dict.fromkeys(topic for clause in _CLAUSE_RE.split(question.lower()) if (topic := topic_of(clause)))
    if len(asked) > 1:
        return list(asked)[:2]
    whole = topic_of(question)
    return [] if whole is None else [whole]


_KINDS_RE = [
    (kind, re.compile(rf"\b(?:{pattern})\b"))
    for kind, pattern in (
        ("containment", r"contain\w*|first|begin|start with|most (?:urgent|important)|priority|one thing|one action|at once|right now|immediate\w*|for the moment"
         r"|other parts|rest of the (?:lot|batch)|already made|stock"),
        ("corrective", r"fix|repair|correct|corrections?|(?:only|just)(?: the)? corrective"),
        ("preventive", r"prevent\w*|avoid\w*|next time|comes? back|long run|in future|from now on"),
    )
]


def kinds_of(question: str) -> list[str]:
    """Kinds of actions that a question asks for: those that it names, else all.

    `Corrective actions` is what people call all of them, unless another kind is named beside.
    """
    lowered = question.lower()
    named = {kind for kind, pattern in _KINDS_RE if pattern.search(lowered)}
    if named and "corrective" in lowered:
        named.add("corrective")
    return [kind for kind in ACTION_LABELS if kind in named or not named]


def material_label(name: str) -> str:
    return next((m["label"] for m in playbook()["materials"] if m["name"] == name), "part")


def entry_subject(entry: dict) -> str:
    """What an entry is about, e.g. `crack in ceramic`, `anomaly in glass`, `scratch on a part`."""
    defect = "anomaly" if entry["defect"] == "unknown" else entry["defect"]
    material = material_label(entry["materials"][0])
    return f"{defect} on a part" if material == "part" else f"{defect} in {material}"


def _fit(head: str, pieces: list[str]) -> str:
    """`head` plus as many pieces as stay within PROMPT_WORDS words (the first one always)."""
    text = head
    for i, piece in enumerate(pieces):
        longer = f"{text} {piece}"
        if i and len(longer.split()) > PROMPT_WORDS:
            break
        text = longer
    return text


def entry_for_prompt(entry: dict, topic: str, severity: str, kinds: Sequence[str] = tuple(ACTION_LABELS)) -> str:
    """One compact line for `[playbook: ...]`, at most 90 SmolLM2 tokens; of the actions only those of `kinds`.

    `topic` in TOPICS, `severity` in SEVERITIES; raises ValueError on anything else.
    """
    if topic not in TOPICS or severity not in SEVERITIES:
        raise ValueError(f"unknown topic {topic!r} or severity {severity!r}")
    subject = entry_subject(entry)
    if topic == "impact":
        return _fit(f"{subject}, {severity}:", [entry["impacts"][severity], f"Check: {entry['inspection'][0]}."])
    if topic == "cause":
        return f"{subject}, causes: {'; '.join(entry['causes'])}."
    if topic == "general":
        return _fit(f"{subject}:", [entry["description"], f"Check: {entry['inspection'][0]}."])
    return _actions_text(entry, chosen_actions(entry, kinds))


def chosen_actions(entry: dict, kinds: Sequence[str] = tuple(ACTION_LABELS)) -> dict[str, list[str]]:
    """The actions that fit the prompt: one of each of `kinds`, then second ones in order while PROMPT_WORDS allows."""
    chosen = {kind: entry[kind][:1] for kind in kinds}
    for kind in kinds:
        trial = {**chosen, kind: entry[kind][:2]}
        if len(_actions_text(entry, trial).split()) <= PROMPT_WORDS:
            chosen = trial
    return chosen


def _actions_text(entry: dict, chosen: dict[str, list[str]]) -> str:
    parts = [f"{ACTION_LABELS[kind]}: {'; '.join(items)}." for kind, items in chosen.items()]
    return f"{entry_subject(entry)}, actions: {' '.join(parts)}"


def write_playbook(target: Path) -> int:
    """Write the compiled playbook (always the same bytes for the same YAML); returns the number of entries."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(compile_playbook(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return len(playbook()["entries"])


def seal(target: Path) -> bool:
    """Enter the playbook's new checksum and size into the manifest.json beside it, if there is one that lists it."""
    manifest_path = target.parent / "manifest.json"
    if not manifest_path.is_file():
        return False
    manifest = json.loads(manifest_path.read_text(encoding="utf-8"))
    entry = manifest.get("files", {}).get(target.name)
    if entry is None:
        return False
    content = target.read_bytes()
    entry.update(sha256=hashlib.sha256(content).hexdigest(), bytes=len(content))
    manifest_path.write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return True


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="looktwice_train.instruct.playbook", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="where to write playbook.json")
    args = parser.parse_args(argv)
    count = write_playbook(args.out)
    print(f"{args.out}: {count} entries{', manifest updated' if seal(args.out) else ''}")


if __name__ == "__main__":
    main()
