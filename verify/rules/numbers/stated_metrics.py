"""Metrics that prose states of a run, against the figures that the run has printed."""

import re
from collections.abc import Iterator

from verify.page.page import Page, Role
from verify.page.prose import numerals, sentences
from verify.rules.numbers.conflict import Conflict, shows

_NAMES = {
    "accuracy": r"accuracy|\bacc\b|准确率|精度|正确率",
    "auc": r"\bauc\b",
    "loss": r"\bloss\b|损失值?",
    "precision": r"\bprecision\b|精确率",
    "recall": r"\brecall\b|召回率",
    "f1": r"\bf1(?:[ -]?score)?\b",
    "rmse": r"\brmse\b",
    "mse": r"\bmse\b",
    "ks": r"\bks\b",
}
_IN_OUTPUT = {
    "accuracy": r"acc", "auc": r"auc", "loss": r"loss", "precision": r"precision",
    "recall": r"recall", "f1": r"f1", "rmse": r"rmse", "mse": r"mse|mean_squared", "ks": r"\bks\b",
}  # fmt: skip
_FIGURE = r"(?<![\w.-])-?\d+\.\d+(?:e[-+]?\d+)?"
_CLAIM = (
    r"(?:\s(?:of|on|score|the|test|validation|training|set|data|value|model|is|was|can|be|has|have|a|an)|"
    r"\s?(?:reach(?:es|ed)?|achiev(?:es|ed)|attain(?:s|ed)|gets?|got|obtain(?:s|ed)|equals?|around|about|"
    r"nearly|up\sto|to|at|converges?|=|:|：|[（(])|[\s的均都能可以上在约为是达到了接近大约最终值收敛稳定于]){1,8}?\s?"
)
_UNCERTAIN = re.compile(
    r"\bif\b|\bwhen\b|should|would|could|\bless than|more than|greater|below|above|baseline|paper|"
    r"random|increase|decrease|improve|如果|若|应该|大于|小于|高于|低于|超过|论文|随机|基线|提升|提高|下降|损失不大|影响",
    re.IGNORECASE,
)
_HEDGED = re.compile(r"约|左右|接近|around|about|nearly|roughly|approximately|~|≈", re.IGNORECASE)
_NEAR = 0.02


def conflicts(page: Page) -> Iterator[Conflict]:
    """The figures of a page's prose that no stored output shows."""
    outputs = [output.text for code in page.python for output in code.outputs]
    figures = [abs(float(figure)) for text in outputs for figure in re.findall(_FIGURE, text)]
    printed = [name for name in _NAMES if any(_printed(name, text) for text in outputs)]
    for piece in page.prose:
        if piece.role is Role.TABLE_CELL or not printed:
            continue
        for sentence in sentences.split(piece.words):
            if _UNCERTAIN.search(sentence[0]) or not re.search(r"\d", sentence[0]):
                continue
            for name in printed:
                for found in _claims(_NAMES[name], sentence[0]):
                    if not _seen(found, figures, hedged=bool(_HEDGED.search(sentence[0]))):
                        figure = found["number"] + found["percent"]
                        message = f"The text says {name} {figure}, and no stored output shows it."
                        start = sentence.start() + found.start("number")
                        yield Conflict(piece, start, message, "State what the run has printed.")


def _printed(name: str, text: str) -> bool:
    return (
        re.search(rf"(?:{_IN_OUTPUT[name]})\w*\W{{1,12}}\d+\.\d", text, re.IGNORECASE) is not None
    )


def _claims(words: str, text: str) -> Iterator[re.Match[str]]:
    number = (
        rf"(?P<number>(?<![\w.]){numerals.DIGITS})(?P<percent>\s?[%％]?)"
        r"(?![\w.]*\d|\s?[-–~到至]\s?\d)"
    )
    for found in re.finditer(rf"(?:{words}){_CLAIM}{number}", text, re.IGNORECASE):
        if found["percent"].strip() or numerals.decimals(found["number"]) > 1:
            yield found
    yield from re.finditer(
        rf"(?:\ban?\s){number}\s(?:test\s|validation\s|training\s)?(?:{words})", text, re.IGNORECASE
    )


def _seen(found: re.Match[str], figures: list[float], *, hedged: bool) -> bool:
    stated = found["number"]
    factor = 100 if found["percent"].strip() else 1
    value = numerals.of_digits(stated)
    return any(
        shows(stated, figure * factor)
        or shows(stated, figure)
        or (hedged and abs(figure * factor - value) <= _NEAR * factor)
        for figure in figures
    )
