"""What the OpenAI client for Python sees of budgets that end and of rates."""

import os
import sys

sys.path.pop(0)  # beside this file lies a script with the name of the package

import openai

URL = os.environ["GALERNE_URL"] + "/v1"
TOKENS = int(os.environ["TOKENS"])
REQUEST = {
    "model": "open-mixtral-8x7b",
    "temperature": 0,
    "max_tokens": 16,
    "messages": [{"role": "user", "content": "What is the capital of France?"}],
}


def client(key):
    return openai.OpenAI(api_key=os.environ[key], base_url=URL, max_retries=0)


def failure(call):
    try:
        call()
    except Exception as error:
        return error
    raise AssertionError("no error was raised")


# this client raises where a chunk has an error, once it has given what came before
streaming = client("STREAM_KEY")
parts = []


def stream():
    for chunk in streaming.chat.completions.create(**REQUEST, stream=True):
        parts.append(chunk)


error = failure(stream)
assert isinstance(error, openai.APIError), error
assert "Monthly spend limit reached" in str(error), error
assert any(part.choices[0].delta.content for part in parts), parts
print("check stream ends")

whole = client("WHOLE_KEY").chat.completions.create(**REQUEST)
assert whole.choices[0].finish_reason == "error", whole
assert whole.usage.completion_tokens == TOKENS, whole
print("check answer ends")

error = failure(lambda: streaming.chat.completions.create(**REQUEST))
assert isinstance(error, openai.APIStatusError) and error.status_code == 402, error
print("check cap")

rated = client("RATED_KEY")
rated.chat.completions.create(**REQUEST)
error = failure(lambda: rated.chat.completions.create(**REQUEST))
assert isinstance(error, openai.RateLimitError), error
assert 900 < int(error.response.headers["retry-after"]) <= 1000, error.response.headers
print("check rate")
