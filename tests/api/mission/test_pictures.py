"""Pictures over HTTP: refused in bounds, kept once, and given as files to those who may see their incident."""

import resource
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from mission.incidents.photos import MOST_BYTES
from tally.storage.store import Store
from tests.api.mission.conftest import MISSION
from tests.api.mission.desk import Team, team_of
from tests.mission.pictures import SECRET, draw, encode, with_secret

_GIGABYTE = 1 << 30


@pytest.fixture
def team(any_store: Store, tmp_path: Path) -> Iterator[Team]:
    with team_of(any_store, tmp_path) as team:
        yield team


def send(team: Team, incident: str, body: bytes, who: str = "observer", kind: str = "image/jpeg") -> tuple[int, str]:
    """Status and hash of a picture that is sent."""
    path = f"{MISSION}/incidents/{incident}/photos"
    answer = team.people[who].post(path, content=body, headers={"Content-Type": kind})
    return answer.status_code, answer.json().get("hash", "")


def test_a_picture_is_kept_without_what_it_carried_and_given_as_a_file(team: Team, tmp_path: Path) -> None:
    incident = team.filed()
    status, digest = send(team, incident, with_secret("JPEG", "exif"))
    assert status == 201
    given = team.people["verifier"].get(f"{MISSION}/incidents/{incident}/photos/{digest}")
    assert given.status_code == 200
    assert given.headers["content-type"] == "image/jpeg"
    assert given.headers["x-content-type-options"] == "nosniff"
    assert given.headers["content-disposition"].startswith("attachment")
    assert given.headers["cache-control"] == "no-store"
    assert "access-control-allow-origin" not in given.headers
    assert SECRET not in given.content
    assert [photo["hash"] for photo in team.see("observer", incident)["photos"]] == [digest]
    kept = [path for path in (tmp_path / "photos").rglob("*") if path.is_file()]
    assert all(SECRET not in path.read_bytes() for path in kept)


def test_a_retry_keeps_one_picture_and_another_report_may_not_have_the_same(team: Team) -> None:
    one, other = team.filed(), team.filed("verifier")
    first, again = send(team, one, encode(draw(), "PNG")), send(team, one, encode(draw(), "PNG"))
    assert (first[0], again[0]) == (201, 200)
    assert first[1] == again[1]
    assert send(team, other, encode(draw(), "PNG"), "verifier")[0] == 409
    assert len(team.see("verifier", one)["photos"]) == 1
    assert team.see("verifier", other)["photos"] == []


def test_pictures_of_others_are_not_there(team: Team) -> None:
    incident = team.filed("verifier")
    _, digest = send(team, incident, encode(draw(), "JPEG"), "verifier")
    path = f"{MISSION}/incidents/{incident}/photos"
    assert team.people["observer"].get(f"{path}/{digest}").status_code == 404
    assert send(team, incident, encode(draw((9, 9)), "JPEG"), "observer")[0] == 404
    assert team.public.get(f"{path}/{digest}").status_code == 401
    assert team.people["second"].get(f"{path}/{'0' * 64}").status_code == 404


@pytest.mark.parametrize("kind", ["text/html", "application/pdf", "application/octet-stream"])
def test_what_says_it_is_no_picture_is_refused(team: Team, kind: str) -> None:
    assert send(team, team.filed(), encode(draw(), "JPEG"), kind=kind)[0] == 403


def test_what_is_no_picture_is_refused_whatever_it_says(team: Team) -> None:
    status, _ = send(team, team.filed(), b"<html><script>alert(1)</script>")
    assert status == 422


@pytest.mark.parametrize("is_declared", [True, False], ids=["declared", "chunked"])
def test_a_gigabyte_is_refused_in_bounds(team: Team, is_declared: bool) -> None:
    path = f"{MISSION}/incidents/{team.filed()}/photos"
    token = team.people["observer"].headers["Authorization"]
    url = team.public.base_url
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with socket.create_connection((url.host, url.port or 80), 20) as wire:
        length = f"Content-Length: {_GIGABYTE}" if is_declared else "Transfer-Encoding: chunked"
        head = (
            f"POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: {token}\r\nContent-Type: image/png\r\n{length}\r\n\r\n"
        )
        wire.sendall(head.encode())
        answer, sent = flood(wire, is_declared=is_declared)
    assert answer.startswith(b"HTTP/1.1 413")
    assert sent < 4 * MOST_BYTES
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 * 1024


def flood(wire: socket.socket, *, is_declared: bool) -> tuple[bytes, int]:
    """Send a gigabyte, or until the server answers; the answer, and how much was sent."""
    block, sent = bytes(1 << 16), 0
    part = block if is_declared else b"10000\r\n" + block + b"\r\n"
    wire.settimeout(0.05)
    answer = b""
    while sent < _GIGABYTE and not answer:
        try:
            wire.sendall(part)
            sent += len(block)
        except TimeoutError:
            pass
        except ConnectionError:
            break
        try:
            answer = wire.recv(4096)
        except TimeoutError:
            continue
        except ConnectionError:
            break
    return answer, sent
