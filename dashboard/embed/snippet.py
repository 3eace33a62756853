"""What a producer pastes: one frame, and a script that makes it as tall as what it shows."""

from markupsafe import Markup

from dashboard.embed.scene import BAR, CARD, MAP, TABLE
from dashboard.embed.sharing import OVERVIEW

# Enough at 640 px for what is shown; narrower frames scroll, or grow with the script.
HEIGHTS = {MAP: 880, BAR: 420, TABLE: 900, CARD: 420, OVERVIEW: 1200}
HEIGHT_SCRIPT = "/embed/v1/height.js"
# The frame works without the script, without JavaScript and without cookies. The customiser's script fills in both.
FRAME = Markup(
    '<iframe title="{title}" src="{src}" loading="lazy" width="100%" height="{height}" frameborder="0"></iframe>'
)
SCRIPT = Markup('\n<script async src="{home}%s"></script>') % HEIGHT_SCRIPT


def snippet(home: str, address: str, title: str, height: int) -> str:
    """The frame and its script, as text."""
    return str(FRAME.format(title=title, src=home + address, height=height) + SCRIPT.format(home=home))
