"""What the toy mission answers beside incidents and flags: accounts, summary, public layer, acta audits."""

from collections.abc import Callable
from typing import Any

from starlette.requests import Request

Answer = Callable[..., Any]
Text = Callable[[str], str]


def rooms(mission: Any, now: str) -> dict[str, Answer]:
    """Handlers by "METHOD pattern"; `mission.text` plants a test's payload in every text."""
    fixed: dict[str, Any] = {
        "GET alerts": {"alerts": [], "next": None},
        "GET accounts": _accounts(mission.text, now),
        "GET audit": _deeds(mission.text, now),
        "GET intake-stop": {"is_stopped": True, "at": now, "reason": mission.text("ensayo")},
        "GET summary": _summary(now),
        "GET public-preview": _preview(now),
        "GET audits": {"audits": [{"id": 1, "made_at": now}]},
        "GET audits/([^/]+)": _audit(mission.text, now),
    }
    return {name: _always(body) for name, body in fixed.items()} | {
        "POST invitations": _always({"code": "WXYZ-1234", "name": "obs-1", "pseudonym": "garza-3", "expires_at": now}),
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
    coverage = {"places_visited": 11, "places": 40, "observers": 15, "regions": 3, "regions_silent": 2}
    return {"as_of": now, "is_test": True, "incidents": 7, "reporters": 5, "cells": cells, "coverage": coverage}


def _preview(now: str) -> dict[str, Any]:
    notice = {"key": "district/140101", "category": "opening_delay", "severity": "minor", "at": now}
    layer = {"as_of": now, "delay_minutes": 60, "rows": {}, "incidents": [notice]}
    return {
        "now": {**layer, "incidents": []},
        "next": layer,
        "entries": [{"id": "inc0004", "is_new": True, **notice}],
        "gone": ["inc0009"],
        "waiting": [{"id": "inc0003", "verified_at": now, "public_from": now}],
        "hidden": [{"id": "inc0005", "reason": "few_observers"}, {"id": "inc0006", "reason": "withheld"}],
        "observers_needed": 5,
        "cut": now,
        "next_cut": now,
        "digest": "d" * 64,
    }


def _audit(text: Text, now: str) -> dict[str, Any]:
    draws = [
        {"n": 1, "mesa": "000001", "cast": 190, "entries": 2, "missing": 0, "taint": 0.0, "p": 0.98},
        {"n": 2, "mesa": "000002", "cast": 190, "entries": 2, "missing": 1, "taint": None, "p": None},
        {"n": 3, "mesa": "000003", "cast": 190, "entries": 0, "missing": 2, "taint": None, "p": None},
    ]
    fixed = {"id": 1, "seed": "1" * 20, "risk_limit": 0.05, "planned": 3, "needed": 3, "bound": 397.5}
    moving = {"settled": 1, "discrepancies": 0, "p_value": 0.98, "made_at": now}
    return {**fixed, **moving, "es": text("1 sorteo leído"), "en": text("1 draw read"), "draws": draws}
