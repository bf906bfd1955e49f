"""The answer plan: every task has one, each has ways to ask, and none of the bench's questions is trained on."""
import json

import torch

from looktwice_train.instruct.asked import ASKED
from looktwice_train.instruct.dialogue import FIRST_TASKS, FOLLOW_UPS
from looktwice_train.instruct.plan import PLANS, RESTATED, plan_of
from looktwice_train.language_base.gguf import LlamaConfig
from looktwice_train.language_base.model import SmolLM2
from looktwice_train.paths import BUNDLE
from looktwice_train.stages.plan import BENCH, INTENTS, bare, questions


def test_every_task_has_a_plan_and_every_plan_is_asked_for():
    assert {plan_of(task) for task in [*FIRST_TASKS, *FOLLOW_UPS]} == set(PLANS.values())
    assert set(ASKED) == set(PLANS.values())


def test_no_question_of_the_bench_is_trained_on():
    bench = {bare(question): intent["intent"] for intent in json.loads(BENCH.read_text()) for question in intent["questions"]}
    assert set(bench.values()) == set(INTENTS)
    for seed in (7, 8, 9):
        assert not {bare(question) for question, *_ in questions(seed)} & set(bench)


def test_the_words_for_plans_are_those_of_the_bundle_and_of_known_plans():
    assert set(RESTATED) <= set(PLANS.values())
    assert json.loads((BUNDLE / "manifest.json").read_text())["language"]["plan"]["restated"] == RESTATED


def test_questions_are_many_and_of_one_plan_each():
    data = questions(7)
    assert len({question for question, *_ in data}) == len(data) > 4000
    assert {plan for _, plan, _ in data} == set(PLANS.values())


def test_states_are_those_of_the_decoder_and_do_not_see_what_follows():
    torch.manual_seed(0)
    config = LlamaConfig(layers=4)
    weights = {"embed": torch.randn(config.vocab, config.width) * 0.02, "norm": torch.ones(config.width)}
    sizes = {"qkv": (config.q_width + 2 * config.kv_width, config.width), "o": (config.width, config.q_width), "gate_up": (2 * config.mlp_width, config.width), "down": (config.width, config.mlp_width)}
    for i in range(config.layers):
        weights |= {f"{i}.attn_norm": torch.ones(config.width), f"{i}.mlp_norm": torch.ones(config.width)}
        weights |= {f"{i}.{name}": torch.randn(*size) * 0.05 for name, size in sizes.items()}
    model = SmolLM2(weights, config).eval()
    embeds = model.embed(torch.tensor([[5, 9, 4, 7]]))
    states = model.states(embeds, (2, 4))
    assert states.shape == (1, 4, 2 * config.width)
    # Behind all layers only the last norm is missing.
    normed = states[..., config.width :] * torch.rsqrt(states[..., config.width :].pow(2).mean(-1, keepdim=True) + config.norm_eps)
    assert torch.allclose(normed, model(embeds)[0], atol=1e-4)
    assert torch.allclose(states[:, :2], model.states(embeds[:, :2], (2, 4)), atol=1e-3)
