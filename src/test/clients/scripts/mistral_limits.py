"""What the official Python client sees of budgets that end and of rates."""

import json
import os

from mistralai.client import Mistral

URL = os.environ["GALERNE_URL"]
TOKENS = int(os.environ["TOKENS"])
REQUEST = {
    "model": "open-mixtral-8x7b",
    "temperature": 0,
    "max_tokens": 16,
    "messages": [{"role": "user", "content": "What is the capital of France?"}],
}


def client(key):
    return Mistral(api_key=os.environ[key], server_url=URL)


def failure(call):
    try:
        call()
    except Exception as error:
        return error
    raise AssertionError("no error was raised")


def refusal(error):
    body = json.loads(error.body)
    return error.status_code, body["type"], body["code"]


streaming = client("STREAM_KEY")
last = None
with streaming.chat.stream(**REQUEST) as events:
    for event in events:
        last = event.data
assert last.choices[0].finish_reason == "error", last
assert last.usage.completion_tokens == TOKENS, last
print("check stream ends")

whole = client("WHOLE_KEY").chat.complete(**REQUEST)
assert whole.choices[0].finish_reason == "error", whole
assert whole.usage.completion_tokens == TOKENS, whole
print("check answer ends")

error = failure(lambda: streaming.chat.complete(**REQUEST))
assert refusal(error) == (402, "spend_limit_reached", "1320"), error
print("check cap")

rated = client("RATED_KEY")
rated.chat.complete(**REQUEST)
error = failure(lambda: rated.chat.complete(**REQUEST))
assert refusal(error) == (429, "rate_limited", "1300"), error
assert 900 < int(error.headers["retry-after"]) <= 1000, error.headers
print("check rate")
