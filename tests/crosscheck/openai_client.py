"""OpenAI's own client against a running server. stdin: {"url", "team", "picture"} (two servers, base64 of a JPEG); stdout: what it saw, as JSON.

Answers are validated strictly: a field that has another type than OpenAI's API promises raises APIResponseValidationError.
"""
import json
import sys

import openai
from openai import OpenAI
from pydantic import BaseModel

asked = json.load(sys.stdin)
client = OpenAI(base_url=f"{asked['url']}/v1", api_key="none", max_retries=0, timeout=300, _strict_response_validation=True)
data_uri = f"data:image/jpeg;base64,{asked['picture']}"
picture = {"type": "image_url", "image_url": {"url": data_uri}}


class Verdict(BaseModel):
    verdict: str
    probability: float | None


def question(text):
    return {"role": "user", "content": [picture, {"type": "text", "text": text}]}


def chat(**fields):
    return client.chat.completions.create(**{"model": "looktwice", "temperature": 0, "messages": [question("Is there any anomaly?")], **fields})


def usage_of(usage):
    return {"prompt": usage.prompt_tokens, "completion": usage.completion_tokens, "total": usage.total_tokens}


def models():
    return {"ids": [model.id for model in client.models.list()], "one": client.models.retrieve("looktwice").object}


def whole():
    answer = chat()
    choice = answer.choices[0]
    looktwice = answer.model_extra["looktwice"]
    return {
        "text": choice.message.content,
        "finish": choice.finish_reason,
        "usage": usage_of(answer.usage),
        "verdict": looktwice["inspections"][0]["verdict"],
        "findings": len(looktwice["findings"]),
        "masks": len(looktwice["masks"]),
    }


def streamed():
    text, usage, finish, chunks = "", None, None, 0
    for chunk in chat(stream=True, stream_options={"include_usage": True}):
        chunks += 1
        for choice in chunk.choices:
            text += choice.delta.content or ""
            finish = choice.finish_reason or finish
        usage = chunk.usage or usage
    return {"text": text, "finish": finish, "usage": usage_of(usage), "chunks": chunks}


def helper():
    """The client's own accumulation of a stream, by events."""
    kinds = []
    with client.chat.completions.stream(model="looktwice", temperature=0, messages=[question("Is there any anomaly?")]) as stream:
        for event in stream:
            kinds.append(event.type)
        final = stream.get_final_completion()
    return {"text": final.choices[0].message.content, "kinds": sorted(set(kinds))}


def turns():
    first = chat()
    said = {"role": "assistant", "content": first.choices[0].message.content}
    then = {"role": "user", "content": "What should we do about it?"}
    second = chat(messages=[question("Is there any anomaly?"), said, then])
    return {"text": second.choices[0].message.content, "cached": second.usage.prompt_tokens_details.cached_tokens}


def limits():
    full = chat(messages=[question("Write a short inspection report.")]).choices[0].message.content
    word = full.split()[3]
    short = chat(messages=[question("Write a short inspection report.")], max_completion_tokens=5)
    ended = chat(messages=[question("Write a short inspection report.")], stop=[word])
    return {
        "full": full,
        "word": word,
        "short": {"finish": short.choices[0].finish_reason, "tokens": short.usage.completion_tokens},
        "ended": {"finish": ended.choices[0].finish_reason, "text": ended.choices[0].message.content},
    }


def as_json():
    free = chat(response_format={"type": "json_object"}).choices[0].message.content
    parsed = client.chat.completions.parse(
        model="looktwice", temperature=0, messages=[question("Is there any anomaly?")], response_format=Verdict
    )
    return {"free": json.loads(free), "parsed": parsed.choices[0].message.parsed.model_dump()}


def responses():
    content = [{"type": "input_image", "image_url": data_uri, "detail": "auto"}, {"type": "input_text", "text": "Is there any anomaly?"}]
    fields = {"model": "looktwice", "temperature": 0, "input": [{"role": "user", "content": content}]}
    answer = client.responses.create(**fields)
    kinds, text = [], ""
    with client.responses.stream(**fields) as stream:
        for event in stream:
            kinds.append(event.type)
            text += event.delta if event.type == "response.output_text.delta" else ""
        final = stream.get_final_response()
    return {
        "text": answer.output_text,
        "status": answer.status,
        "tokens": answer.usage.output_tokens,
        "streamed": text,
        "final": final.output_text,
        "first": kinds[0],
        "last": kinds[-1],
    }


def errors():
    """The class of each error, its status and OpenAI's fields in its body."""
    broken = {"type": "image_url", "image_url": {"url": data_uri[:4000]}}
    elsewhere = {"type": "image_url", "image_url": {"url": "http://127.0.0.1:9/part.jpg"}}
    team = OpenAI(base_url=f"{asked['team']}/v1", api_key="lt_wrong", max_retries=0)
    nobody = OpenAI(base_url="http://127.0.0.1:9/v1", api_key="none", max_retries=0)
    cases = {
        "model": lambda: chat(model="gpt-4o"),
        "several": lambda: chat(n=2),
        "tools": lambda: chat(
            tools=[{"type": "function", "function": {"name": "f", "parameters": {}}}], tool_choice="required"
        ),
        "field": lambda: chat(temperature=9),
        "broken": lambda: chat(messages=[{"role": "user", "content": [broken]}]),
        "elsewhere": lambda: chat(messages=[{"role": "user", "content": [elsewhere]}]),
        "long": lambda: chat(messages=[{"role": "user", "content": "word " * 40000}]),
        "schema": lambda: chat(
            response_format={
                "type": "json_schema",
                "json_schema": {"name": "s", "schema": {"type": "object", "properties": {"colour": {"type": "string"}}, "required": ["colour"]}},
            }
        ),
        "streamed": lambda: list(chat(model="gpt-4o", stream=True)),
        "responses": lambda: client.responses.create(model="gpt-4o", input="Hello"),
        "kept": lambda: client.responses.create(model="looktwice", input="Hello", previous_response_id="resp_1"),
        "key": lambda: team.models.list(),
        "nobody": lambda: nobody.models.list(),
    }
    seen = {}
    for name, ask in cases.items():
        try:
            ask()
            seen[name] = {"class": None}
        except openai.APIStatusError as error:
            seen[name] = {
                "class": type(error).__name__, "status": error.status_code, "code": error.code, "param": error.param, "request": error.request_id
            }
        except openai.APIError as error:
            seen[name] = {"class": type(error).__name__}
    return seen


def ended():
    """Leaves a stream after its first word."""
    stream = chat(messages=[question("Write a short inspection report.")], stream=True)
    for chunk in stream:
        if chunk.choices and chunk.choices[0].delta.content:
            break
    stream.close()
    return True


topics = (models, whole, streamed, helper, turns, limits, as_json, responses, errors, ended)
print(json.dumps({topic.__name__: topic() for topic in topics}))
