"""The API does what its description says, also with requests nobody would send."""

from pathlib import Path

import pytest

from geo.boundaries import Geometry
from tests.api.trial import trial_of

# Enough to find a careless change; `make soak` sends ten thousand.
CASES = 4
# What an election has, each of its contests has by the same registration: there the path alone is another.
CASES_OF_CONTESTS = 2


# What hypothesis and schemathesis themselves are warned of says nothing about us.
@pytest.mark.long
@pytest.mark.filterwarnings("ignore::hypothesis.errors.NonInteractiveExampleWarning")
def test_generated_requests_meet_no_failure_and_no_surprise(tmp_path: Path, geometry: Geometry) -> None:
    with trial_of(tmp_path, geometry) as trial:
        again = [one for one in trial.operations() if "{contest_id}" in one.path]
        own = [one for one in trial.operations() if "{contest_id}" not in one.path]
        for operation in own:
            trial.run(operation, CASES, seed=1)
        assert trial.cases > 3 * len(own)
        for operation in again:
            trial.run(operation, CASES_OF_CONTESTS, seed=1)
        assert trial.statuses[200] > trial.cases // 10
