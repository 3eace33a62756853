"""The mission's thresholds: data (mission/thresholds.toml), not code."""

from datetime import timedelta

from msgspec import Struct

from mission.incidents.rubric import Severity
from mission.limits import read_limits


class CoverageLimits(Struct, frozen=True, forbid_unknown_fields=True):
    """When a region is silent."""

    silent_after_hours: int


class ReportLimits(Struct, frozen=True, forbid_unknown_fields=True):
    """How long a report is its reporter's, how much it may hold, when two may be the same, and what time is doubted."""

    own_for_hours: int
    most_photos: int
    most_photo_mb: int
    longest_text: int
    longest_reason: int
    longest_decision: int
    alike_within_minutes: int
    clock_off_minutes: int
    future_minutes: int


class Quota(Struct, frozen=True, forbid_unknown_fields=True):
    """How much is taken: of reports, of pictures, and of their megabytes."""

    reports: int
    pictures: int
    picture_mb: int


class Window(Struct, frozen=True, forbid_unknown_fields=True):
    """Limits of what happens within so many minutes."""

    window_minutes: int

    @property
    def window(self) -> timedelta:
        """Within which it is counted."""
        return timedelta(minutes=self.window_minutes)


class QuotaLimits(Window, frozen=True):
    """How much observers may send within a window."""

    device: Quota
    mission: Quota


class PictureLimits(Struct, frozen=True, forbid_unknown_fields=True):
    """What drawing pictures anew may take."""

    at_once: int
    memory_mb: int
    cpu_s: int
    wall_s: int


class PublicationLimits(Struct, frozen=True, forbid_unknown_fields=True):
    """How many observers must have been there, and how late the public hears of it."""

    least_observers: int
    delay_minutes: int
    step_minutes: int


class PasswordLimits(Struct, frozen=True, forbid_unknown_fields=True):
    """Characters of a password."""

    shortest: int
    longest: int


class CardLimits(Struct, frozen=True, forbid_unknown_fields=True):
    """How many observers' cards are made by one request."""

    most_at_once: int


class DeviceLimits(Struct, frozen=True, forbid_unknown_fields=True):
    """How long an invitation is open, and a device may report."""

    invited_days: int
    lasts_days: int


class SessionLimits(Struct, frozen=True, forbid_unknown_fields=True):
    """When a session ends by itself."""

    idle_minutes: int
    absolute_hours: int


class AttemptLimits(Window, frozen=True):
    """How many failures to come in make the next one wait."""

    per_pair: int
    per_name: int
    per_address: int
    codes_per_address: int
    codes_in_all: int
    known_days: int


class HashingLimits(Struct, frozen=True, forbid_unknown_fields=True):
    """How much checking of passwords goes on, and waits."""

    at_once: int
    most_waiting: int
    waiting_per_address: int


class RetentionLimits(Struct, frozen=True, forbid_unknown_fields=True):
    """How often what is kept of people is gone through, and how long after the mission names and numbers are."""

    purge_minutes: int
    contacts_days: int


class DeliveryLimits(Struct, frozen=True, forbid_unknown_fields=True):
    """Of alerts on their way out: tries and their pauses, how many wait and are taken at once, and for how long."""

    most_tries: int
    first_pause_s: int
    longest_pause_s: int
    most_waiting: int
    at_once: int
    lease_minutes: int


class MissionThresholds(Struct, frozen=True, forbid_unknown_fields=True):
    """All of them. `voices`: people who must verify an incident of that severity, one where nothing is said."""

    voices: dict[Severity, int]
    coverage: CoverageLimits
    reports: ReportLimits
    quotas: QuotaLimits
    pictures: PictureLimits
    publication: PublicationLimits
    passwords: PasswordLimits
    cards: CardLimits
    devices: DeviceLimits
    sessions: SessionLimits
    attempts: AttemptLimits
    hashing: HashingLimits
    retention: RetentionLimits
    deliveries: DeliveryLimits


THRESHOLDS = read_limits("thresholds", MissionThresholds)
