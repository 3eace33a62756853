"""SVG → PNG in a process of its own: the library holds the interpreter's lock while it draws, some 50 ms a picture.

`python -m api.embed.raster` reads pictures from stdin and writes them to stdout, each after its length in four bytes.
"""

import subprocess
import sys
import threading

import resvg_py

from api.http.errors import AtCapacity
from dashboard.embed.text_width import FAMILY, FILES
from tally import child

# Of a picture twice as fine as its units: sharp on a phone.
FINE = 2.0
_HEAD = 8


class Rasterizer:
    """The drawing process, started when it is first needed and again after it died. For any thread, one at a time."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def draw(self, svg: str, zoom: float = 1.0) -> bytes:
        """The picture as PNG.

        Raises: AtCapacity: it could not be drawn now.
        """
        with self._lock:
            for _ in range(2):
                try:
                    return self._ask(svg, zoom)
                except (OSError, EOFError):
                    self._stop()
            raise AtCapacity("the picture could not be drawn; try again in a moment")

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._stop()

    def _ask(self, svg: str, zoom: float) -> bytes:
        if self._process is None:
            command = [sys.executable, "-m", "api.embed.raster"]
            self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603 - ours
        assert self._process.stdin is not None  # noqa: S101 - opened above
        assert self._process.stdout is not None  # noqa: S101 - and so was this
        child.send(self._process.stdin, f"{zoom:<{_HEAD}g}{svg}".encode())
        return child.receive(self._process.stdout)

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            child.end(process)


def main() -> None:
    """Draw whatever arrives until stdin ends."""
    while True:
        try:
            task = child.receive(sys.stdin.buffer).decode()
        except EOFError:
            return
        zoom, svg = float(task[:_HEAD]), task[_HEAD:]
        picture = resvg_py.svg_to_bytes(
            svg_string=svg,
            zoom=zoom,
            skip_system_fonts=True,
            font_files=list(FILES.values()),
            font_family=FAMILY,
            sans_serif_family=FAMILY,
        )
        child.send(sys.stdout.buffer, bytes(picture))


if __name__ == "__main__":
    main()
