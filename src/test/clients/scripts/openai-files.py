"""Files with OpenAI's client: it parses the file object as it is."""

import os

from openai import OpenAI

client = OpenAI(api_key=os.environ["GALERNE_KEY"], base_url=os.environ["GALERNE_URL"] + "/v1")
line = b'{"custom_id":"0","body":{"messages":[]}}'
file = client.files.create(file=("requests.jsonl", line), purpose="batch")
assert file.object == "file" and file.purpose == "batch" and file.bytes == len(line), file
assert client.files.retrieve(file.id).filename == "requests.jsonl"
assert client.files.content(file.id).read() == line
assert client.files.delete(file.id).deleted is True
print("check files")
