"""LangChain's integration of Mistral."""

import json
import os

os.environ["HF_HUB_OFFLINE"] = "1"  # its embeddings look for a tokenizer elsewhere otherwise

import httpx
from langchain_core.messages import HumanMessage, ToolMessage
from langchain_mistralai import ChatMistralAI, MistralAIEmbeddings

URL = os.environ["GALERNE_URL"] + "/v1"
KEY = os.environ["GALERNE_KEY"]
SETTINGS = {"endpoint": URL, "temperature": 0, "max_retries": 0}
QUESTION = HumanMessage("What is the capital of France?")
SCHEMA = {
    "title": "population",
    "description": "People",
    "type": "object",
    "properties": {
        "city": {"enum": ["Paris", "Lyon"]},
        "people": {"type": "integer", "minimum": 0},
    },
    "required": ["city", "people"],
    "additionalProperties": False,
}


def check(what):
    print("check", what)


def use(usage):
    print("usage", usage["input_tokens"], usage["output_tokens"])


def dot(a, b):
    return sum(x * y for x, y in zip(a, b))


def model(tokens, key=KEY, name="mistral-small-latest"):
    return ChatMistralAI(model=name, api_key=key, max_tokens=tokens, **SETTINGS)


def failure(call):
    try:
        call()
    except httpx.HTTPStatusError as error:
        return error
    raise AssertionError("no error was raised")


short = model(16)
whole = short.invoke([QUESTION])
print("answer", json.dumps(whole.content))
use(whole.usage_metadata)
check("complete")

chunks = list(short.stream([QUESTION]))
total = chunks[0]
for chunk in chunks[1:]:
    total += chunk
assert total.content == whole.content
use(total.usage_metadata)
check("stream")

described = (
    model(64)
    .with_structured_output(SCHEMA, method="json_schema", include_raw=True)
    .invoke([QUESTION])
)
city = described["parsed"]
assert set(city) == {"city", "people"} and city["city"] in ("Paris", "Lyon"), city
use(described["raw"].usage_metadata)
check("schema")

called = model(300).bind_tools([SCHEMA], tool_choice="any").invoke([QUESTION])
assert called.tool_calls and not called.invalid_tool_calls, called
assert all(call["args"]["city"] in ("Paris", "Lyon") for call in called.tool_calls), called
use(called.usage_metadata)
results = [ToolMessage("2000000", tool_call_id=call["id"]) for call in called.tool_calls]
final = short.invoke([QUESTION, called, *results])
assert final.content
use(final.usage_metadata)
check("tools")

embeddings = MistralAIEmbeddings(model="mistral-embed", api_key=KEY, endpoint=URL)
cat, kitten, shares = embeddings.embed_documents(
    ["The cat sleeps.", "A kitten naps.", "Shares fell sharply."]
)
assert len(cat) == 384 and dot(cat, kitten) > dot(cat, shares)
print("unseen")  # this client doesn't pass the usage of embeddings on
check("embeddings")

error = failure(lambda: model(16, key="wrong").invoke([QUESTION]))
assert error.response.status_code == 401, error
check("unauthorized")

error = failure(lambda: model(16, name="no-such-model").invoke([QUESTION]))
assert error.response.status_code == 400 and "no-such-model" in str(error), error
check("unknown model")
