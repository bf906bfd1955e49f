"""The answer plan: every task has one, each has ways to ask, and none of the bench's questions is trained on."""
import json

from looktwice_train.instruct.asked import ASKED
from looktwice_train.instruct.dialogue import FIRST_TASKS, FOLLOW_UPS
from looktwice_train.instruct.plan import PLANS, plan_of
from looktwice_train.stages.plan import BENCH, INTENTS, bare, questions


def test_every_task_has_a_plan_and_every_plan_is_asked_for():
    assert {plan_of(task) for task in [*FIRST_TASKS, *FOLLOW_UPS]} == set(PLANS.values())
    assert set(ASKED) == set(PLANS.values())


def test_no_question_of_the_bench_is_trained_on():
    bench = {bare(question): intent["intent"] for intent in json.loads(BENCH.read_text()) for question in intent["questions"]}
    assert set(bench.values()) == set(INTENTS)
    for seed in (7, 8, 9):
        assert not {bare(question) for question, *_ in questions(seed)} & set(bench)


def test_questions_are_many_and_of_one_plan_each():
    data = questions(7)
    assert len({question for question, *_ in data}) == len(data) > 4000
    assert {plan for _, plan, _ in data} == set(PLANS.values())
