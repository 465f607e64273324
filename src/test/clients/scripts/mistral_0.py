"""The official Python client, 0.x."""

import json
import os

from mistralai.client import MistralClient
from mistralai.exceptions import MistralAPIException
from mistralai.models.chat_completion import ChatMessage

URL = os.environ["GALERNE_URL"]
KEY = os.environ["GALERNE_KEY"]
QUESTION = ChatMessage(role="user", content="What is the capital of France?")
REQUEST = {
    "model": "mistral-medium",
    "temperature": 0,
    "max_tokens": 16,
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


def failure(call):
    try:
        call()
    except MistralAPIException as error:
        return error
    raise AssertionError("no error was raised")


client = MistralClient(api_key=KEY, endpoint=URL)
assert "mistral-medium" in [model.id for model in client.list_models().data]
check("list")

whole = client.chat(**REQUEST)
text = whole.choices[0].message.content
print("answer", json.dumps(text))
use(whole.usage)
check("complete")

chunks = list(client.chat_stream(**REQUEST))
assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == text
assert chunks[-1].usage.completion_tokens == whole.usage.completion_tokens
use(chunks[-1].usage)
check("stream")

format = {"type": "json_schema", "json_schema": {"name": "city", "schema": SCHEMA}}
described = client.chat(**{**REQUEST, "max_tokens": 64}, response_format=format)
city = json.loads(described.choices[0].message.content)
assert set(city) == {"city", "people"} and city["city"] in ("Paris", "Lyon"), city
use(described.usage)
check("schema")

called = client.chat(**{**REQUEST, "max_tokens": 300}, tools=TOOLS, tool_choice="any")
choice = called.choices[0]
assert choice.finish_reason.value == "tool_calls", choice
for call in choice.message.tool_calls:
    assert json.loads(call.function.arguments)["city"] in ("Paris", "Lyon"), call
use(called.usage)
results = [
    ChatMessage(role="tool", tool_call_id=call.id, name="population", content="2000000")
    for call in choice.message.tool_calls
]
final = client.chat(
    **{**REQUEST, "messages": [QUESTION, choice.message, *results]},
    tools=TOOLS,
    tool_choice="none",
)
assert final.choices[0].message.content
use(final.usage)
check("tools")

embedded = client.embeddings(
    model="mistral-embed", input=["The cat sleeps.", "A kitten naps.", "Shares fell sharply."]
)
cat, kitten, shares = (entry.embedding for entry in embedded.data)
assert len(cat) == 384 and dot(cat, kitten) > dot(cat, shares)
use(embedded.usage)
check("embeddings")

error = failure(lambda: MistralClient(api_key="wrong", endpoint=URL).chat(**REQUEST))
assert error.http_status == 401, error
check("unauthorized")

error = failure(lambda: client.chat(**{**REQUEST, "model": "no-such-model"}))
assert error.http_status == 400 and "Invalid model: no-such-model" in str(error), error
check("unknown model")
