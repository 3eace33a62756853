"""docs/operate and the runbook: what they tell to type is run, exists, and leads where it says."""

import re
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Event, Thread

import httpx
import pytest
import typer

from api.cli import program
from tests.api.commands.test_unwell_source import API, Stage
from tests.api.commands.unwell import served
from tests.api.live.replicas import proxy
from tests.operate.documents import OPERATE, PROJECT, RUNBOOK, Block, calls_of, run_blocks
from tests.operate.machine import Machine, machine
from tests.waiting import wait_until

_DOCUMENTS = [*sorted(OPERATE.glob("*.md")), RUNBOOK]
_PATH = re.compile(r"(?<![\w$}\"./:])/(etc|var|srv|opt|usr|media)/")
_LINK = re.compile(r"\[[^\]\n]*\]\(([^)\s]+)\)")


@contextmanager
def visitors(address: str) -> Iterator[Counter[object]]:
    """Somebody who asks for the board and its state all the time; how often what was answered."""
    seen, over = Counter[object](), Event()

    def ask() -> None:
        with httpx.Client(base_url=f"http://{address}") as client:
            while not over.is_set():
                for path in ("/", f"{API}/state"):
                    try:
                        answer = client.get(path)
                        seen[answer.headers.get("x-copy") or answer.status_code] += 1
                    except httpx.HTTPError as error:
                        seen[type(error).__name__] += 1
                time.sleep(0.05)

    thread = Thread(target=ask)
    thread.start()
    try:
        yield seen
    finally:
        over.set()
        thread.join()


@pytest.mark.long
@pytest.mark.postgres
@pytest.mark.nginx
def test_an_operator_goes_by_the_documents_from_install_to_close_and_visitors_notice_nothing(
    fresh_postgres_url: str, nginx: str, tmp_path: Path
) -> None:
    stage = Stage(tmp_path)
    with ExitStack() as stack:
        source = stack.enter_context(served(stage.source))
        here = stack.enter_context(machine(tmp_path / "machine"))
        here.settle(DATABASE_URL=fresh_postgres_url, FEED=source, ELECTION=API.rpartition("/")[2])
        go_by(here, "install.md")
        start(here)
        replicas = [f"127.0.0.1:{port}" for port in here.ports]
        address = stack.enter_context(proxy(nginx, tmp_path, replicas))
        for replica in (*replicas, address):
            wait_until(lambda one=replica: counted(one) == stage.counted())
        with visitors(address) as seen:
            assert "is whole" in go_by(here, "backup.md")
            stage.step()
            wait_until(lambda: counted(address) == stage.counted())
            restored = go_by(here, "restore.md")
            assert "goes on at version" in restored
            assert "All of it is as it was published." in restored
            wait_until(lambda: counted(address) == stage.counted())
            go_by(here, "upgrade.md")
            stage.finish()
            wait_until(lambda: counted(address) == stage.counted())
            go_by(here, "disk.md")
            assert "all of it is as it was published" in go_by(here, "closing.md").lower()
        assert set(seen) == {200}
        assert seen[200] > 20


def start(here: Machine) -> None:
    units = ["escrutinio-poll", *(f"escrutinio-serve@{port}" for port in here.ports)]
    here.run([Block("start", 1, "sh", f"systemctl start {' '.join(units)}\n")])


def go_by(here: Machine, name: str, **variables: str) -> str:
    """Run a document."""
    return here.run(run_blocks(OPERATE / name), **variables)


def counted(address: str) -> int | None:
    """How many actas a replica, or the proxy, says are counted."""
    rows = httpx.get(f"http://{address}{API}/results?level=nation").raise_for_status().json()["rows"]
    return int(rows[0]["published"]["counted"]) if rows and rows[0]["published"] else None


@pytest.mark.parametrize("document", _DOCUMENTS, ids=lambda path: path.name)
def test_every_command_that_a_document_names_is_one_of_the_program_with_those_options(document: Path) -> None:
    wrong = [
        f"escrutinio {' '.join(words)}: {complaint}"
        for words in calls_of(document)
        if (complaint := complaint_about(words))
    ]
    assert wrong == []


def complaint_about(words: list[str]) -> str | None:
    """What the program does not know of such a call."""
    command, rest = typer.main.get_command(program(words[0] if words else None)), list(words)
    while hasattr(command, "commands"):
        name = rest.pop(0) if rest else ""
        if name not in command.commands:
            return None if name.startswith("--") else f"there is no command {name!r}"
        command = command.commands[name]
    known = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
    strange = [word for word in rest if word.startswith("--") and word not in {*known, "--help"}]
    return f"it has no {strange[0]}" if strange else None


@pytest.mark.parametrize("document", _DOCUMENTS, ids=lambda path: path.name)
def test_what_is_run_names_its_folders_in_its_first_block_only(document: Path) -> None:
    blocks = run_blocks(document)
    named = [block.place for block in blocks[1:] if _PATH.search(block.text)]
    assert named == []
    assert [block.place for block in blocks[:1] if not block.text.startswith(': "${')] == []


def test_every_link_of_the_documents_leads_somewhere() -> None:
    lost = []
    for document in (*PROJECT.glob("*.md"), *PROJECT.glob("docs/**/*.md")):
        for target in _LINK.findall(re.sub(r"```.*?```", "", document.read_text("utf-8"), flags=re.DOTALL)):
            path, _, anchor = target.partition("#")
            if "://" in path or path.startswith("mailto:"):
                continue
            leads_to = (document.parent / path).resolve() if path else document
            if not leads_to.exists() or (anchor and leads_to.suffix == ".md" and anchor not in anchors(leads_to)):
                lost.append(f"{document.relative_to(PROJECT)}: {target}")
    assert lost == []


def anchors(document: Path) -> set[str]:
    """The anchors that a page of Markdown has: its headings as GitHub writes them."""
    headings = re.findall(r"^#+ (.+)$", document.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_the_runbook_has_an_entry_of_each_kind_that_says_all_there_is_to_say() -> None:
    entries = re.split(r"^## ", RUNBOOK.read_text("utf-8"), flags=re.MULTILINE)[1:]
    assert len(entries) == 12
    parts = ("**Shows itself**", "```console", "**Over** when", "**Say**")
    assert [entry.partition("\n")[0] for entry in entries for part in parts if part not in entry] == []
