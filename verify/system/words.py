"""Words for people, in Chinese and English side by side."""

import re
from collections.abc import Iterable
from enum import Enum
from typing import Any

from pydantic import model_validator

from verify.system.typed_toml import Strict

_CHINESE = re.compile("[\u3400-\u9fff]")
_NAME = re.compile(r"\S+|`[^`]+`")  # of a program, a party, a version: or code


class Language(str, Enum):
    """A language that words for people are in."""

    CHINESE = "zh"
    ENGLISH = "en"


class Words(Strict):
    """A sentence or phrase in both languages. Where no language is chosen, it is English.

    A name or code that both languages write alike stands in both.
    """

    zh: str
    en: str

    def __str__(self) -> str:
        return self.en

    def of(self, language: Language) -> str:
        """The words in one language."""
        return self.zh if language is Language.CHINESE else self.en

    def filled(self, **values: object) -> "Words":
        """These words as a template, each `{name}` filled with a value in its language."""
        return _in_both(
            *(
                self.of(one).format(**{name: said(value, one) for name, value in values.items()})
                for one in Language
            )
        )

    @model_validator(mode="before")
    @classmethod
    def _both(cls, given: Any) -> Any:  # noqa: ANN401  # nothing is validated yet
        if not isinstance(given, (dict, Words)):
            raise ValueError('is said in two languages, { zh = "…", en = "…" }')  # noqa: TRY004
        return given

    @model_validator(mode="after")
    def _is_in_both(self) -> "Words":
        for name, text in (("zh", self.zh), ("en", self.en)):
            if not text or text != " ".join(text.split()):
                raise ValueError(f"`{name}` is one line of words, with no space around it")
        if not _CHINESE.search(self.zh) and not (self.zh == self.en and _NAME.fullmatch(self.zh)):
            raise ValueError("`zh` is in Chinese, or the same name as `en`")
        return self


# What our own code says in English alone, or words from contract and ledger, in both languages.
Text = str | Words


def said(text: object, language: Language) -> str:
    """A text in a language, as far as it is known there."""
    return text.of(language) if isinstance(text, Words) else str(text)


def clause(text: Text) -> Text:
    """A sentence as a part of another: without its full stop."""
    if isinstance(text, Words):
        return _in_both(text.zh.rstrip("。."), text.en.rstrip("."))
    return text.rstrip(".")


def joined(parts: Iterable[Text | None], *, zh: str = "；", en: str = "; ") -> Text:
    """Those parts that say something, one after the other, with what stands between them."""
    some = [part for part in parts if part]
    if not any(isinstance(part, Words) for part in some):
        return en.join(map(str, some))
    return _in_both(
        zh.join(said(part, Language.CHINESE) for part in some),
        en.join(said(part, Language.ENGLISH) for part in some),
    )


def _in_both(zh: str, en: str) -> Words:
    """Words that are made of others, and of what a run has shown, which may look like anything."""
    return Words.model_construct(zh=zh, en=en)
