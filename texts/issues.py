"""The sentence of an issue: a broken rule with its figures. `dashboard/browser/count/issues.js` has it for browsers."""

from collections.abc import Mapping
from typing import Any

from texts.language import Language


def sentence(language: Language, issue: Mapping[str, Any]) -> str:
    """What an issue {"rule", "figures"} says, without a full stop; in general where it comes without its figures.

    A rule that only a newer version knows is shown by its id.
    """
    rule, figures = issue["rule"], issue.get("figures")
    if figures is not None and language.says(f"issue.{rule}"):
        return language(f"issue.{rule}", **figures)
    general = (f"rules.{rule}", f"flag_rules.{rule}")
    return next((language(name) for name in general if language.says(name)), rule)
