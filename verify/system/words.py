"""Words for people, in Chinese and English side by side."""

import re
from collections.abc import Callable, Iterable
from typing import Annotated, Any

from pydantic import BaseModel, WrapValidator, model_validator

from verify.system.language import Language

__all__ = [
    "Language",
    "Tell",
    "Text",
    "Words",
    "clause",
    "ended",
    "enumerated",
    "joined",
    "said",
    "sentence",
]

# Ideographs; of a template that is made of names alone, its punctuation tells.
_CHINESE = re.compile("[\u3400-\u9fff\u3001\u3002\uff00-\uff65]")
_WORD = re.compile(r"^[a-z]+(?=[ ,:])")
_NAME = re.compile(r"\S+|`[^`]+`")  # of a program, a party, a version: or code


class Words(BaseModel, extra="forbid", frozen=True):
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
        """These words as a template, each `{name}` filled with a value in its language.

        A number may have its format there: `{share:.0%}`.
        """
        return _in_both(
            *(
                self.of(one).format(**{name: _in(value, one) for name, value in values.items()})
                for one in Language
            )
        )

    @model_validator(mode="before")
    @classmethod
    def _both(cls, given: Any) -> Any:  # noqa: ANN401  # nothing is validated yet
        if not isinstance(given, (dict, Words)):
            raise ValueError(  # noqa: TRY004
                Words(
                    zh='要用两种语言写：{ zh = "…", en = "…" }',
                    en='is said in two languages, { zh = "…", en = "…" }',
                )
            )
        return given

    @model_validator(mode="after")
    def _is_in_both(self) -> "Words":
        for name, text in (("zh", self.zh), ("en", self.en)):
            if not text or text != " ".join(text.split()):
                raise ValueError(
                    Words(
                        zh="`{name}` 是一行文字，前后没有空格",
                        en="`{name}` is one line of words, with no space around it",
                    ).filled(name=name)
                )
        if not _CHINESE.search(self.zh) and not (self.zh == self.en and _NAME.fullmatch(self.zh)):
            raise ValueError(
                Words(
                    zh="`zh` 要用中文写，或与 `en` 是同一个名字",
                    en="`zh` is in Chinese, or the same name as `en`",
                )
            )
        return self


def _of_a_run(given: Any, read: Callable[[Any], Words]) -> Words:  # noqa: ANN401  # not yet validated
    """Words that were put together: what they are filled with may look like anything."""
    if isinstance(given, Words):
        return given
    is_whole = isinstance(given, dict) and given.keys() == Words.model_fields.keys()
    if is_whole and all(isinstance(text, str) for text in given.values()):
        return _in_both(**given)
    return read(given)


# What a run tells: words of ours, or what no language changes, such as a name or an exception.
Text = str | Annotated[Words, WrapValidator(_of_a_run)]
Tell = Callable[[Text], None]  # hears a sentence


def said(text: object, language: Language) -> str:
    """A text in a language."""
    return str(_in(text, language))


def clause(text: Text) -> Text:
    """A sentence as a part of another: without its full stop."""
    if isinstance(text, Words):
        return _in_both(text.zh.rstrip("。."), text.en.rstrip("."))
    return text.rstrip(".")


def ended(text: Text) -> Words:
    """A text with its full stop, unless it asks or calls out."""
    told = clause(text)
    return _in_both(
        _ended(said(told, Language.CHINESE), "。"), _ended(said(told, Language.ENGLISH), ".")
    )


def sentence(text: Text) -> Text:
    """Words as a sentence of their own; what no language changes, an exception say, stays as it is.

    Nothing becomes nothing.
    """
    if not isinstance(text, Words):
        return text
    told = ended(text)
    return _in_both(told.zh, _WORD.sub(lambda word: word[0].capitalize(), told.en, count=1))


def _ended(text: str, full_stop: str) -> str:
    return text if text.endswith(("?", "!", "？", "！")) else f"{text}{full_stop}"


def joined(parts: Iterable[Text | None], *, zh: str = "；", en: str = "; ") -> Text:
    """Those parts that say something, one after the other, with what stands between them."""
    some = [part for part in parts if part]
    if len(some) < 2:  # noqa: PLR2004
        return some[0] if some else ""
    return _in_both(
        zh.join(said(part, Language.CHINESE) for part in some),
        en.join(said(part, Language.ENGLISH) for part in some),
    )


def enumerated(names: Iterable[object]) -> Text:
    """Names or numbers, as each language lists them."""
    return joined(map(_named, names), zh="、", en=", ")


def _named(one: object) -> Text:
    return one if isinstance(one, Words) else str(one)


def _in(value: object, language: Language) -> object:
    told = value.args[0] if isinstance(value, Exception) and value.args else value
    return told.of(language) if isinstance(told, Words) else value


def _in_both(zh: str, en: str) -> Words:
    """Words that are made of others, and of what a run has shown, which may look like anything."""
    return Words.model_construct(zh=zh, en=en)
