"""The OpenAI client for Python, blocking and asynchronous."""

import asyncio
import json
import os
import sys

# this file has the name of the package it imports
sys.path.pop(0)

import openai

URL = os.environ["GALERNE_URL"] + "/v1"
KEY = os.environ["GALERNE_KEY"]
REQUEST = {
    "model": "open-mistral-7b",
    "temperature": 0,
    "max_tokens": 16,
    "messages": [{"role": "user", "content": "What is the capital of France?"}],
}
STREAMED = {**REQUEST, "stream": True, "stream_options": {"include_usage": True}}
SCHEMA = {
    "type": "object",
    "properties": {
        "city": {"enum": ["Paris", "Lyon"]},
        "people": {"type": "integer", "minimum": 0},
    },
    "required": ["city", "people"],
    "additionalProperties": False,
}
TOOLS = [{"type": "function", "function": {"name": "population", "parameters": SCHEMA}}]
EMBEDDING = {
    "model": "mistral-embed",
    "input": ["The cat sleeps.", "A kitten naps.", "Shares fell sharply."],
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
    except openai.APIStatusError as error:
        return error
    raise AssertionError("no error was raised")


def structured(client):
    format = {"name": "city", "schema": SCHEMA, "strict": True}
    described = client.chat.completions.create(
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
        "tool_choice": "required",
        "parallel_tool_calls": False,
    }
    called = client.chat.completions.create(**calling)
    choice = called.choices[0]
    assert choice.finish_reason == "tool_calls", choice
    (call,) = choice.message.tool_calls
    assert json.loads(call.function.arguments)["city"] in ("Paris", "Lyon"), call
    use(called.usage)
    last = list(client.chat.completions.create(**calling, stream=True))[-1]
    (streamed,) = last.choices[0].delta.tool_calls
    assert streamed.function.arguments == call.function.arguments
    use(last.usage)
    result = {"role": "tool", "tool_call_id": call.id, "content": "2000000"}
    final = client.chat.completions.create(
        **{**REQUEST, "messages": [*REQUEST["messages"], choice.message, result]},
        tools=TOOLS,
        tool_choice="none",
    )
    assert final.choices[0].message.content
    use(final.usage)
    check("tools")


def blocking():
    client = openai.OpenAI(api_key=KEY, base_url=URL)
    ids = [model.id for model in client.models.list()]
    assert "open-mistral-7b" in ids, ids
    check("list")

    assert client.models.retrieve("open-mistral-7b").id == "open-mistral-7b"
    check("retrieve")

    whole = client.chat.completions.create(**REQUEST)
    text = whole.choices[0].message.content
    print("answer", json.dumps(text))
    use(whole.usage)
    check("complete")

    chunks = list(client.chat.completions.create(**STREAMED))
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == text
    assert all(chunk.usage is None for chunk in chunks[:-1])
    use(chunks[-1].usage)
    check("stream")

    # without encoding_format this client asks for base64 and decodes it
    embedded = client.embeddings.create(**EMBEDDING)
    plain = client.embeddings.create(
        model="mistral-embed", input=EMBEDDING["input"][0], encoding_format="float"
    )
    cat, kitten, shares = (entry.embedding for entry in embedded.data)
    assert len(cat) == 384 and [entry.index for entry in embedded.data] == [0, 1, 2]
    assert max(abs(x - y) for x, y in zip(cat, plain.data[0].embedding)) < 1e-7
    assert dot(cat, kitten) > dot(cat, shares)
    use(embedded.usage)
    use(plain.usage)
    check("embeddings")

    error = failure(
        lambda: client.embeddings.create(**{**EMBEDDING, "model": "open-mistral-7b"})
    )
    assert isinstance(error, openai.BadRequestError), error
    check("embeddings refused")

    stranger = openai.OpenAI(api_key="wrong", base_url=URL)
    error = failure(lambda: stranger.chat.completions.create(**REQUEST))
    assert isinstance(error, openai.AuthenticationError) and error.status_code == 401, error
    check("unauthorized")

    error = failure(
        lambda: client.chat.completions.create(**{**REQUEST, "model": "no-such-model"})
    )
    assert isinstance(error, openai.BadRequestError) and "no-such-model" in str(error), error
    check("unknown model")

    error = failure(lambda: client.chat.completions.create(**{**REQUEST, "temperature": 1.9}))
    assert isinstance(error, openai.UnprocessableEntityError), error
    check("validation")

    structured(client)
    return text


async def asynchronous(text):
    async with openai.AsyncOpenAI(api_key=KEY, base_url=URL) as client:
        whole = await client.chat.completions.create(**REQUEST)
        assert whole.choices[0].message.content == text
        use(whole.usage)
        check("async complete")

        streamed = ""
        usage = None
        async for chunk in await client.chat.completions.create(**STREAMED):
            streamed += chunk.choices[0].delta.content or ""
            usage = chunk.usage or usage
        assert streamed == text
        use(usage)
        check("async stream")

        embedded = await client.embeddings.create(**EMBEDDING)
        assert len(embedded.data) == 3
        use(embedded.usage)
        check("async embeddings")


asyncio.run(asynchronous(blocking()))
