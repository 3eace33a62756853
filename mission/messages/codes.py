"""Numbers that stand for the rubric in a text message: printed in its guide (`guide.py`), in the rubric's own order."""

from collections.abc import Mapping

from mission.incidents.rubric import Category, Severity

CATEGORY_NUMBERS: Mapping[int, Category] = dict(enumerate(Category, start=1))
SEVERITY_NUMBERS: Mapping[int, Severity] = dict(enumerate(Severity, start=1))


def category_codes() -> dict[str, Category]:
    """Every category by its number as it is printed and typed: "07"."""
    return {f"{number:02}": category for number, category in CATEGORY_NUMBERS.items()}
