"""What the toy mission answers beside incidents and flags: accounts, summary, public layer, acta audits."""

from collections.abc import Callable
from typing import Any

from starlette.requests import Request

# What a checkpoint says beside its flags: the figures of 2021 in `docs/mission.md`.
_RATE = {"family": "share", "tests": 74422, "rho": 0.0036, "false_discovery": 0.05}
FOUND: dict[str, Any] = {
    "checkpoints": [{"name": name, "as_of": "2026-06-13T19:05:18Z"} for name in ("75", "jee-1487", "100")],
    "checkpoint": "100",
    "mesas": 86240,
    "tested": 74422,
    "not_testable": 11818,
    "rates": [{**_RATE, "significant": 340, "flagged": 200, "firm": 120}],
    "counts": {"arithmetic": 0, "share": 200, "swap": 18},
    "left_out": 4,
    "first_checkpoint": 50,
    "progress": {"counted": 91279, "at_jee": 1487, "pending": 0, "total": 92766},
}
_COUNTS = {"critical": 1, "serious": 2, "minor": 0, "info": 0}
TROUBLED = {"key": "department/14", "name": "LIMA", "mesas": 12, "at_most": 2814, "margin": 120}
Answer = Callable[..., Any]
Text = Callable[[str], str]

STAKE: dict[str, Any] = {
    "mesas": 12,
    "registered": 2814,
    "at_most": 2814,
    "if_annulled": -120,
    "unknown": ["999999"],
    "verdict": "safe",
}
_CLAIM = {"winners": [0], "margin": 49641, "actas": 92766, "unread": 37, "unread_voters": 11100}
PROSPECT: dict[str, Any] = {"refusal": None, "outcome": _CLAIM, "bound": 397.5, "planned": 1190}
AUDIT: dict[str, Any] = {
    "id": 1,
    "seed": "1" * 20,
    "risk_limit": 0.05,
    "planned": 3,
    "needed": 3,
    "bound": 397.5,
    **_CLAIM,
    "outcome": "running",
    "settled": 1,
    "discrepancies": 0,
    "p_value": 0.98,
}


def rooms(text: Text, ago: Callable[[float], str]) -> dict[str, Answer]:
    """Handlers by "METHOD pattern"; `text` plants a test's payload in every text, `ago` gives a stamp by minutes."""
    now = ago(1)
    fixed: dict[str, Any] = {
        "GET alerts": {"alerts": [], "next": None},
        "GET accounts": _accounts(text, now),
        "GET activity": _deeds(text, now),
        "GET summary": _summary(now),
        "GET public-preview": _preview(text, now),
        "GET coverage": _coverage(text, ago),
        "GET badges": {
            "rows": {
                "department/14": {"incidents": _COUNTS, "flags": 3, "stake": None},
                "mesa/000001": {"incidents": _COUNTS, "flags": 1, "stake": None},
            }
        },
        "GET postings": _postings(text, now),
        "GET people": {"people": [_person(text, now, n) for n in (1, 2)], "teams": [text("Norte")]},
        "GET completeness": {"forms": [], "total": {"forms": []}, "silent": []},
        "GET conflicts": {"undecided": 0, "conflicts": [], "next": None},
        "GET waiting": {
            "forms": {"all": 0, "to_look_at": 0, "missing": 0, "undecided": 0, "silent": 0},
            "messages": {"all": 0, "unread": 0, "last": None, "misread": None},
            "quick_counts": [],
            "frame_apart": None,
            "frame_as_of": None,
            "frame_seq": None,
        },
        "GET quick-counts": {"quick_counts": []},
        "GET sampling-frames": {"frames": [], "others": []},
        "GET troubled": {"areas": [{**TROUBLED, "name": text(TROUBLED["name"])}]},
        "GET stake": _stake(text),
        "GET flags/history/([^/]+)": {"mesa": "000001", "history": []},
        "GET acta-audits": {"audits": [{"id": 1, "made_at": now}]},
        "GET acta-audits/prospect": PROSPECT,
        "GET acta-audits/([^/]+)": _audit(text, now),
    }
    return {name: _always(body) for name, body in fixed.items()} | {
        "POST invitations": _always({"code": "WXYZ-1234", "name": "obs-1", "pseudonym": "garza-3", "expires_at": now}),
        "POST postings": _always(_postings(text, now)),
        "POST publications": _always({"cut": now, "until": now, "incidents": 1}),
    }


def _always(body: Any) -> Answer:
    async def answer(_: Request, __: str, *___: str) -> Any:
        return body

    return answer


def _accounts(text: Text, now: str) -> dict[str, Any]:
    base = {"pseudonym": text("garza-1"), "has_password": True, "created_at": now}
    return {
        "accounts": [
            {"name": text("root"), "role": "admin", "revoked_at": None, **base},
            {"name": "vera", "role": "verifier", "revoked_at": now, **base},
        ]
    }


def _deeds(text: Text, now: str) -> dict[str, Any]:
    deed = {"id": 7, "at": now, "actor": text("root"), "deed": "account added", "subject": text("vera")}
    return {"deeds": [{**deed, "detail": text("verifier")}], "next": None}


def _summary(now: str) -> dict[str, Any]:
    cell = {"category": "opening_delay", "severity": "minor"}
    cells = [{**cell, "verification": name, "n": n} for name, n in (("verified", 2), ("unverified", 5))]
    coverage: dict[str, Any] = {"places_visited": 11, "places": 40, "observers": 15, "regions": 3, "regions_silent": 2}
    coverage["named"] = [
        {"key": "department/14", "name": "LIMA", "is_silent": False},
        {"key": "department/02", "name": "ANCASH", "is_silent": True},
    ]
    election = {"election": {"es": "Segunda vuelta", "en": "Run-off"}, "date": "2026-06-07"}
    counts = {"incidents": 7, "uneventful": 3, "reporters": 5}
    return {"as_of": now, "is_test": True, **election, **counts, "cells": cells, "coverage": coverage}


def _preview(text: Text, now: str) -> dict[str, Any]:
    notice = {"key": "district/140101", "category": "opening_delay", "severity": "minor", "at": now}
    layer = {"as_of": now, "delay_minutes": 60, "rows": {}, "incidents": [notice]}
    return {
        "now": {**layer, "incidents": [{**notice, "severity": "serious"}]},
        "next": layer,
        "entries": [{"id": f"inc000{n}", "is_new": n == 4, **notice} for n in (4, 2)],
        "gone": ["inc0009"],
        "waiting": [{"id": "inc0003", "verified_at": now, "public_from": now}],
        "hidden": [{"id": "inc0005", "reason": "few_observers"}, {"id": "inc0006", "reason": "withheld"}],
        "names": {"district/140101": text("LIMA")},
        "observers_needed": 5,
        "cut": now,
        "next_cut": now,
        "digest": "d" * 64,
    }


def _coverage(text: Text, ago: Callable[[float], str]) -> dict[str, Any]:
    rows = (
        ("14", "LIMA", 12, 4, 20, 9),
        ("01", "AMAZONAS", 3, 260, 9, 2),
        ("02", "ANCASH", 0, None, 11, 0),
        ("92", "AMÉRICA", 0, None, None, 0),
    )
    regions = [
        {
            "key": f"department/{code}",
            "name": text(name),
            "observers": observers,
            "last_report_at": None if last is None else ago(last),
            "is_silent": last is None or last > 180,
            "places": places,
            "visited": visited,
        }
        for code, name, observers, last, places, visited in rows
    ]
    known = {"places_visited": 11, "places": 40, "observers": 15, "silent_after_hours": 3, "as_of": ago(0)}
    return {**known, "regions": regions}


def _postings(text: Text, now: str) -> dict[str, Any]:
    posted = {"observer": text("garza-12"), "key": "district/140101", "name": text("LIMA"), "at": now}
    return {"postings": [posted], "unassigned": [text("mirlo-3")]}


def _person(text: Text, now: str, n: int) -> dict[str, Any]:
    membership = {"team": text("Norte"), "is_lead": n == 1, "tags": [text("quechua")], "region": "department/14"}
    standing = {"is_suspended": n == 2, "has_phone": n == 1, "has_device": n == 1, "is_invited": False}
    where = {"key": "district/140101", "place": text("LIMA"), "last_seen": now}
    return {"pseudonym": f"garza-{n}", "role": "observer", "name": text("Ana"), **membership, **standing, **where}


def _stake(text: Text) -> dict[str, Any]:
    safe = {"is_safe": True, "is_safe_if_annulled": True, "margin": 49641, "key": "nation", "name": None}
    safe["kind"] = "first_second"
    close = {"is_safe": False, "is_safe_if_annulled": True, "margin": 900, "key": "department/14", "name": text("LIMA")}
    close["kind"] = "first_second"
    margins = {"district": None, "department": close, "nation": safe}
    return {**STAKE, "margins": margins}


def _audit(text: Text, now: str) -> dict[str, Any]:
    draws = [
        {"n": 1, "mesa": "000001", "cast": 190, "entries": 2, "missing": 0, "is_read_by_you": True, "p": 0.98},
        {"n": 2, "mesa": "000002", "cast": 190, "entries": 2, "missing": 1, "is_read_by_you": True, "p": None},
        {"n": 3, "mesa": "000003", "cast": 190, "entries": 0, "missing": 2, "is_read_by_you": False, "p": None},
    ]
    read = {"votes": [100, 80], "blank": 5, "null": 5, "challenged": 0}
    draws = [{**draw, "reported": read, "read": {**read, "null": 4}} for draw in draws]
    return {**AUDIT, "made_at": now, "draws": draws}
