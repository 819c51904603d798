"""The words of the report, in English and Chinese; the files of `_FILES` have them."""

import json
from functools import cache
from importlib.resources import files

import tomli
from markupsafe import Markup

from verify.evidence.repetition.likeness import Likeness
from verify.finding import CheckKind, Worded
from verify.report import totals
from verify.report.defects import Standing
from verify.report.outcome import Outcome
from verify.report.published import Works

_FILES = ("wording.toml", "overview.toml")
# Words that enums carry themselves.
_ENUMS: dict[str, type[Worded]] = {
    "kind": CheckKind,
    "likeness": Likeness,
    "outcome": Outcome,
}


@cache
def table() -> dict[str, dict[str, str]]:
    """Each phrase by its name and language; `{name}` stands for a value."""
    texts = ((files(__package__) / name).read_text(encoding="utf-8") for name in _FILES)
    phrases: dict[str, dict[str, str]] = tomli.loads("\n".join(texts))  # none of them twice
    for prefix, enum in _ENUMS.items():
        for member in enum:
            phrases[f"{prefix}-{member.value}"] = {"en": member.sentence, "zh": member.chinese}
    for works in Works:
        for use in ("short", "outcome"):
            phrases[f"{use}-page-{works.value}"] = {"en": works.sentence, "zh": works.chinese}
    for standing in Standing:
        phrases[f"standing-{standing.value}"] = {"en": standing.sentence, "zh": standing.chinese}
    for outcome, words in totals.SHORT.items():
        phrases[f"short-{outcome.value}"] = {"en": words.en, "zh": words.zh}
    return phrases


def english(name: str, **values: object) -> str:
    """A phrase in English."""
    return table()[name]["en"].format(**values)


def chinese(name: str) -> str:
    """A phrase in Chinese, where it stands beside the English one."""
    return table()[name]["zh"]


def phrase(name: str, **values: object) -> Markup:
    """A phrase in English, which the page's script can say in Chinese."""
    return Markup("<span {0}>{1}</span>").format(names(name, **values), english(name, **values))


def names(name: str, **values: object) -> Markup:
    """The attributes that tell the script which phrase an element holds, and with which values."""
    given = Markup("").join(Markup(' data-{0}="{1}"').format(*pair) for pair in values.items())
    return Markup('data-t="{0}"').format(name) + given


def label(name: str) -> Markup:
    """An accessible name that the page's script can say in Chinese."""
    return Markup('aria-label="{0}" data-label="{1}"').format(english(name), name)


def for_script() -> Markup:
    """All phrases as JSON that may stand in a page: no `<` in it ends a script."""
    text = json.dumps(table(), ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c"))  # noqa: S704  # our own words
