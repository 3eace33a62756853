"""What a public question may cost: nothing heavy on the loop, and no answer twice for a junk parameter."""

import asyncio
from typing import Any

import httpx
import pytest

from api.routes import results
from tests.api.conftest import BASE
from tests.api.country import Country, minute


@pytest.mark.parametrize(
    "path",
    [
        "/elections", BASE.removeprefix("/api/v1"), "/state?topic=nation", "/results?level=mesa", "/areas/nation",
        "/queue", "/corrections", "/why?key=nation", "/heads", "/search?q=lima", "/incidents", "/timeline?key=nation",
    ],
)  # fmt: skip
def test_a_parameter_that_means_nothing_is_refused(client: httpx.Client, path: str) -> None:
    path = f"/api/v1{path}" if path.startswith("/elections") else BASE + path
    good = client.get(path)
    assert good.status_code == 200, good.text
    answer = client.get(f"{path}{'&' if '?' in path else '?'}utm_source=x")
    assert answer.status_code == 400
    assert "a parameter that it does not know" in answer.json()["detail"]
    assert "utm_source" not in answer.json()["detail"]


def test_rows_are_chosen_by_a_worker_and_once_a_version(
    client: httpx.Client, country: Country, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = list[str]()

    def chosen(*arguments: Any) -> Any:
        with pytest.raises(RuntimeError):
            asyncio.get_running_loop()
        made.append(str(arguments[0].seq))
        return select_keys(*arguments)

    select_keys = results.select_keys
    monkeypatch.setattr(results, "select_keys", chosen)
    bodies = [client.get(f"{BASE}/results?level=mesa{more}").content for more in ("", "&format=json", "")]
    assert len(set(bodies)) == 1
    assert len(made) == 1
    country.count(country.mesas[-1:], minute(9))
    later = country.writer.seq
    while client.get(f"{BASE}/results?level=mesa").json()["seq"] < later:
        pass
    assert len(set(made)) == len(made) == 2
