"""Passwords: argon2id with the low-memory parameters of RFC 9106 (64 MiB, 3 passes, 4 lanes)."""

import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

from mission.thresholds import THRESHOLDS
from tally.errors import InvalidInput

LIMITS = THRESHOLDS.passwords
_WORDS_BYTES = 12


class Passwords:
    """Makes and checks hashes. The parameters are chosen once; hashes of other ones are still read."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)
        self._nobody: str | None = None

    def hash(self, password: str) -> str:
        """The hash to keep."""
        return self._hasher.hash(password)

    def is_right(self, kept: str | None, password: str) -> bool:
        """Whether the password is that of the kept hash; always False, and as slow, if nothing is kept."""
        if self._nobody is None:
            # What is checked for a name nobody has, so that its answer takes as long as any other.
            self._nobody = self._hasher.hash(secrets.token_urlsafe(_WORDS_BYTES))
        try:
            return self._hasher.verify(kept or self._nobody, password) and kept is not None
        except (VerificationError, InvalidHashError):
            return False

    def is_dated(self, kept: str) -> bool:
        """Whether a hash was made with other parameters than today's."""
        return self._hasher.check_needs_rehash(kept)


def check_password(password: str) -> str:
    """The password itself.

    Raises: InvalidInput: too short or too long.
    """
    if not LIMITS.shortest <= len(password) <= LIMITS.longest:
        raise InvalidInput(f"a password has {LIMITS.shortest} to {LIMITS.longest} characters")
    return password


def new_password() -> str:
    """A password nobody chose: 96 random bits."""
    return secrets.token_urlsafe(_WORDS_BYTES)
