"""What the rehearsal's observers see, drawn from a seed: reports as the intake takes them, and what becomes of them."""

import random
import tomllib
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from mission.incidents.rubric import Basis, Category, Severity
from tally import moments
from tally.keys import code_of, level_of

_BASES = (Basis.DIRECT_OBSERVATION, Basis.SECOND_OBSERVER, Basis.DOCUMENT_OR_IMAGE, Basis.OFFICIAL_CONFIRMATION)
_REASONS = (
    "El acta y las fotos muestran lo contrario.",
    "No ocurrió en este local, según el segundo observador.",
    "Es de otra elección.",
)
_OUTCOMES = ("La ODPE repuso el material.", "La mesa quedó instalada.", "La policía retiró la propaganda.", "Atendido.")


class Script:
    """Draws; the same seed draws the same."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311 - a play, not a secret
        self._scenes = tomllib.loads((Path(__file__).parent / "script.toml").read_text())

    def report(self, keys: Sequence[str], now: datetime) -> dict[str, Any]:
        """A report at one of those keys of the count (mesas, places or a district)."""
        category = self.chance.choices(list(Category), [self._scenes[one]["weight"] for one in Category])[0]
        scene = self._scenes[category]
        severity = self.chance.choices(list(Severity), scene["severity"])[0]
        happened = now - timedelta(minutes=self.chance.choice((1, 3, 5, 8, 15, 40)))
        key = self.chance.choice(keys)
        return {
            "category": category.value,
            "severity": severity.value,
            "place": {level_of(key).value: code_of(key)},
            "occurred_at": moments.write(happened.replace(microsecond=0)),
            "device_at": moments.write(now.replace(microsecond=0)),
            "text": self.chance.choice(scene["texts"]).format(hour=f"{self.chance.randint(8, 10)}:20"),
            "position": None,
            "flag": None,
        }

    def verdict(self) -> dict[str, str | None]:
        """What a verifier finds, as a move."""
        if self.chance.random() < 0.15:
            return {"move": "reject", "reason": self.chance.choice(_REASONS), "basis": None}
        return {"move": "verify", "reason": None, "basis": self.chance.choice(_BASES).value}

    def outcome(self) -> str:
        """How something was settled."""
        return self.chance.choice(_OUTCOMES)
