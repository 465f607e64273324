"""Files and batches with the official Python client, 1.x and 3.x alike."""

import json
import os
import time
import urllib.request

try:
    from mistralai.client import Mistral
except ImportError:  # 1.x
    from mistralai import Mistral

URL = os.environ["GALERNE_URL"]
KEY = os.environ["GALERNE_KEY"]


def check(what):
    print("check", what)


def ask(content, max_tokens=8):
    messages = [{"role": "user", "content": content}]
    return {"max_tokens": max_tokens, "temperature": 0, "messages": messages}


def failure(call):
    try:
        call()
    except Exception as error:
        return error
    raise AssertionError("no error was raised")


with Mistral(api_key=KEY, server_url=URL) as client:

    def ended(job):
        while job.status in ("QUEUED", "RUNNING", "CANCELLATION_REQUESTED"):
            time.sleep(0.1)
            job = client.batch.jobs.get(job_id=job.id)
        return job

    lines = [
        json.dumps({"custom_id": str(i), "body": ask(question)})
        for i, question in enumerate(["Name a colour.", "Name a city."])
    ]
    content = "\n".join(lines).encode()
    file = client.files.upload(
        file={"file_name": "requests.jsonl", "content": content}, purpose="batch"
    )
    assert file.sample_type == "batch_request" and file.source == "upload", file
    card = client.files.retrieve(file_id=file.id)
    assert card.deleted is False and card.num_lines == 2, card
    listed = client.files.list(purpose="batch", page_size=10)
    assert listed.total == 1 and listed.data[0].id == file.id, listed
    assert client.files.download(file_id=file.id).read() == content
    signed = client.files.get_signed_url(file_id=file.id, expiry=1)
    with urllib.request.urlopen(signed.url) as response:
        assert response.read() == content
    check("files")

    job = client.batch.jobs.create(
        input_files=[file.id],
        endpoint="/v1/chat/completions",
        model="mistral-tiny",
        metadata={"job_type": "testing"},
    )
    job = ended(job)
    assert job.status == "SUCCESS" and job.succeeded_requests == job.total_requests == 2, job
    text = client.files.download(file_id=job.output_file).read().decode()
    results = [json.loads(line) for line in text.splitlines()]
    assert [result["custom_id"] for result in results] == ["0", "1"], results
    assert all(result["response"]["status_code"] == 200 for result in results)
    check("job")

    assert client.batch.jobs.list(metadata={"job_type": "testing"}).total == 1
    assert client.batch.jobs.list(metadata={"job_type": "other"}).total == 0
    assert client.batch.jobs.list(status=["SUCCESS", "FAILED"]).total == 1
    check("list")

    many = "\n".join(
        json.dumps({"custom_id": str(i), "body": ask("Tell a long story.", 300)})
        for i in range(50)
    )
    long = client.files.upload(
        file={"file_name": "many.jsonl", "content": many.encode()}, purpose="batch"
    )
    cancelled = client.batch.jobs.create(
        input_files=[long.id], endpoint="/v1/chat/completions", model="mistral-tiny"
    )
    client.batch.jobs.cancel(job_id=cancelled.id)
    assert ended(client.batch.jobs.get(job_id=cancelled.id)).status == "CANCELLED"
    check("cancel")

    assert client.files.delete(file_id=file.id).deleted is True
    missing = failure(lambda: client.files.retrieve(file_id=file.id))
    assert missing.status_code == 404, missing
    bad = {"file_name": "bad.jsonl", "content": b'{"custom_id":"0","body":{}}\n{'}
    refused = failure(lambda: client.files.upload(file=bad, purpose="batch"))
    assert refused.status_code == 422 and "Line 2" in refused.body, refused
    check("errors")
