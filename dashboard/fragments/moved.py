"""Addresses that pages had before: sent on, with their query, so that kept links go on working."""

from collections.abc import Mapping

from flask import Flask, Response, redirect, request


def add_moved_routes(server: Flask, moved: Mapping[str, str]) -> None:
    """Send each earlier path on to the one of now."""

    def send_on() -> Response:
        query = request.query_string.decode()
        answer: Response = redirect(f"{moved[request.path]}{'?' if query else ''}{query}", 308)  # type: ignore[assignment] # werkzeug's base class
        return answer

    for path in moved:
        server.add_url_rule(path, endpoint=f"moved-{path}", view_func=send_on)
