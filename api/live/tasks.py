"""Tasks in the background of a server: said when they fail, ended together."""

import asyncio

import structlog


def tell_end(task: asyncio.Task[None]) -> None:
    """For `add_done_callback` of a task that should never end by itself: say so when it does, once."""
    if not task.cancelled() and (error := task.exception()) is not None:
        log = structlog.get_logger(__name__)
        log.critical("a task ended; restart the server", task=task.get_name(), exc_info=error)


async def end_tasks(*tasks: asyncio.Task[None] | None) -> None:
    """Cancel those that there are, and wait until they are gone; a failure was told when it happened."""
    running = [task for task in tasks if task is not None]
    for task in running:
        task.cancel()
    if running:
        await asyncio.wait(running)
