"""The pages of the mission: a heading and a place to fill. What they show comes to signed-in members only."""

from dash import html

from dashboard import ids, marks
from dashboard.components import footer
from dashboard.document import Page
from dashboard.mission_pages import PAGES
from dashboard.reading import Visit


def page(visit: Visit) -> Page:
    """The shell of one page of the mission.

    Raises: LookupError: there is no mission; its pages do not exist then.
    """
    name, words, meta = PAGES[visit.path], visit.words, visit.source.meta()
    _find_mission(visit)
    title = words(f"mission_title.{name}")
    body = html.Div(
        [
            html.H1(title),
            html.P(words("mission_shell.no_script"), className="note amber no-script"),
            html.Div(
                html.P(words("mission_shell.loading"), className="soft script-only"),
                id=ids.MISSION,
                **marks.data(desk=name),
            ),
        ],
        className="mission",
    )
    return Page([body], title, visit.path, footer=footer.layout(meta, words))


def _find_mission(visit: Visit) -> None:
    """Ask, as anybody, who is signed in: nobody where there is a mission, not found where there is none."""
    try:
        visit.source.read("/api/v1/mission/session")
    except ConnectionError:
        return
