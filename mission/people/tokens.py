"""Secrets that are random already: made here, kept elsewhere only as SHA-256."""

import hashlib
import hmac
import secrets

_BYTES = 32
# No letter or digit that is mistaken for another when a code is read out over a telephone.
_CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_CODE_GROUPS, _GROUP = 4, 4


def new_token() -> str:
    """256 random bits, fit for a cookie or a header."""
    return secrets.token_urlsafe(_BYTES)


def new_code() -> str:
    """A code for a person to type, "7K3M-…": 78 random bits."""
    return "-".join("".join(secrets.choice(_CODE_ALPHABET) for _ in range(_GROUP)) for _ in range(_CODE_GROUPS))


def normal_code(typed: str) -> str:
    """The code that was meant: capitals, grouped, whatever was typed between the letters."""
    letters = "".join(letter for letter in typed.upper() if letter.isalnum())
    return "-".join(letters[at : at + _GROUP] for at in range(0, len(letters), _GROUP))


def hash_of(secret: str) -> str:
    """What is kept of a secret. Slow hashing would add nothing: nobody can try 2^78 of them."""
    return hashlib.sha256(secret.encode()).hexdigest()


def keyed_hash(key: bytes, text: str) -> str:
    """What is kept of something that could be guessed: without the key nobody can try addresses one by one."""
    return hmac.digest(key, text.encode(), "sha256").hex()
