"""`escrutinio verify` and `escrutinio witness` as people meet them: processes, sentences, exit statuses."""

import os
import random
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from bench.soaks.archive import make_evidence
from bench.tampering import copy_evidence, tamper
from ingest.proof.keyring import public_keys
from ingest.proof.notes import SignerKey
from tests.programs.program import Program, escrutinio
from tests.waiting import PATIENCE_S, wait_until

_PROJECT = Path(__file__).parents[3]
_ENVIRONMENT = {**os.environ, "PYTHONPATH": str(_PROJECT)}


def verify(folder: Path, *options: object) -> "subprocess.CompletedProcess[str]":
    return escrutinio(
        "verify", "--database", "sqlite:///count.db", "--archive", folder / "archive", *options, folder=folder
    )


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ("--database", "sqlite:///count.db", "--port", port)
    with Program("serve", *options, folder=folder, stdout=subprocess.DEVNULL) as process:
        try:
            wait_until(lambda: httpx.get(f"http://127.0.0.1:{port}/readyz", trust_env=False).status_code == 200)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.send_signal(signal.SIGINT)
            assert process.wait(PATIENCE_S) == 0


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_evidence(tmp_path_factory.mktemp("evidence") / "whole", hours=(720,))


def test_a_whole_archive_is_verified_in_a_few_lines(evidence: Path) -> None:
    [key] = public_keys(evidence / "archive")
    newest = max((evidence / "archive" / "checkpoints").iterdir())
    done = verify(evidence, "--head", newest, "--key", key)
    assert (done.returncode, done.stderr) == (0, "")
    *checked, last = done.stdout.splitlines()
    assert last == "All of it is as it was published."
    assert all(line.startswith("checked  ") for line in checked)
    assert len(checked) == 5


def test_what_is_wrong_is_one_line_each_and_exit_status_one(evidence: Path, tmp_path: Path) -> None:
    copy_evidence(evidence, tmp_path)
    newest = max((evidence / "archive" / "checkpoints").iterdir())
    tamper("rewrite all", tmp_path, random.Random(2))
    done = verify(tmp_path, "--head", newest)
    assert done.returncode == 1
    [line] = done.stderr.splitlines()
    assert line.startswith("WRONG    ")
    assert str(newest) in line
    assert "note     signatures were checked with the key that the archive itself names" in done.stdout


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--head", "nowhere.txt"), "--head nowhere.txt cannot be read"),
        (("--head", "archive.key"), "archive.key"),
        (("--key", "abc"), "the public key 'abc' is not one"),
        (("--archive", "nowhere"), "there is no archive in nowhere"),
    ],
)
def test_what_cannot_be_used_is_said_in_one_sentence(evidence: Path, options: tuple[str, ...], sentence: str) -> None:
    done = verify(evidence, *options)
    assert done.returncode == 1
    [line] = done.stderr.splitlines()
    assert sentence in line
    assert "PRIVATE" not in line


def test_a_witness_of_a_running_server_keeps_heads_that_verify_accepts(evidence: Path, tmp_path: Path) -> None:
    with serving(evidence) as url:
        for expected in (1, 0):
            done = escrutinio("witness", url, "--once", "--out", "seen", folder=tmp_path)
            assert (done.returncode, done.stderr) == (0, "")
            assert len(done.stdout.splitlines()) == expected
        (tmp_path / "seen" / "key").write_text(f"{SignerKey.generate().verifier}\n")
        alarm = escrutinio("witness", url, "--once", "--out", "seen", folder=tmp_path)
        assert alarm.returncode == 1
        assert "is not signed by" in alarm.stderr
        assert "contradicting head is kept in" in alarm.stderr
    [head] = [path for path in (tmp_path / "seen").iterdir() if path.name.isdecimal()]
    assert verify(evidence, "--head", head).returncode == 0


def test_a_server_that_is_away_is_said_in_one_sentence(tmp_path: Path) -> None:
    no_address = "is not a web address"
    for url, sentence in (("http://127.0.0.1:9",) * 2, ("count.example", no_address), ("http://[::1", no_address)):
        done = escrutinio("witness", url, "--once", folder=tmp_path)
        assert done.returncode == 1
        assert sentence in done.stderr
        assert len(done.stderr.splitlines()) == 1


def test_the_doctor_names_the_key_that_heads_are_signed_with(evidence: Path, tmp_path: Path) -> None:
    [key] = public_keys(evidence / "archive")
    options = ("--database", f"sqlite:///{evidence / 'count.db'}", "--feed", "http://127.0.0.1:9")
    settings = {"ESCRUTINIO_ARCHIVE": str(evidence / "archive")}
    sealed = escrutinio("doctor", *options, folder=tmp_path, settings=settings)
    assert f"its newest head is signed with the key {key}" in sealed.stdout
