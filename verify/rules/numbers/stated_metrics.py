"""Metrics that prose states of a run, against the figures that the run has printed.

What a text says without an epoch is said of the end: a figure of an earlier epoch does not bear it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from verify.finding import Severity
from verify.page.outputs import training_logs
from verify.page.page import Block, Page, Prose, Role
from verify.page.prose import numerals
from verify.rules.numbers.conflict import Conflict, both, sentences_of, shows
from verify.rules.outputs import trainings
from verify.system.words import Words

_CALLED = {
    "accuracy": Words(zh="准确率", en="accuracy"),
    "loss": Words(zh="损失", en="loss"),
    "precision": Words(zh="精确率", en="precision"),
    "recall": Words(zh="召回率", en="recall"),
}
_SAYS = Words(
    zh="{name}：文字中是 {stated}，但{shows}。", en="The text says {name} {stated}, and {shows}."
)
_STATE = Words(zh="请写运行时打印的值。", en="State what the run has printed.")
_ENDS = Words(
    zh="单元格 {cell} 中的训练最后是 {figures}",
    en="the training in cell {cell} ends with {figures}",
)
_NO_OUTPUT = Words(zh="没有任何已存输出显示它", en="no stored output shows it")

_NAMES = {
    "accuracy": r"accuracy|\bacc\b|准确率|准确度|精度|正确率",
    "auc": r"\bauc\b",
    "loss": r"\bloss\b|损失值?",
    "precision": r"\bprecision\b|精确率|查准率",
    "recall": r"\brecall\b|召回率|查全率",
    "f1": r"\bf1(?:[ -]?score)?\b",
    "rmse": r"\brmse\b|root[ -]mean[ -]squared?[ -]error|均方根误差",
    "mse": r"\bmse\b|(?<!root )mean[ -]squared?[ -]error|均方误差",
    "mae": r"\bmae\b|mean[ -]absolute[ -]error|平均绝对误差",
    "ks": r"\bks\b",
}
_IN_OUTPUT = {
    "accuracy": r"acc", "auc": r"auc", "loss": r"loss", "precision": r"precision",
    "recall": r"recall", "f1": r"f1", "rmse": r"rmse|root.mean(?:.squared?(?:.error)?)?",
    "mse": r"mse|mean.squared(?:.error)?",
    "mae": r"mae|mean.absolute(?:.error)?", "ks": r"\bks\b",
}  # fmt: skip
_FIGURE = re.compile(r"(?<![\w.-])-?(?:\d+\.\d+(?:e[-+]?\d+)?|\d+(?=\s?%))")
_CLAIM = (
    r"(?:\s(?:of|on|score|the|our|this|test|validation|training|set|data|value|model|network|is|was|can|be|has|have|a|an|"
    r"now|then|here|after|finally|end)\b|"
    r"\s?\b(?:reach(?:es|ed)?|achiev(?:es|ed)|attain(?:s|ed)|gets?|got|obtain(?:s|ed)|equals?|around|about|"
    r"nearly|roughly|approximately|up\sto|to|at|converges?|ends?|comes?|arrives?|climbs?|rises?|grows?|goes|"
    r"stays?|remains?|settles?|near|with|up|down)\b|\s?[=:：(（]|"
    r"[\s的均都能可以上在约为是达到了接近大约近最终值收敛稳定于训练测试验证集数据也已就有升降至到]){1,10}?\s?"
)
_NUMBER = (
    rf"(?P<number>(?<![A-Za-z0-9_.]){numerals.DIGITS})(?P<percent>\s?(?:[%％]|percent\b)?)"
    r"(?![A-Za-z0-9_.]*\d|\s?[-–~到至]\s?\d|\^)"
)
_OF_DATA = r"(?:test|testing|validation|val|training|train|top-1|overall|final|average|mean)\s"
_BEFORE = rf"(?<![\w.-]){_NUMBER}\s(?:of\s)?(?:{_OF_DATA}){{0,3}}"
_BEFORE_CHINESE = rf"{_NUMBER}\s?的(?:平均|总体|整体|最终)?(?:测试|训练|验证)?集?(?:上的)?"
# `falls from 1.1 to 0.7`: the second one is that of the end.
_TO_THE_END = (
    r"[^\d,，。;；]{0,20}?(?:\b(?:falls?|fell|drop(?:s|ped)?|decreas(?:es|ed)|goes|went|rises?|rose|climb(?:s|ed)|"
    r"grows?|grew|increas(?:es|ed)|improv(?:es|ed)|moves?)\b[^\d,，。;；]{0,12})?(?:\bfrom\s|从|由)\s?(?:about\s|around\s|约)?"
    rf"{numerals.DIGITS}\s?[%％]?\s?(?:(?:down\s|up\s)?to\s|(?:逐步|逐渐|一路)?(?:下降|降低|上升|提升|提高|升高|降|升|涨)(?:到|至|为)了?)"
    rf"\s?(?:about\s|around\s|约)?{_NUMBER}"
)
# How texts say the accuracy without its name.
_CORRECTLY = r"(?:classified|predicted|recogni[sz]ed|labelled)\s(?:correctly|right)"
_CLASSIFIES = r"gets?|got|classif\w+|predict\w*|recogni[sz]\w+|labels?"
_RIGHTLY = "(?:识别|分类|预测|判断)"
_RIGHT = tuple(
    pattern.replace("NUMBER", _NUMBER)
    for pattern in (
        r"\b(?:is|was|are)\s(?:right|correct)\s(?:about|on|for|in|with)\s(?:about\s)?NUMBER(?=\s?of\b)",
        rf"\b(?:{_CLASSIFIES})\s(?:about\s)?NUMBER\sof\s[\w\s-]{{1,40}}\s(?:right|correct(?:ly)?)\b",
        rf"(?<![\w.-])NUMBER\sof\s[\w\s-]{{1,40}}\s(?:is|are|were|was)\s(?:{_CORRECTLY}|correct\b)",
        rf"(?:正确地?{_RIGHTLY}出?|答对|分对)了?\s?约?\s?NUMBER\s?的",
        rf"(?<![\w.-])NUMBER\s?的[\u4e00-\u9fff]{{1,12}}?[都均]?被?(?:正确地?{_RIGHTLY}|{_RIGHTLY}得?正确)",
    )
)
_UNCERTAIN = re.compile(
    r"\bif\b|\bwhen\b|should|would|could|might|\bless than|more than|greater|below|above|\bover\b|"
    r"at least|baseline|paper|random|chance|guess|human|state.of.the.art|\bsota\b|report(?:s|ed)|"
    r"previous|increase|decrease|improve|expect|goal|target|require|need|threshold|suppose|e\.g\.|"
    r"for (?:example|instance)|such as|versus|\bvs\b|"
    r"compared|instead|another|other|"
    r"如果|若|应该|大于|小于|高于|低于|超过|至少|论文|随机|基线|提升|提高|下降|影响|目标|期望|要求|需要|阈值|"
    r"例如|比如|假设|相比|人类|不同|其他|可能",
    re.IGNORECASE,
)
_HEDGED = re.compile(
    r"(?:约|左右|接近|将近|around|about|nearly|almost|roughly|approximately|close to|some|~|≈)\W*$",
    re.IGNORECASE,
)
_HEDGED_AFTER = re.compile(r"\s?(?:左右|上下|or so)")
# Another epoch than the last one, or the best of all.
_EPOCH = re.compile(
    r"epochs?\b|iterations?\b|rounds?\b|\bsteps?\b|\bbest\b|peak|highest|lowest|maxim|minim|up to|"
    r"first|begin|start|early|"
    r"第|轮|步|最高|最低|最好|最佳|最大|最小|开始|起初|至多|高达",
    re.IGNORECASE,
)

_AT_THE_END = re.compile(
    r"\b(?:when|after|once)\b[^,.;]{0,30}\b(?:epochs|rounds)\sare\s(?:over|done|finished)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class _Figures:
    """What a cell has printed: all of it, and what of it stands at the end of its trainings."""

    code: Block
    text: str
    all: tuple[float, ...]
    last: tuple[float, ...]


def conflicts(page: Page) -> Iterator[Conflict]:
    """The figures of a page's prose that no run ends with, and no other output shows."""
    printed = [_figures(code) for code in page.python if code.outputs]
    if not printed:
        return
    for piece in page.prose:
        if piece.role in (Role.TABLE_CELL, Role.HEADING) or not re.search(r"\d", piece.text):
            continue
        for sentence in sentences_of(piece.words):
            said = _AT_THE_END.sub("", re.sub(_TO_THE_END, "", sentence[0]))
            uncertain = _UNCERTAIN.search(said)
            if uncertain or not re.search(r"\d", sentence[0]):
                continue
            yield from _of_sentence(page, piece, sentence, printed)


def _of_sentence(
    page: Page, piece: Prose, sentence: re.Match[str], printed: list[_Figures]
) -> Iterator[Conflict]:
    text = sentence[0]
    of_any = _EPOCH.search(_AT_THE_END.sub("", text)) is not None
    for name, words in _NAMES.items():
        for found in _claims(words, text):
            told = [one for one in printed if _is_told(name, one, piece)]
            figures = [f for one in printed for f in (one.all if of_any else one.last)]
            if not told or _seen(found, figures):
                continue
            stated = f"{found['number']}{found['percent'].strip() and ' %'}"
            shows = _shown_instead(page, piece, name)
            message = _SAYS.filled(name=_CALLED.get(name, name), stated=stated, shows=shows)
            start = sentence.start() + found.start("number")
            yield Conflict(piece, start, message, _STATE, Severity.WARNING)
            return


def _figures(code: Block) -> _Figures:
    text = "\n".join(output.text for output in code.outputs)
    ends = training_logs.at_end(code)
    every, last = (
        tuple(abs(float(figure)) for figure in _FIGURE.findall(one)) for one in (text, ends)
    )
    return _Figures(code, text, every, last)


def _is_told(name: str, printed: _Figures, piece: Prose) -> bool:
    """Whether a cell above the text, or right below it, has printed such a metric."""
    code = printed.code
    beside = code.line < piece.line or (piece.cell is not None and code.cell == piece.cell + 1)
    return beside and _prints(name).search(printed.text) is not None


def _prints(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{_IN_OUTPUT[name]})\w*\W{{1,12}}\d+\.?\d", re.IGNORECASE)


def _claims(words: str, text: str) -> Iterator[re.Match[str]]:
    for pattern in _RIGHT if words is _NAMES["accuracy"] else ():
        if (found := re.search(pattern, text, re.IGNORECASE)) and found["percent"].strip():
            yield found
            return
    if not re.search(words, text, re.IGNORECASE):
        return
    for pattern in (
        rf"(?:{words}){_TO_THE_END}",
        rf"(?:{words}){_CLAIM}{_NUMBER}",
        rf"{_BEFORE}(?:{words})",
        rf"{_BEFORE_CHINESE}(?:{words})",
    ):
        for found in re.finditer(pattern, text, re.IGNORECASE):
            if found["percent"].strip() or numerals.decimals(found["number"]) > 1:
                yield found
                return


def _seen(found: re.Match[str], figures: list[float]) -> bool:
    stated = found["number"]
    factor = 100 if found["percent"].strip() else 1
    value = numerals.of_digits(stated)
    hedged = _HEDGED.search(found.string, 0, found.start("number")) or _HEDGED_AFTER.match(
        found.string, found.end()
    )
    step = _step(stated, value) if hedged else 0.0
    return any(
        shows(stated, figure * factor) or shows(stated, figure)
        or abs(figure * factor - value) <= step or abs(figure - value) <= step
        for figure in figures
    )  # fmt: skip


def _step(stated: str, value: float) -> float:
    """How far off a rounded number may be: `about 90` is less exact than `about 88`."""
    last = 10.0 ** -numerals.decimals(stated)
    if round(value / last) % 10 == 0:
        return 5 * last
    return 2.5 * last if round(value / last) % 5 == 0 else last


def _shown_instead(page: Page, piece: Prose, name: str) -> Words:
    """What the nearest training above the text ends with, or that nothing shows the figure."""
    wanted = re.compile(_IN_OUTPUT[name], re.IGNORECASE)
    runs = [run for run in trainings.of_page(page).runs if run.code.line < piece.line]
    for run in reversed(runs):
        ends = [
            f"`{series}` {values[-1]:g}"
            for series, values in run.training.series.items()
            if wanted.search(series) and values
        ]
        if ends:
            return _ENDS.filled(cell=run.code.cell, figures=both(ends))
    return _NO_OUTPUT
