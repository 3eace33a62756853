"""What a producer pastes: one frame, and if they like one script that makes it as tall as what it shows."""

from html import escape

from dashboard.embed.scene import BAR, CARD, MAP, TABLE

# Enough at 640 px for what is shown; narrower frames scroll, or grow with the script.
HEIGHTS = {MAP: 880, BAR: 420, TABLE: 900, CARD: 420}
HEIGHT_SCRIPT = "/embed/v1/height.js"


def frame(home: str, address: str, title: str, height: int) -> str:
    """The frame alone: it works without the script, without JavaScript and without cookies."""
    return (
        f'<iframe title="{escape(title, quote=True)}" src="{escape(home + address, quote=True)}" loading="lazy" '
        f'width="100%" height="{height}" frameborder="0"></iframe>'
    )


def snippet(home: str, address: str, title: str, height: int, *, grows: bool = True) -> str:
    """The frame and, if wanted, its script."""
    script = f'\n<script async src="{escape(home + HEIGHT_SCRIPT, quote=True)}"></script>' if grows else ""
    return frame(home, address, title, height) + script
