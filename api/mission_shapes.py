"""Shapes of what the mission's people are answered; private, like the answers."""

from typing import Any

from api.shapes import Shape


class Signed(Shape):
    name: str
    role: str
    pseudonym: str
    expires_at: str


class DeviceToken(Shape):
    token: str
    expires_at: str


class AccountShape(Shape):
    name: str
    role: str
    pseudonym: str
    has_password: bool
    created_at: str
    revoked_at: str | None


class Accounts(Shape):
    accounts: list[AccountShape]


class Invitation(Shape):
    code: str
    name: str
    pseudonym: str
    expires_at: str


class DeedShape(Shape):
    id: int
    at: str
    actor: str
    deed: str
    subject: str
    detail: str


class AuditLog(Shape):
    deeds: list[DeedShape]
    next: int | None


class IntakeShape(Shape):
    is_stopped: bool
    at: str | None
    reason: str | None


class ReleaseReceipt(Shape):
    key: str
    held: list[dict[str, str]]


class Ticket(Shape):
    ticket: str
    seconds: int


class AlertShape(Shape):
    id: int
    kind: str
    figures: dict[str, Any]
    href: str | None
    at: str


class Alerts(Shape):
    alerts: list[AlertShape]
    next: int | None
