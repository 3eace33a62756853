"""Logs: one readable line per event on stderr."""

import asyncio
import logging
import sys

import structlog


def configure_logs(level: int = logging.INFO) -> None:
    """Set structlog up once for a program."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty()),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def tell_end(task: asyncio.Task[None]) -> None:
    """For `add_done_callback` of a task that should never end by itself: say so when it does, once."""
    if not task.cancelled() and (error := task.exception()) is not None:
        log = structlog.get_logger(__name__)
        log.critical("a task ended; restart the server", task=task.get_name(), exc_info=error)
