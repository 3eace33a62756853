"""The maker of files beside `escrutinio run`: a process of its own, begun late, begun again, and ended with it."""

import asyncio
import os
import sys
from contextlib import suppress

import structlog

from api.commands.files.pace import load_limits
from tally.settings import Settings, files_folder

_log = structlog.get_logger()

_COMMAND = ("-m", "api.cli", "files", "--child")
_END_S = 5.0


async def keep_making(settings: Settings, command: tuple[str, ...] = _COMMAND) -> None:
    """Keep a maker at work until cancelled; whoever only tries the program for a moment starts none."""
    own = load_limits().child
    # Not on the command line, where everybody on the machine reads it: an address of a database may hold a password.
    environment = {
        **os.environ,
        "ESCRUTINIO_DATABASE_URL": settings.database_url,
        "ESCRUTINIO_FILES": str(files_folder(settings)),
    }
    pause = own.first_s
    while True:
        await asyncio.sleep(pause)
        pause = own.again_s
        process = await asyncio.create_subprocess_exec(sys.executable, *command, env=environment)
        try:
            status = await process.wait()
        except asyncio.CancelledError:
            await _end(process)
            raise
        _log.warning("the maker of files ended, it is begun again", status=status, seconds=pause)


async def _end(process: asyncio.subprocess.Process) -> None:
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        await asyncio.wait_for(process.wait(), _END_S)
    except TimeoutError:
        process.kill()
        await process.wait()
