"""The official Python client, 1.x and 3.x alike, blocking and asynchronous."""

import asyncio
import json
import os
import re

try:
    from mistralai.client import Mistral
except ImportError:  # 1.x
    from mistralai import Mistral

URL = os.environ["GALERNE_URL"]
KEY = os.environ["GALERNE_KEY"]
REQUEST = {
    "model": "mistral-medium",
    "temperature": 0,
    "max_tokens": 16,
    "messages": [{"role": "user", "content": "What is the capital of France?"}],
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
EMBEDDING = {
    "model": "mistral-embed",
    "inputs": ["The cat sleeps.", "A kitten naps.", "Shares fell sharply."],
}


def check(what):
    print("check", what)


def use(usage):
    print("usage", usage.prompt_tokens, usage.completion_tokens)


def dot(a, b):
    return sum(x * y for x, y in zip(a, b))


def failure(call):
    try:
        call()
    except Exception as error:
        return error
    raise AssertionError("no error was raised")


def structured(client):
    format = {"name": "city", "schema": SCHEMA, "strict": True}
    described = client.chat.complete(
        **{**REQUEST, "max_tokens": 64},
        response_format={"type": "json_schema", "json_schema": format},
    )
    city = json.loads(described.choices[0].message.content)
    assert set(city) == {"city", "people"} and city["city"] in ("Paris", "Lyon"), city
    use(described.usage)
    check("schema")

    calling = {
        **REQUEST,
        "max_tokens": 96,
        "tools": TOOLS,
        "tool_choice": "any",
        "parallel_tool_calls": False,
    }
    called = client.chat.complete(**calling)
    choice = called.choices[0]
    assert choice.finish_reason == "tool_calls", choice
    (call,) = choice.message.tool_calls
    assert re.fullmatch("[a-zA-Z0-9]{9}", call.id) and call.function.name == "population", call
    assert json.loads(call.function.arguments)["city"] in ("Paris", "Lyon"), call
    use(called.usage)
    last = [event.data for event in client.chat.stream(**calling)][-1]
    assert last.choices[0].finish_reason == "tool_calls"
    (streamed,) = last.choices[0].delta.tool_calls
    assert streamed.function.arguments == call.function.arguments
    use(last.usage)
    result = {
        "role": "tool",
        "tool_call_id": call.id,
        "name": "population",
        "content": "2000000",
    }
    final = client.chat.complete(
        **{**REQUEST, "messages": [*REQUEST["messages"], choice.message, result]},
        tools=TOOLS,
        tool_choice="none",
    )
    assert final.choices[0].message.content
    use(final.usage)
    check("tools")


def blocking():
    client = Mistral(api_key=KEY, server_url=URL)
    ids = [model.id for model in client.models.list().data]
    assert "mistral-medium" in ids and "open-mistral-7b" in ids, ids
    check("list")

    card = client.models.retrieve(model_id="mistral-medium")
    assert card.id == "mistral-medium" and card.capabilities.completion_chat
    assert "SHA-256" in card.description
    check("retrieve")

    whole = client.chat.complete(**REQUEST)
    text = whole.choices[0].message.content
    assert text and whole.choices[0].finish_reason in ("stop", "length")
    print("answer", json.dumps(text))
    use(whole.usage)
    check("complete")

    chunks = [event.data for event in client.chat.stream(**REQUEST)]
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == text
    assert all(not chunk.usage for chunk in chunks[:-1])
    assert chunks[-1].usage.completion_tokens == whole.usage.completion_tokens
    use(chunks[-1].usage)
    check("stream")

    embedded = client.embeddings.create(**EMBEDDING)
    cat, kitten, shares = (entry.embedding for entry in embedded.data)
    assert len(cat) == 384 and [entry.index for entry in embedded.data] == [0, 1, 2]
    assert dot(cat, kitten) > dot(cat, shares)
    use(embedded.usage)
    check("embeddings")

    error = failure(
        lambda: client.embeddings.create(**{**EMBEDDING, "model": "mistral-medium"})
    )
    assert error.status_code == 400 and "not a model for embeddings" in error.body, error
    check("embeddings refused")

    stranger = Mistral(api_key="wrong", server_url=URL)
    error = failure(lambda: stranger.chat.complete(**REQUEST))
    assert error.status_code == 401 and "Unauthorized" in error.body, error
    check("unauthorized")

    error = failure(lambda: client.chat.complete(**{**REQUEST, "model": "no-such-model"}))
    assert error.status_code == 400 and "Invalid model: no-such-model" in error.body, error
    check("unknown model")

    error = failure(lambda: client.chat.stream(**{**REQUEST, "temperature": 7}))
    assert error.status_code == 422, error
    assert list(error.data.detail[0].loc) == ["body", "temperature"], error
    check("validation")

    structured(client)
    return text


async def asynchronous(text):
    async with Mistral(api_key=KEY, server_url=URL) as client:
        whole = await client.chat.complete_async(**REQUEST)
        assert whole.choices[0].message.content == text
        use(whole.usage)
        check("async complete")

        streamed = ""
        async for event in await client.chat.stream_async(**REQUEST):
            streamed += event.data.choices[0].delta.content or ""
            usage = event.data.usage
        assert streamed == text
        use(usage)
        check("async stream")

        embedded = await client.embeddings.create_async(**EMBEDDING)
        assert len(embedded.data) == 3
        use(embedded.usage)
        check("async embeddings")


asyncio.run(asynchronous(blocking()))
