"""The fields of the newest Mistral client: several answers, probabilities, filling in, prefixes."""

import math
import os

from mistralai.client import Mistral

client = Mistral(api_key=os.environ["GALERNE_KEY"], server_url=os.environ["GALERNE_URL"])
ASK = {
    "model": "mistral-small",
    "messages": [{"role": "user", "content": "Name a colour."}],
    "max_tokens": 8,
    "random_seed": 4,
    "temperature": 1,
}

several = client.chat.complete(n=3, top_k=40, repetition_penalty=1.1, min_tokens=2, **ASK)
assert [choice.index for choice in several.choices] == [0, 1, 2], several
one = client.chat.complete(top_k=40, repetition_penalty=1.1, min_tokens=2, **ASK)
assert one.choices[0].message.content == several.choices[0].message.content
assert several.usage.prompt_tokens == one.usage.prompt_tokens
print("check several")

explained = client.chat.complete(logprobs=True, top_logprobs=3, **ASK)
tokens = explained.choices[0].logprobs.content
assert "".join(token.token for token in tokens) == explained.choices[0].message.content
assert all(len(token.top_logprobs) == 3 for token in tokens), tokens
assert all(sum(math.exp(t.logprob) for t in token.top_logprobs) <= 1.0001 for token in tokens)
assert all(bytes(token.bytes_).decode() == token.token for token in tokens)
print("check logprobs")

streamed = []
for event in client.chat.stream(logprobs=True, top_logprobs=3, **ASK):
    part = event.data.choices[0].logprobs
    if part:
        streamed += part.content
assert [token.token_id for token in streamed] == [token.token_id for token in tokens]
print("check streamed logprobs")

prefixed = client.chat.complete(
    **{
        **ASK,
        "messages": ASK["messages"] + [{"role": "assistant", "content": "end", "prefix": True}],
    }
)
assert prefixed.choices[0].message.content.startswith("end")
print("check prefix")

try:
    client.fim.complete(model="mistral-small", prompt="def f(", suffix="return 1", max_tokens=4)
    raise AssertionError("the bundled weights can't fill in")
except Exception as error:
    assert getattr(error, "status_code", None) == 400, error
    assert "fill in" in str(error), error
print("check fim refused")
