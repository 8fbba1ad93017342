"""`stance serve` as it runs: how it starts, ends, and bears many clients at once."""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from contextlib import closing
from pathlib import Path

import psutil
import pytest
from conftest import ROOT, STANCE
from served import served

TEXT = "A baker accused the mayor of theft. The mayor denied it."


def post(url, body, sent=None, **headers):
    """The status and the answer; `sent` is released when the request is on its way."""
    with closing(http.client.HTTPConnection(url.removeprefix("http://"), timeout=60)) as connection:
        connection.request("GET", "/health")
        assert connection.getresponse().read()
        connection.request("POST", "/score", json.dumps(body), {"content-type": "application/json", **headers})
        if sent is not None:
            sent.release()
        response = connection.getresponse()
        return response.status, json.loads(response.read())


def failed(*options, **environment):
    """What `stance serve` says where it does not start."""
    done = subprocess.run([STANCE, "serve", *options], capture_output=True, text=True, check=False, **environment)
    assert done.stdout == ""
    return done.returncode, done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("end", ["SIGTERM to the service", "Ctrl+C to all its processes"])
def test_it_finishes_what_it_began_and_ends_with_its_workers(toy, end):
    with served(toy, "--workers", "2") as (process, url):
        children = psutil.Process(process.pid).children(recursive=True)
        many, sent, answers = {"documents": [{"text": TEXT * 20}] * 100}, threading.Semaphore(0), []
        clients = [threading.Thread(target=lambda: answers.append(post(url, many, sent))) for _ in range(4)]
        for client in clients:
            client.start()
        for _ in clients:
            sent.acquire()
        urllib.request.urlopen(f"{url}/health").close()  # so that what was sent before is inside
        assert not answers, "it was too quick to be ended in the middle"
        if end.startswith("Ctrl"):
            os.killpg(process.pid, signal.SIGINT)
        else:
            process.terminate()
        for client in clients:
            client.join()
        assert process.wait(60) == 0
        assert [(status, len(answer["documents"])) for status, answer in answers] == [(200, 100)] * 4
        assert process.stderr.read() == ""
    assert not psutil.wait_procs(children, timeout=10)[1]


@pytest.mark.slow
def test_its_workers_end_where_it_is_killed(toy):
    process = subprocess.Popen(
        [STANCE, "serve", "--port", "0", "--model", str(toy), "--workers", "1"], stderr=subprocess.PIPE, text=True
    )
    with process:
        assert re.search(r"stance-\w+ at http://127.0.0.1:\d+ \(1 worker\); Ctrl\+C ends it", process.stderr.readline())
        children = psutil.Process(process.pid).children(recursive=True)
        assert children
        process.kill()
    assert not psutil.wait_procs(children, timeout=10)[1]


@pytest.mark.slow
def test_where_it_cannot_start_it_says_why(toy, tmp_path):
    assert failed("--port", "0", "--model", str(tmp_path)) == (
        1, f"error: {tmp_path}: holds no trained model: run `make repro`, or set STANCE_MODEL to a model's folder\n",
    )  # fmt: skip
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, said = failed("--port", str(port), "--model", str(toy))
    assert code == 2
    assert said == f"error: 127.0.0.1, port {port}: Address already in use: name another --host or --port\n"
    (tmp_path / "token").write_text("too short")
    code, said = failed("--token-file", str(tmp_path / "token"))
    assert code == 2
    assert said.startswith(f"error: {tmp_path / 'token'}: a token has 16 or more ASCII characters and no space: make one with")


@pytest.mark.slow
def test_a_token_is_asked_for_on_a_real_port(toy, tmp_path):
    (tmp_path / "token").write_text("sixteen-letters!\n")
    with served(toy, "--token-file", str(tmp_path / "token")) as (_, url):
        assert post(url, {"text": TEXT})[0] == 401
        assert post(url, {"text": TEXT}, authorization="Bearer sixteen-letters!")[0] == 200


@pytest.mark.slow
def test_it_keeps_to_its_own_description(toy, tmp_path):
    (tmp_path / "token").write_text("sixteen-letters!")
    with served(toy, "--token-file", str(tmp_path / "token")) as (_, url):
        command = [
            str(Path(STANCE).with_name("schemathesis")), "run", f"{url}/openapi.json", "--checks", "all", "--phases",
            "examples,coverage,fuzzing", "--max-examples", "60", "--seed", "1", "--continue-on-failure",
            "--header", "Authorization: Bearer sixteen-letters!",
        ]  # fmt: skip
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert re.search(r"Operations: +3 selected / 3 total", done.stdout), done.stdout


@pytest.mark.slow
def test_many_clients_lose_nothing(toy):
    command = [sys.executable, "benchmarks/service.py", "--model", str(toy), "--requests", "400", "--workers", "2"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert re.search(r"^lost +0$", done.stdout, re.MULTILINE), done.stdout
