"""How a run ended, kept beside which tests failed, for `scripts/once-more`."""

import pytest


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Of the run itself, not of a worker's part, nor of one that only listed."""
    cache = getattr(session.config, "cache", None)
    if cache is not None and not hasattr(session.config, "workerinput") and not session.config.option.collectonly:
        cache.set("escrutinio/exit", int(exitstatus))
