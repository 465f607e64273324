"""Tries the service against its own OpenAPI document; the exit status is schemathesis's."""

import os
import pathlib
import subprocess
import sys

url, key = os.environ["GALERNE_URL"], os.environ["GALERNE_KEY"]
seconds = os.environ["GALERNE_SECONDS"]

# A body that fits the schema may still ask for what can't be done, which is a 400; that its shape
# is wrong (422) may not be said of it.
settings = pathlib.Path(f"schemathesis-{os.getpid()}.toml")
settings.write_text("""
[checks]
max_response_time = 30

[checks.positive_data_acceptance]
expected-statuses = ["2xx", "400", "401", "403", "404", "429"]
[checks.negative_data_rejection]
expected-statuses = ["400", "401", "404", "405", "408", "413", "415", "422", "429", "431"]

# that a file holds requests, one in a line, is more than its schema can say
[[operations]]
include-name = "POST /v1/files"
[operations.checks.positive_data_acceptance]
expected-statuses = ["2xx", "400", "401", "404", "422", "429"]

# that a request needs a model of its own or of its job, and a name that no other has, is too
[[operations]]
include-name = "POST /v1/batch/jobs"
[operations.checks.positive_data_acceptance]
expected-statuses = ["2xx", "400", "401", "404", "422", "429"]
""")
settings.replace("schemathesis.toml")  # whole, since others may be reading it
# one worker: Python 3.11 mistakes two threads that parse at once for an error of its own
command = [
    str(pathlib.Path(sys.executable).with_name("st")), "run", url + "/openapi.json",
    "--url", url, "--no-color", "--workers", "1", "--max-time", seconds, "--max-failures", "20",
    "--phases", "examples,coverage,fuzzing,stateful", "--checks", "all",
    "--request-timeout", "30", "--include-path-regex", "^/v1/(chat|embeddings|fim|models|files|batch|moderations|classifications)", "--generation-database", "none", "--suppress-health-check", "all",
]
if key:
    command += ["--header", "Authorization: Bearer " + key]
else:
    # without a key nothing else is looked at, so nobody learns which methods there are
    command += ["--exclude-checks", "unsupported_method"]
sys.exit(subprocess.run(command, check=False).returncode)
