"""`plan`: a linear head over what the language model's first layers make of a question that tells what it asks for.

Every question is read by itself, as a message of the user, and its tokens' states behind layers 6 and 12 are averaged (lib/turn/local/plan-head.ts reads the same through `language.states.onnx`). LoRA
reaches none of these layers, so that the head outlives its training. The names are those of instruct/plan.py; the questions those of the conversations and of instruct/asked.py. What decides
about the weight decay and about `least`, the probability below which no plan is told, are questions of templates that are left out. tests/bench/followups.json is only reported.
"""
from __future__ import annotations

import argparse
import json
import random
import re

import torch
from torch import Tensor
from torch.nn import functional as F
from tqdm import tqdm

from ..data.conversations import Encoder
from ..instruct import facts
from ..instruct.asked import ASKED
from ..instruct.dialogue import FIRST_TASKS, FOLLOW_UPS, typed
from ..instruct.findings import random_claim
from ..instruct.grammar import pick
from ..instruct.measure import PLACES
from ..instruct.plan import plan_of
from ..instruct.playbook import ACTION_LABELS, kinds_of
from ..language_base.model import SmolLM2, load_base
from ..language_base.states_graph import LAYERS
from ..paths import CACHE, LOGS, REPO

BATCH, EACH, FOLDS = 32, 24, 5
DECAYS = (1e-4, 1e-3, 1e-2)
THINGS = ("the part", "the image", "it", "the item", "the surface", "this piece", "the board", "the cookie")
FIXTURE = REPO / "tests" / "fixtures" / "plan.json"
"""What the head says of every fourth question of the bench, in float32: the runtime is tested against it."""
BENCH = REPO / "tests" / "bench" / "followups.json"
# The bench's intents and the plans that serve them.
INTENTS: dict[str, tuple[str, ...]] = {
    "cause": ("cause",), "impact": ("impact",), "severity": ("severity",), "ship": ("shipping",), "actions": ("actions",), "containment": ("containment",),
    "corrective": ("correction",), "prevention": ("prevention",), "first step": ("first step",), "cause and actions": ("cause, actions",), "verification": ("verification",),
    "where": ("place",), "how big": ("size",), "how many": ("number",), "appearance": ("look",), "kind": ("kind",), "why a defect": ("reason", "basis"),
    "how sure": ("certainty",), "contradiction": ("doubt", "contradiction"), "artefact": ("artefact",), "report": ("report", "8D report"),
    "elsewhere": ("other places", "another place"), "beyond an image": ("millimetres", "depth", "age", "records", "print", "standards"),
    "other languages": ("language",), "off topic": ("off topic", "editing"),
}


def bare(question: str) -> str:
    return re.sub(r"[^\w ]", "", question.lower()).strip()


def questions(seed: int) -> list[tuple[str, str, int]]:
    """(question, plan, number of its template): each template drawn up to `EACH` times, without those of the bench."""
    measured = {bare(question) for intent in json.loads(BENCH.read_text()) for question in intent["questions"]}
    rng = random.Random(seed)
    templates = [(plan_of(task), template) for tasks in (FIRST_TASKS, FOLLOW_UPS) for task, spec in tasks.items() for template in spec[0]]
    templates += [(plan, template) for plan, many in ASKED.items() for template in many]
    found: dict[str, tuple[str, int]] = {}
    for number, (plan, template) in enumerate(templates):
        for _ in range(EACH):
            claim = random_claim(rng)
            slots = {"it": rng.choice(THINGS), "claim": claim, "claim_a": facts.type_one(claim), "claim_place": rng.choice(rng.choice(PLACES))}
            question = typed(rng, pick(rng, (template,), slots))
            # Asked for one kind of actions: the conversations leave that to the playbook's lookup, the plans tell them apart.
            is_narrow = plan == "actions" and len(kinds_of(question)) < len(ACTION_LABELS)
            if bare(question) not in measured and not is_narrow:
                found.setdefault(question, (plan, number))
    return [(question, *rest) for question, rest in found.items()]


def question_states(model: SmolLM2, encoder: Encoder, asked: list[str]) -> Tensor:
    """-> [n, states], the mean over each question's tokens."""
    before = [encoder.special.im_start, *encoder.text("user\n")]
    rows: list[Tensor | None] = [None] * len(asked)
    order = sorted(range(len(asked)), key=lambda i: len(asked[i]))
    for start in tqdm(range(0, len(order), BATCH), desc="questions", mininterval=10):
        part = order[start : start + BATCH]
        ids = [before + list(encoder.text(asked[i])) for i in part]
        longest = max(map(len, ids))
        states = model.states(model.embed(torch.tensor([row + [0] * (longest - len(row)) for row in ids])), LAYERS)
        for row, i in enumerate(part):
            rows[i] = states[row, len(before) : len(ids[row])].mean(0)
    return torch.stack([row for row in rows if row is not None])


def fit(x: Tensor, y: Tensor, plans: int, decay: float) -> tuple[Tensor, Tensor]:
    """Logistic regression, plans weighed alike -> weights [plans, width], bias [plans] over states as they come."""
    mean, spread = x.mean(0), x.std(0) + 1e-3
    z = (x - mean) / spread
    weight, bias = torch.zeros(plans, x.shape[1], requires_grad=True), torch.zeros(plans, requires_grad=True)
    count = torch.bincount(y, minlength=plans).clamp(min=1).float()
    optimiser = torch.optim.LBFGS([weight, bias], max_iter=60, line_search_fn="strong_wolfe")

    def loss() -> Tensor:
        optimiser.zero_grad()
        value = F.cross_entropy(z @ weight.T + bias, y, weight=count.mean() / count) + decay * weight.square().sum()
        value.backward()
        return value

    optimiser.step(loss)
    weight, bias = weight.detach(), bias.detach()
    return weight / spread, bias - (weight / spread) @ mean


def accuracy(probability: Tensor, wanted: list[set[int]], least: float) -> dict[str, float]:
    """Share that is told (probability from `least` on), and how much of that is right."""
    top, index = probability.max(1)
    told = [i for i in range(len(wanted)) if float(top[i]) >= least]
    right = sum(int(index[i]) in wanted[i] for i in told)
    return {"least": least, "told": round(len(told) / len(wanted), 4), "right": round(right / max(1, len(told)), 4)}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--least", type=float, default=0.5, help="probability below which no plan is told")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--threads", type=int, default=2)


def run(args: argparse.Namespace) -> None:
    torch.set_num_threads(args.threads)
    data = questions(args.seed)
    names = sorted({plan for _, plan, _ in data})
    number = {name: i for i, name in enumerate(names)}
    model = SmolLM2(load_base(CACHE / "base" / "smollm2.npz"))
    encoder = Encoder()
    x = question_states(model.eval(), encoder, [question for question, *_ in data])
    y = torch.tensor([number[plan] for _, plan, _ in data])
    fold = torch.tensor([template % FOLDS for *_, template in data])
    print(f"{len(data)} questions of {len(names)} plans")
    report: dict = {"questions": len(data), "plans": len(names), "left out templates": []}
    best = (-1.0, DECAYS[0])  # rightly less wrongly told, of all
    for decay in DECAYS:
        probability = torch.zeros(len(data), len(names))
        for left in range(FOLDS):
            weight, bias = fit(x[fold != left], y[fold != left], len(names), decay)
            probability[fold == left] = (x[fold == left] @ weight.T + bias).softmax(1)
        found = [accuracy(probability, [{int(i)} for i in y], least) for least in (0, args.least)]
        report["left out templates"].append({"decay": decay, "measured": found})
        told = found[1]
        # A plan that is told wrongly misleads; none leaves the model to its own reading.
        best = max(best, (told["told"] * (2 * told["right"] - 1), decay))
    weight, bias = fit(x, y, len(names), best[1])
    bench = [(question, intent["intent"]) for intent in json.loads(BENCH.read_text()) for question in intent["questions"]]
    probability = (question_states(model, encoder, [question for question, _ in bench]) @ weight.T + bias).softmax(1)
    wanted = [{number[plan] for plan in INTENTS[intent]} for _, intent in bench]
    report |= {"decay": best[1], "bench": [accuracy(probability, wanted, least) for least in (0, args.least)]}
    torch.save({"names": names, "least": args.least, "rows": torch.cat([weight, bias[:, None]], 1)}, CACHE / "checkpoints" / "plan.pt")
    fixture = [[question, names[int(row.argmax())], round(float(row.max()), 4)] for (question, _), row in zip(bench[::4], probability[::4], strict=True)]
    FIXTURE.write_text(json.dumps(fixture, ensure_ascii=False, indent=0) + "\n")
    (LOGS / "plan.json").write_text(json.dumps(report, indent=1) + "\n")
    print(json.dumps(report))
