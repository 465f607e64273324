"""LiteLLM with its provider for Mistral."""

import json
import os

os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"  # looks nothing up elsewhere

import litellm

URL = os.environ["GALERNE_URL"] + "/v1"
KEY = os.environ["GALERNE_KEY"]
QUESTION = {"role": "user", "content": "What is the capital of France?"}
REQUEST = {
    "model": "mistral/mistral-small-latest",
    "api_base": URL,
    "api_key": KEY,
    "temperature": 0,
    "max_tokens": 16,
    "num_retries": 0,
    "messages": [QUESTION],
}
SCHEMA = {
    "type": "object",
    "properties": {
        "city": {"enum": ["Paris", "Lyon"]},
        "people": {"type": "integer", "minimum": 0},
    },
    "required": ["city", "people"],
    "additionalProperties": False,
}
TOOLS = [
    {
        "type": "function",
        "function": {"name": "population", "description": "People", "parameters": SCHEMA},
    }
]


def check(what):
    print("check", what)


def use(usage):
    print("usage", usage.prompt_tokens, usage.completion_tokens)


def dot(a, b):
    return sum(x * y for x, y in zip(a, b))


def failure(kind, call):
    try:
        call()
    except kind as error:
        return error
    raise AssertionError("no error was raised")


whole = litellm.completion(**REQUEST)
text = whole.choices[0].message.content
print("answer", json.dumps(text))
use(whole.usage)
check("complete")

chunks = list(litellm.completion(**REQUEST, stream=True, stream_options={"include_usage": True}))
assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices) == text
used = [chunk.usage for chunk in chunks if getattr(chunk, "usage", None)]
use(used[-1])
check("stream")

described = litellm.completion(
    **{**REQUEST, "max_tokens": 64},
    response_format={"type": "json_schema", "json_schema": {"name": "city", "schema": SCHEMA}},
)
city = json.loads(described.choices[0].message.content)
assert set(city) == {"city", "people"} and city["city"] in ("Paris", "Lyon"), city
use(described.usage)
check("schema")

called = litellm.completion(
    **{**REQUEST, "max_tokens": 300}, tools=TOOLS, tool_choice="required"
)
choice = called.choices[0]
assert choice.finish_reason == "tool_calls", choice
for call in choice.message.tool_calls:
    assert json.loads(call.function.arguments)["city"] in ("Paris", "Lyon"), call
use(called.usage)
results = [
    {"role": "tool", "tool_call_id": call.id, "name": "population", "content": "2000000"}
    for call in choice.message.tool_calls
]
final = litellm.completion(
    **{**REQUEST, "messages": [QUESTION, choice.message.model_dump(), *results]}, tools=TOOLS, tool_choice="none"
)
assert final.choices[0].message.content
use(final.usage)
check("tools")

embedded = litellm.embedding(
    model="mistral/mistral-embed",
    input=["The cat sleeps.", "A kitten naps.", "Shares fell sharply."],
    api_base=URL,
    api_key=KEY,
)
cat, kitten, shares = (entry["embedding"] for entry in embedded.data)
assert len(cat) == 384 and dot(cat, kitten) > dot(cat, shares)
use(embedded.usage)
check("embeddings")

error = failure(
    litellm.AuthenticationError,
    lambda: litellm.completion(**{**REQUEST, "api_key": "wrong"}),
)
assert error.status_code == 401, error
check("unauthorized")

error = failure(
    litellm.BadRequestError,
    lambda: litellm.completion(**{**REQUEST, "model": "mistral/no-such-model"}),
)
assert error.status_code == 400 and "no-such-model" in str(error), error
check("unknown model")
