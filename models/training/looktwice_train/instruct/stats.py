"""How varied and balanced a set of conversations is."""

from __future__ import annotations

from collections import Counter


def answer_text(turn: dict, with_given: bool = False) -> str:
    """The spoken text of an answer; with `with_given` the evidence as well."""
    return "".join(s["text"] for s in turn["answer"] if with_given or s["loss"])


def _distinct(texts: list[str], n: int) -> float:
    grams = [tuple(words[i : i + n]) for words in (t.split() for t in texts) for i in range(len(words) - n + 1)]
    return round(len(set(grams)) / max(1, len(grams)), 4)


def stats(conversations: list[dict]) -> dict:
    """Counts, distinct-n, words per answer (deciles), verdict balance, repeated questions and answers."""
    turns = [t for c in conversations for t in c["turns"]]
    questions = [t["question"][0]["text"] for t in turns]
    answers = [answer_text(t) for t in turns]
    lengths = sorted(len(a.split()) for a in answers)
    firsts = [(c["label"], answer_text(c["turns"][0])) for c in conversations if c["label"] is not None]
    return {
        "conversations": len(conversations),
        "turns": len(turns),
        "virtual": sum(bool(c["virtual"]) for c in conversations),
        "labels": {str(k): v for k, v in Counter(c["label"] for c in conversations).items()},
        "first_yes": sum(a.startswith("Yes") for _, a in firsts),
        "first_no": sum(a.startswith("No") for _, a in firsts),
        "with_seg": sum("<seg>" in a for a in answers),
        "distinct_1": _distinct(answers, 1),
        "distinct_2": _distinct(answers, 2),
        "distinct_3": _distinct(answers, 3),
        "unique_questions": round(len(set(questions)) / max(1, len(questions)), 4),
        "unique_answers": round(len(set(answers)) / max(1, len(answers)), 4),
        "answer_words_deciles": [lengths[min(len(lengths) - 1, len(lengths) * i // 10)] for i in range(11)],
        "tasks": dict(Counter(t["task"] for t in turns).most_common()),
        "datasets": dict(Counter(c["dataset"] for c in conversations).most_common()),
        "buckets": {f"{k[0]}/{k[1]}": v for k, v in sorted(Counter((c["label"], c["bucket"]) for c in conversations if c["label"] is not None).items())},
    }
