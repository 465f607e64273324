"""OpenAI's spellings: several answers, probabilities, penalties and biases."""

import os

from openai import OpenAI

client = OpenAI(api_key=os.environ["GALERNE_KEY"], base_url=os.environ["GALERNE_URL"] + "/v1")
ASK = {
    "model": "mistral-small",
    "messages": [{"role": "user", "content": "Name a colour."}],
    "max_completion_tokens": 8,
    "seed": 4,
    "temperature": 1,
    "store": False,
    "user": "somebody",
    "service_tier": "default",
    "metadata": {"a": "b"},
}

several = client.chat.completions.create(
    n=2, presence_penalty=0.5, frequency_penalty=0.5, logit_bias={"2": -100}, **ASK
)
assert [choice.index for choice in several.choices] == [0, 1], several
print("check several")

explained = client.chat.completions.create(logprobs=True, top_logprobs=2, **ASK)
tokens = explained.choices[0].logprobs.content
assert "".join(token.token for token in tokens) == explained.choices[0].message.content
assert all(len(token.top_logprobs) == 2 for token in tokens), tokens
print("check logprobs")

texts = ["", ""]
ends = 0
usage = None
for chunk in client.chat.completions.create(
    n=2, stream=True, stream_options={"include_usage": True}, **ASK
):
    choice = chunk.choices[0]
    texts[choice.index] += choice.delta.content or ""
    ends += choice.finish_reason is not None
    usage = chunk.usage or usage
assert ends == 2 and usage.completion_tokens > 0, usage
again = client.chat.completions.create(n=2, **ASK)
assert [choice.message.content for choice in again.choices] == texts, texts
print("check streamed several")
