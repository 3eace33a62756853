"""Names as a page has them, out of the source's capitals: an area's, and the surname a candidate goes by."""

_LITTLE = frozenset(("de", "del", "la", "las", "los", "y", "e"))


def titled(text: str) -> str:
    """ "MADRE DE DIOS" → "Madre de Dios"."""
    words = text.lower().split()
    return " ".join(word if at and word in _LITTLE else _capital(word) for at, word in enumerate(words))


def surnames(candidate: str) -> tuple[str, str]:
    """First and second surname of a name in capitals: the last words but for given names, each with its articles.

    "JUAN DE LA CRUZ QUISPE" → "DE LA CRUZ", "QUISPE". Where no given name would be left, there is one surname.
    """
    words = candidate.split()
    second = _last(words)
    first = _last(words[: len(words) - len(second)])
    return (" ".join(first), " ".join(second)) if len(first) + len(second) < len(words) else (" ".join(second), "")


def _last(words: list[str]) -> list[str]:
    """The last word with the articles before it."""
    start = len(words) - 1
    while start > 0 and words[start - 1].lower() in _LITTLE:
        start -= 1
    return words[max(0, start) :]


def _capital(word: str) -> str:
    return "-".join(part[:1].upper() + part[1:] for part in word.split("-"))
