"""Numbers are proved over HTTP where the archive is, and only there."""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, Route, expect

from api.main import create_app
from api.options import ServeOptions
from bench.soaks.archive import make_evidence
from bench.soaks.proofs import prover_of
from bench.tampering import copy_evidence
from dashboard.app import build
from ingest.proof.bundles import standalone
from ingest.proof.bundles.bundle import Proven, Prover
from ingest.proof.bundles.standalone import check
from ingest.registry import known_elections
from tally.storage.epochs import begin_epoch
from tally.storage.store import Store
from tests.api.conftest import client_of, served
from tests.dashboard.axe import objections

ELECTION = "2026-06-07-president-runoff"
PROOFS = re.compile(r"/proof\?key=")
PROOF = f"/api/v1/elections/{ELECTION}/proof"


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_evidence(tmp_path_factory.mktemp("evidence") / "whole", 10, (8, 720))


def client_over(folder: Path, archive: Path | None) -> Iterator[httpx.Client]:
    with closing(Store.open(f"sqlite:///{folder / 'count.db'}")) as store:
        options = ServeOptions(poll_s=0.02, archive=archive)
        with client_of(create_app(store, known_elections(), options=options)) as client:
            yield client


@pytest.fixture(scope="module")
def client(evidence: Path) -> Iterator[httpx.Client]:
    yield from client_over(evidence, evidence / "archive")


@pytest.fixture(scope="module")
def replica(evidence: Path) -> Iterator[httpx.Client]:
    """One without the archive."""
    yield from client_over(evidence, evidence / "elsewhere")


@pytest.mark.parametrize("key", ["mesa/000001", "district/140101", "province/1401", "scope/abroad", "nation"])
def test_a_proof_over_http_is_the_one_of_the_command_line(client: httpx.Client, evidence: Path, key: str) -> None:
    answer = client.get(PROOF, params={"key": key})
    assert answer.status_code == 200
    assert check([answer.content])[1] == []
    with prover_of(evidence) as prove:
        assert answer.content == prove(key)
    assert client.get(f"{PROOF}?key={key}", headers={"If-None-Match": answer.headers["etag"]}).status_code == 304


def test_a_number_of_an_earlier_moment_is_proved_as_it_was_then(client: httpx.Client) -> None:
    base = f"/api/v1/elections/{ELECTION}"
    points = client.get(f"{base}/timeline?key=nation").json()["points"]
    first, *_, last = [point for point in points if point["published"] is not None]
    for point in (first, last):
        answer = client.get(PROOF, params={"key": "nation", "at": point["at"]})
        assert check([answer.content])[1] == []
        assert json.loads(answer.content)["figures"]["counted"] == point["published"]["counted"]
    assert first["published"]["counted"] < last["published"]["counted"]
    assert client.get(PROOF, params={"key": "nation", "at": "2020-01-01T00:00:00Z"}).status_code == 404


def test_while_the_count_moves_what_was_sealed_last_is_proved(evidence: Path, tmp_path: Path) -> None:
    copy_evidence(evidence, tmp_path)
    heads = sorted((tmp_path / "archive" / "checkpoints").iterdir(), key=lambda path: int(path.name))
    newest = {key: json.loads(bundle) for key, bundle in proofs_over(tmp_path).items()}
    heads[-1].rename(tmp_path / "head")
    found = {key: json.loads(bundle) for key, bundle in proofs_over(tmp_path).items()}
    for key, bundle in found.items():
        counted = [one["figures"].get("counted", one["sum"]["figures"]["counted"]) for one in (bundle, newest[key])]
        assert counted[0] < counted[1], key
        assert bundle["head"] != newest[key]["head"]
    for client in client_over(tmp_path, tmp_path / "archive"):
        tag = client.get(f"{PROOF}?key=nation").headers["etag"]
        moment = client.get(f"/api/v1/elections/{ELECTION}").json()["as_of"]
        asked = client.get(PROOF, params={"key": "nation", "at": moment})
        assert (asked.status_code, "is not sealed yet" in asked.text) == (404, True)
        (tmp_path / "head").rename(heads[-1])
        answer = client.get(f"{PROOF}?key=nation", headers={"If-None-Match": tag})
        assert json.loads(answer.content) == newest["nation"]


def test_after_a_new_epoch_nothing_says_that_a_head_would_follow_by_itself(evidence: Path, tmp_path: Path) -> None:
    copy_evidence(evidence, tmp_path)
    with closing(Store.open(f"sqlite:///{tmp_path / 'count.db'}")) as store:
        begin_epoch(store, store.counts()[0])
    for client in client_over(tmp_path, tmp_path / "archive"):
        moment = client.get(f"/api/v1/elections/{ELECTION}").json()["as_of"]
        for place in ({}, {"at": moment}):
            asked = client.get(PROOF, params={"key": "nation", **place})
            assert asked.status_code == 404
            assert "is not sealed: no version of this history is in the archive" in asked.json()["detail"]


def proofs_over(folder: Path) -> dict[str, bytes]:
    """Of some keys that changed last, as a server gives them."""
    for client in client_over(folder, folder / "archive"):
        found = {key: client.get(PROOF, params={"key": key}).content for key in ("nation", "district/140101")}
        assert [check([bundle])[1] for bundle in found.values()] == [[], []]
    return found


def test_a_polling_place_is_proved_by_its_mesas(client: httpx.Client) -> None:
    acta = client.get(f"/api/v1/elections/{ELECTION}/mesas/000001").json()
    bundle = json.loads(client.get(PROOF, params={"key": f"place/{acta['place']}"}).content)
    assert "mesa/000001" in [part[0] for part in bundle["sum"]["parts"]]


def test_where_no_archive_is_a_sentence_says_so(replica: httpx.Client) -> None:
    answer = replica.get(PROOF, params={"key": "nation"})
    assert (answer.status_code, "has no archive" in answer.text) == (404, True)


@pytest.mark.parametrize("key", ["mesa/999999", "nonsense", ""])
def test_what_the_count_does_not_have_is_not_there(client: httpx.Client, key: str) -> None:
    answer = client.get(PROOF, params={"key": key})
    assert (answer.status_code, "there is no" in answer.text) == (404, True)


def test_a_proof_is_made_once_for_all_who_ask_and_never_on_the_loop(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = list[str]()
    prove = Prover.prove

    def counted(self: Prover, proven: Proven) -> bytes:
        made.append(threading.current_thread().name)
        return prove(self, proven)

    monkeypatch.setattr(Prover, "prove", counted)
    assert len({client.get(PROOF, params={"key": "mesa/000004"}).content for _ in range(3)}) == 1
    [thread] = made
    assert thread.startswith("work")


def test_pages_lead_to_the_proof_and_the_verifier_where_the_archive_is(
    client: httpx.Client, replica: httpx.Client
) -> None:
    assert client.get("/prove.py").content == Path(standalone.__file__).read_bytes()
    assert client.get(f"/api/v1/elections/{ELECTION}").json()["is_provable"] is True
    assert replica.get(f"/api/v1/elections/{ELECTION}").json()["is_provable"] is False


@pytest.mark.parametrize(
    ("path", "key"), [("/mesa/000001", "mesa/000001"), ("/area/district/140101", "district/140101")]
)
def test_the_page_of_a_number_has_what_its_proof_proves_and_what_not(evidence: Path, path: str, key: str) -> None:
    pages = dict[bool, str]()
    with closing(Store.open(f"sqlite:///{evidence / 'count.db'}")) as store:
        for is_here in (True, False):
            options = ServeOptions(poll_s=0.02, archive=evidence / "archive" if is_here else None)
            app = create_app(store, known_elections(), dashboard=build, options=options)
            with client_of(app) as client:
                pages[is_here] = client.get(path, params={"lang": "en"}).text
    assert f"/proof?key={path.removeprefix('/area').removeprefix('/')}" in pages[True]
    assert "It does not prove that the number is right" in pages[True]
    assert "/proof?key=" not in pages[False]


@pytest.fixture(scope="module")
def site(evidence: Path) -> Iterator[str]:
    """The address of pages over the archive."""
    with closing(Store.open(f"sqlite:///{evidence / 'count.db'}")) as store:
        app = create_app(
            store, known_elections(), dashboard=build, options=ServeOptions(poll_s=0.02, archive=evidence / "archive")
        )
        with served(app) as address:
            yield f"http://{address}"


def press(page: Page, address: str) -> None:
    page.goto(address)
    page.locator("details.proof > summary").click()
    page.get_by_role("button", name="Check it in this browser").click()


@pytest.mark.browser
@pytest.mark.parametrize("path", ["/mesa/000001", "/area/district/140101", "/"])
def test_a_reader_checks_the_number_of_the_page_in_the_browser_itself(site: str, phone: Page, path: str) -> None:
    asked = list[str]()
    phone.on("request", lambda request: asked.append(request.url))
    phone.goto(f"{site}{path}?lang=en")
    assert [url for url in asked if url.endswith(("/proof.js", "/proof.en.js"))] == []
    press(phone, f"{site}{path}?lang=en")
    told = phone.locator(".proof-check")
    expect(told).to_contain_text("All of it holds.")
    expect(told).to_contain_text("They are the figures that this page shows.")
    expect(told.locator("li b").filter(has_text="✓")).to_have_count(told.locator("li").count())
    assert phone.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert path != "/" or objections(phone) == []


def altered(route: Route) -> None:
    """The same proof, of which somebody changed one digit."""
    answer = route.fetch()
    figures = json.loads(answer.text())["figures"]
    route.fulfill(response=answer, body=answer.text().replace(f'"blank":{figures["blank"]}', '"blank":9876'))


@pytest.mark.browser
def test_an_altered_proof_is_told_and_a_missing_one_too(site: str, wide: Page) -> None:
    wide.route(PROOFS, altered)
    press(wide, f"{site}/mesa/000001?lang=en")
    expect(wide.locator(".proof-check")).to_contain_text("It does not hold: this proves no number.")
    wide.unroute(PROOFS)
    wide.route(PROOFS, lambda route: route.fulfill(status=404, body="not sealed yet"))
    wide.get_by_role("button", name="Check it in this browser").click()
    expect(wide.locator(".proof-check")).to_contain_text("There is no proof of this number here yet")


@pytest.mark.browser
def test_a_browser_without_ed25519_says_which_step_is_missing_and_how_python_does_it(site: str, wide: Page) -> None:
    wide.add_init_script(
        "SubtleCrypto.prototype.importKey = async () => { throw new DOMException('', 'NotSupportedError'); }"
    )
    press(wide, f"{site}/mesa/000001?lang=en")
    told = wide.locator(".proof-check")
    expect(told).to_contain_text("All that this browser can check holds; the signature is missing.")
    expect(told).to_contain_text("python3 prove.py mesa-000001.json")
    name = wide.get_by_role("link", name="The proof (JSON)").get_attribute("download")
    assert name == "mesa-000001.json"
