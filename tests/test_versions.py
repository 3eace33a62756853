"""Versions come from tags, and what is built knows them and its commit, however little of the history is there."""

import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from ingest.log import Mark, read_line, write_line
from tally.program import Program, find_commit, this_program
from tests.conftest import missing

_PROJECT = Path(__file__).parents[1]
_BUILT_FROM = (
    ".git_archival.txt", ".gitattributes", "LICENSE", "README.md", "deploy", "pyproject.toml", "requirements.lock",
    "scripts/built.py", "tally/__init__.py",
)  # fmt: skip


def git(folder: Path, *words: object) -> str:
    name = dict.fromkeys(("GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL"), "a")
    alone = {**os.environ, **name, "GIT_CONFIG_GLOBAL": os.devnull}
    done = subprocess.run(["git", *map(str, words)], cwd=folder, env=alone, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A repository of what decides the version, with one commit."""
    if shutil.which("git") is None:
        missing("history", "no git found")
    folder = tmp_path / "checkout"
    for name in _BUILT_FROM:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        copy = shutil.copytree if (_PROJECT / name).is_dir() else shutil.copy
        copy(_PROJECT / name, folder / name)
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "feat: begin")
    return folder


def change(folder: Path) -> None:
    (folder / "README.md").write_text("more\n")
    git(folder, "commit", "-qam", "docs: say more")


def hatchling(folder: Path, *words: str) -> str:
    command = [sys.executable, "-m", "hatchling", *words]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout.strip()


def unpacked(checkout: Path, folder: Path) -> Path:
    """What `git archive` makes of it, as a site offers it for download."""
    git(checkout, "archive", "--output", folder / "it.tar", "HEAD")
    with tarfile.open(folder / "it.tar") as archive:
        archive.extractall(folder / "unpacked", filter="data")
    return folder / "unpacked"


def test_a_tag_is_the_version_and_what_comes_after_it_counts_on(checkout: Path) -> None:
    git(checkout, "tag", "v1.2.3")
    assert hatchling(checkout, "version") == "1.2.3"
    change(checkout)
    after = hatchling(checkout, "version")
    assert after.startswith("1.2.4.dev1+g")
    assert git(checkout, "rev-parse", "HEAD").startswith(after.rpartition("+g")[2])


def test_a_clone_without_tags_or_without_its_history_has_a_version_too(checkout: Path, tmp_path: Path) -> None:
    assert hatchling(checkout, "version").startswith("0.1.dev1+g")
    git(checkout, "tag", "v1.2.3")
    change(checkout)
    git(tmp_path, "clone", "-q", "--depth", "1", "--no-tags", f"file://{checkout}", "shallow")
    assert hatchling(tmp_path / "shallow", "version").startswith("0.1.dev1+g")


def test_a_tarball_has_the_version_of_its_tag_or_the_one_of_whoever_knows_none(checkout: Path, tmp_path: Path) -> None:
    git(checkout, "tag", "v1.2.3")
    from_git = unpacked(checkout, tmp_path)
    assert hatchling(from_git, "version") == "1.2.3"
    (from_git / ".git_archival.txt").unlink()
    assert hatchling(from_git, "version") == "0.1.dev0"


def test_a_wheel_brings_its_commit_and_what_an_installation_needs(checkout: Path, tmp_path: Path) -> None:
    git(checkout, "tag", "v1.2.3")
    commit = git(checkout, "rev-parse", "HEAD")
    # By way of a source distribution of what git packed: neither knows git any more.
    hatchling(unpacked(checkout, tmp_path), "build", "-t", "sdist", "-d", str(tmp_path))
    with tarfile.open(tmp_path / "escrutinio-1.2.3.tar.gz") as archive:
        archive.extractall(tmp_path, filter="data")
    hatchling(tmp_path / "escrutinio-1.2.3", "build", "-t", "wheel", "-d", str(tmp_path))
    shutil.unpack_archive(tmp_path / "escrutinio-1.2.3-py3-none-any.whl", tmp_path / "installed", "zip")
    installed = tmp_path / "installed"
    assert find_commit(installed / "tally") == commit
    shared = installed / "escrutinio-1.2.3.data" / "data" / "share" / "escrutinio"
    assert (shared / "requirements.lock").read_bytes() == (_PROJECT / "requirements.lock").read_bytes()
    assert (shared / "deploy" / "systemd" / "escrutinio-.service.d" / "hardening.conf").is_file()
    assert not list(installed.rglob("*archival*"))


def test_a_commit_that_nobody_knows_is_none_and_a_checkout_is_asked_itself(checkout: Path, tmp_path: Path) -> None:
    assert find_commit(checkout / "tally") == git(checkout, "rev-parse", "HEAD")
    (tmp_path / "elsewhere" / "tally").mkdir(parents=True)
    assert find_commit(tmp_path / "elsewhere" / "tally") is None
    (tmp_path / "elsewhere" / ".git").mkdir()
    assert find_commit(tmp_path / "elsewhere" / "tally") is None
    assert (str(Program("1.2.3", None)), str(Program("1.2.3", 40 * "a"))) == ("1.2.3", f"1.2.3 ({12 * 'a'})")


def test_a_seal_s_mark_names_version_and_commit_and_one_of_before_is_still_read() -> None:
    program = this_program()
    mark = Mark("2026-06-08T00:00:00Z", "an-election", "president", "e1", 3, "c" * 64, program.version, program.commit)
    assert read_line(write_line(mark)) == mark
    old = b'{"mark":{"at":"2026-06-08T00:00:00Z","election":"e","contest":"c","epoch":"x","seq":3,"chain":""'
    old += b',"version":"1"}}'
    found = read_line(old)
    assert isinstance(found, Mark)
    assert (found.version, found.commit) == ("1", None)
