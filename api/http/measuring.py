"""What requests cost and how they end, by route: dictionaries, since each request pays for it."""

import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator

from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.families import PREFIX, by, family

_BOUNDS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
# Whatever no route of the API answers: pages, their files, and what there is not.
_PAGES = "pages"


class _Timings:
    """Of one route: how many answers began within each bound and in all, and how long they took together."""

    __slots__ = ("buckets", "total_s")

    def __init__(self) -> None:
        self.buckets, self.total_s = [0] * (len(_BOUNDS_S) + 1), 0.0

    def add(self, seconds: float) -> None:
        self.buckets[bisect_left(_BOUNDS_S, seconds)] += 1
        self.total_s += seconds

    def cumulated(self) -> list[tuple[str, float]]:
        found, sum_ = list[tuple[str, float]](), 0
        for bound, number in zip((*map(str, _BOUNDS_S), "+Inf"), self.buckets, strict=True):
            sum_ += number
            found.append((bound, sum_))
        return found


class RequestFigures(Collector):
    """For the loop's thread. Labels are routes' templates, classes of status and names of errors: all of them ours."""

    def __init__(self) -> None:
        self._answers: Counter[tuple[str, str]] = Counter()
        self._timings: dict[str, _Timings] = {}
        # By the name of the error: requests that were refused or put off, and sockets that were not accepted.
        self.refusals: Counter[str] = Counter()
        self.refused_sockets: Counter[str] = Counter()

    def answered(self, scope: Scope, status: int, seconds: float) -> None:
        """An answer to a request began after so long."""
        route = getattr(scope.get("route"), "path", _PAGES)
        self._answers[route, f"{status // 100}xx"] += 1
        timings = self._timings.get(route)
        if timings is None:
            timings = self._timings[route] = _Timings()
        timings.add(seconds)

    def refused(self, scope: Scope, error: Exception) -> None:
        """A request, or a socket, was answered with that error."""
        counts = self.refused_sockets if scope["type"] == "websocket" else self.refusals
        counts[type(error).__name__] += 1

    def collect(self) -> Iterator[Metric]:
        """The figures."""
        answers: dict[tuple[str, ...], float] = dict(self._answers.items())
        text = "Answers by the template of their route and the class of their status."
        yield family("requests", text, answers, ("route", "status"), CounterMetricFamily)
        timings = HistogramMetricFamily(f"{PREFIX}request_seconds", "From a request to its answer.", labels=["route"])
        for route, own in self._timings.items():
            timings.add_metric([route], own.cumulated(), own.total_s)
        yield timings
        refusals = "Requests that ended in an error of ours, by its name: TooMany and AtCapacity are throttles."
        yield by("reason", "refusals", refusals, self.refusals, CounterMetricFamily)
        yield by("reason", "refused_sockets", "Sockets not accepted.", self.refused_sockets, CounterMetricFamily)


class MeasuredRequests:
    """ASGI: counts what the application answers."""

    def __init__(self, app: ASGIApp, figures: RequestFigures) -> None:
        self._app, self._figures = app, figures

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the application answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, figures = time.perf_counter(), self._figures

        async def count(message: Message) -> None:
            if message["type"] == "http.response.start":
                figures.answered(scope, message["status"], time.perf_counter() - began)
            await send(message)

        await self._app(scope, receive, count)
