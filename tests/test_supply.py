"""What others wrote: locked with hashes, audited, images by digest in a release, containers that may take little."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from scripts import audit, images

_PROJECT = Path(__file__).parents[1]
_COMPOSE = yaml.safe_load((_PROJECT / "compose.yaml").read_text())
_PINNED = "ESCRUTINIO_NGINX_IMAGE=nginx:1.29-alpine@sha256:" + 64 * "a"


@pytest.mark.parametrize("lock", sorted(_PROJECT.glob("requirements*.lock")), ids=lambda path: path.name)
def test_every_locked_package_has_hashes_and_no_index_address(lock: Path) -> None:
    text = lock.read_text()
    packages = re.split(r"\n(?=\S)", text.strip())
    assert all("--hash=sha256:" in package for package in packages)
    assert "://" not in text


def test_what_builds_the_package_is_locked_and_the_image_builds_with_nothing_else() -> None:
    project = tomllib.loads((_PROJECT / "pyproject.toml").read_text())
    assert set(project["build-system"]["requires"]) <= set(project["dependency-groups"]["build"])
    lock = (_PROJECT / "requirements-build.lock").read_text()
    for wanted in project["dependency-groups"]["build"]:
        name = re.split("[^a-z-]", wanted)[0]
        assert re.search(f"^{name}==", lock, re.MULTILINE), wanted
    built = [line for line in (_PROJECT / "Dockerfile").read_text().splitlines() if " pip" in line or "/pip " in line]
    assert all("--require-hashes" in line or "--no-deps" in line for line in built)
    assert "--no-build-isolation" in (_PROJECT / "Dockerfile").read_text()
    assert (_PROJECT / "Makefile").read_text().count("--no-build-isolation --editable .") == 2


def test_what_is_in_two_locks_that_are_installed_together_has_one_version() -> None:
    build = _versions("requirements-build.lock")
    for lock in ("requirements.lock", "requirements-test.lock"):
        other = _versions(lock)
        assert {name: other[name] for name in build.keys() & other.keys()} == {
            name: build[name] for name in build.keys() & other.keys()
        }


def _versions(lock: str) -> dict[str, str]:
    return dict(re.findall(r"^([\w.-]+)==(\S+)", (_PROJECT / lock).read_text(), re.MULTILINE))


@pytest.mark.parametrize("name", sorted(_COMPOSE["services"]))
def test_a_container_may_take_and_do_little(name: str) -> None:
    service: dict[str, Any] = _COMPOSE["services"][name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert set(service.get("cap_add", ())) <= {"CHOWN", "DAC_OVERRIDE", "FOWNER", "SETGID", "SETUID"}
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert re.fullmatch(r"\d+[mg]", service["mem_limit"])
    assert service["pids_limit"] <= 256
    assert set(service["logging"]["options"]) == {"max-size", "max-file"}
    for volume in service.get("volumes", ()):
        source = volume.partition(":")[0]
        assert source in _COMPOSE["volumes"] or (_PROJECT / source).exists(), volume
    for other in service.get("depends_on", ()):
        assert other in _COMPOSE["services"]


def test_the_copies_are_written_by_one_service_and_served_by_the_proxy() -> None:
    exporter, proxy = _COMPOSE["services"]["exporter"], _COMPOSE["services"]["proxy"]
    folder = exporter["command"][exporter["command"].index("--site") + 1]
    assert f"site:{folder}" in exporter["volumes"]
    assert f"site:{folder}:ro" in proxy["volumes"]
    assert f"root {folder};" in (_PROJECT / "deploy" / "nginx.conf").read_text()


def test_an_image_has_the_same_tag_wherever_it_is_named() -> None:
    named = dict(re.findall(r"^(ESCRUTINIO_\w+_IMAGE)=([^@\s]+)", images.FILE.read_text(), re.MULTILINE))
    compose = dict(re.findall(r"\$\{(ESCRUTINIO_\w+_IMAGE):-([^}]+)\}", (_PROJECT / "compose.yaml").read_text()))
    assert compose == named
    assert f"ARG PYTHON_IMAGE={named['ESCRUTINIO_PYTHON_IMAGE']}\n" in (_PROJECT / "Dockerfile").read_text()
    assert set(re.findall(r"^FROM (\S+)", (_PROJECT / "Dockerfile").read_text(), re.MULTILINE)) == {"${PYTHON_IMAGE}"}


def test_a_release_demands_a_digest_of_every_image(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "images.env"
    file.write_text(f"{_PINNED}\nESCRUTINIO_PYTHON_IMAGE=python:3.13-slim\n")
    assert images.main("check", file) == 1
    assert "python:3.13-slim has no digest" in capsys.readouterr().err
    file.write_text(f"{_PINNED}\n")
    assert images.main("check", file) == 0


def test_digests_are_those_that_docker_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    docker = tmp_path / "docker"
    docker.write_text(f'#!/bin/sh\n[ "$1" = pull ] || echo "${{5%%:*}}@sha256:{64 * "b"}"\n')
    docker.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    file = tmp_path / "images.env"
    file.write_text(f"# why\n{_PINNED}\nESCRUTINIO_PYTHON_IMAGE=python:3.13-slim\n")
    assert images.main("pin", file) == 0
    assert file.read_text().count("@sha256:" + 64 * "b") == 2
    assert images.main("check", file) == 0


def test_an_audit_fails_on_a_known_weakness_and_says_when_it_could_not_look(
    capsys: pytest.CaptureFixture[str],
) -> None:
    weak = {"name": "toy", "version": "1.0", "vulns": [{"id": "PYSEC-2026-1"}]}
    skipped = {"name": "other", "skip_reason": "Dependency not found on PyPI"}
    assert audit.say("lock", audit.read_pip_audit({"dependencies": [weak, skipped]})) == 1
    assert "KNOWN WEAKNESS: toy 1.0: PYSEC-2026-1" in (said := capsys.readouterr().out)
    assert "1 packages looked up, 1 weaknesses; 1 could not be looked up" in said
    assert audit.say("lock", audit.read_pip_audit({"dependencies": [skipped]})) == 0
    assert "NOT AUDITED: the database of weaknesses is out of reach" in capsys.readouterr().out
    report = {"auditReportVersion": 2, "vulnerabilities": {"toy": {"severity": "high"}}}
    report["metadata"] = {"dependencies": {"total": 9}}
    assert audit.say("npm", audit.read_npm_audit(report)) == 1
    assert audit.say("npm", audit.read_npm_audit(json.loads('{"message": "405 Method Not Allowed"}'))) == 0
    assert "npm: NOT AUDITED" in capsys.readouterr().out
