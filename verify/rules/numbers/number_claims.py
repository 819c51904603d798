"""What prose says about parameters of the code: “a batch size of 32”, “训练 40 轮”."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from verify.page.code import literals
from verify.page.code.literals import spellings
from verify.page.prose import numerals, quantities
from verify.page.prose.quantities import Quantity, QuantityKind
from verify.rules.numbers.conflict import sentences_of
from verify.system.words import Words

_CHINESE = {
    "batch size": "批大小|批次大小|批量大小|批处理大小|批尺寸",
    "epochs": "训练轮数|训练轮次|训练轮|迭代轮数|轮数",
    "learning rate": "学习率",
    "random seed": "随机种子",
    "threshold": "阈值",
    "max depth": "最大深度|树的深度|最大树深",
    "dropout": "dropout\\s?(?:比例|比率|率)",
    "weight decay": "权重衰减",
    "momentum": "动量",
    "trees": "树的数量|树的棵数",
    "classes": "类别数量?|分类数量?",
}
_UNCERTAIN = re.compile(
    r"default|usually|typical|recommend|e\.g\.|such as|for (?:example|instance)|\bif\b|\bwhen\b|"
    r"suppose|larger|smaller|instead|\bpaper|between|range|maxim|minim|at least|at most|greater|"
    r"\bless\b|\bmore than\b|should|\bcould\b|\bmay\b|\bmight\b|\btry\b|previous|earlier|before\b|"
    r"better|\bbest|\boriginal|\bfast|\bquick|\bspeed|increas|decreas|\brais|\blower|\bhigher|\boptimal|\blast\b|\bfinal\b|"
    r"multiple|最后|更|提高|降低|增大|减小|倍|"
    r"为例|原文|原始|原代码|默认|通常|一般|建议|推荐|例如|比如|如果|若|假设|论文|范围|之间|至少|至多|最多|"
    r"最少|超过|不能|应该|可能|尝试|之前|此前|原来|大于|小于",
    re.IGNORECASE,
)
_SHORT = 4
_ANY_NUMBER = re.compile(rf"\d|[二两三四五六七八九十]|\b{numerals.ENGLISH}\b", re.IGNORECASE)
_NUMBER = rf"(?P<number>(?<![A-Za-z0-9_.]){numerals.DIGITS})(?P<percent>\s?[%％])?"
_NOT_ALONE = (
    r"(?!\s*(?:to\b|[-–~～到至+*×^]|or\b|或|/|[,，、]\s?\d|and\s\d|\w*[a-z]\d|times\b|of\b|%\s?of\b)"
    r"|\.?\d)"
)
# Between a name and its value there is nothing else.
_SET = re.compile(
    r"[`'\"”’\s]*(?:[=:：]|(?:is\s|are\s|was\s)?set\sto|to|设(?:置|定)?(?:为|成))[`'\"“‘\s]*",
    re.IGNORECASE,
)
_SET_BEFORE = re.compile(r"\bset(?:s|ting)?\s(?:the\s)?[`'\"]?$", re.IGNORECASE)
# The same value in another unit is another number.
_CONVERTED = frozenset({"KB", "MB", "GB", "bits", "bytes", "ms", "minutes", "hours", "days"})
_GIVES = (
    r"(?:\s|[`'\"”’]|of|is|was|are|=|:|：|为|是|设为|设置为|设置成|设成|设定为|取值?为?|等于|to|set|参数|的值|的|value|"
    r"统一|均|都|被|here|这里|both|使用|采用|for\sall|equals?|parameter){1,10}"
)
# `server learning rate` is another parameter than `learning rate`.
_BEFORE_NAME = re.compile(
    r"(?:^|[^A-Za-z\u4e00-\u9fff\s]|(?<=[型练络们里器])的|[把将用置里为以和与是中个设取让且但下们]|\b(?:an?|the|our|with|of|and|uses?|using|sets?|"
    r"setting|is|as|at|this|that|same|where|ha[sv]e|in|for|by|to|choose|takes?|keep|both|fixed|constant|total|"
    r"we|called|parameter|but|here|train|training|which))\s*$",
    re.IGNORECASE,
)
_IN_A_CALL = re.compile(r"[A-Za-z_]\([^()]*$")
# `alpha / r = 2` gives the quotient.
_IN_A_TERM = re.compile(r"\w\s?[*/+×÷^]\s?$")
# `x=1` will do this or that: what a value does is told of any.
_DOES = re.compile(
    r"[`'\"”’]*\s?(?:(?:will|would|means?|returns?|gives?|makes?|implies|leads?\sto)\b|表示|意味着|会)",
    re.IGNORECASE,
)
_GIVEN_AFTER = re.compile(rf"{_GIVES}{_NUMBER}{_NOT_ALONE}", re.IGNORECASE)
_GIVEN_BEFORE = re.compile(rf"{_NUMBER}\s(?:as|for)\s(?:the\s|a\s|our\s)?$", re.IGNORECASE)
_TRAINS = re.compile(
    r"\b(?:train(?:s|ed|ing)?|fit(?:s|ted)?|fine-?tun(?:e|es|ed|ing)|runs?|running|perform(?:s|ed)?)\b"
    r"(?:\s[\w'-]+){0,5}?\s(?:for|with|over|in)\s(?:a\stotal\sof\s|only\s)?$|\b(?:train|run|perform|execute)\s$|"
    r"(?:训练|迭代|运行|跑|微调)(?:了|过程|轮次|轮数|共|一共|总共|只|拉高|提高|增加|设置|设|为|到|进行|至|模型|次数)*\s*$",
    re.IGNORECASE,
)
_EVERY = re.compile(r"每\S{0,4}\s?$|\b(?:every|each|per)\s(?:\w+\s)?$", re.IGNORECASE)
_OF_TRAINING = re.compile(
    r"\s?(?:epochs?|rounds?)\sof\s\w*\s?(?:training|aggregation)|\s?轮(?:次)?的?训练", re.IGNORECASE
)
_FROZEN = re.compile(
    r"\bfirst\s(?P<number>\d+)\s(?:[a-z]+\s)?layers\b|前\s?(?P<chinese>\d+)\s?(?:个)?层",
    re.IGNORECASE,
)

_BATCHES = re.compile(
    r"\b(?P<each>\d+)\s(?:samples|images|pictures|rows|examples|records)\s"
    r"(?:a|per|in\s(?:a|each|every))\s(?:mini-?)?batch\b"
    r"|\b(?:mini-?)?batch(?:es)?\sof\s(?:size\s)?(?P<number>\d+)\b(?!\s?(?:%|to\b|or\b|-))"
    r"|(?:每批|每个(?:小)?批次)(?:有|为|取|含|包含)?\s?(?P<chinese>\d+)\s?(?:个|条|张)",
    re.IGNORECASE,
)


def words(parameter: str) -> Words:
    """A parameter as people call it."""
    chinese = _CHINESE.get(parameter, "").partition("|")[0].removesuffix("?")
    is_name = chinese and not re.search(r"[\\(]", chinese)
    parameter = " ".join(parameter.split())  # `clip__rate` has two spaces
    return Words(zh=chinese if is_name else f"参数 `{parameter}`", en=parameter)


@dataclass(frozen=True)
class NumberClaim:
    """The value that a text gives to a parameter, under its canonical words.

    `named_at` is where the text names the parameter, None where a unit implies it. `name` is the
    name as written if the text sets it, as `name = 3` and `set name to 3` do.
    """

    parameter: str
    value: float
    start: int
    text: str
    named_at: int | None = None
    name: str = ""


# The words of a name, and one of nothing else.
_WORD = re.compile(r"[a-z0-9]+")
_PLAIN = re.compile(r"[a-z0-9]+(?: +[a-z0-9]+)*")
_EXAMPLE = re.compile(
    r"e\.g\.|\bfor example|\bfor instance|such as|\bgiven an?\b|例如|比如|为例|假设|假如",
    re.IGNORECASE,
)


def is_uncertain(sentence: str) -> bool:
    """Whether a sentence speaks of what may be, of others or of bounds, not of the page's code."""
    return _UNCERTAIN.search(sentence) is not None


def is_example(sentence: str) -> bool:
    """Whether a sentence gives an example."""
    return _EXAMPLE.search(sentence) is not None


class Names:
    """Parameters, found by the words that name them: a page may have thousands."""

    def __init__(self, parameters: Iterable[str]) -> None:
        """Sort them by the words of each spelling; `parameters` are canonical names."""
        self._by_words: dict[tuple[str, ...], list[str]] = {}
        self._others: list[str] = []
        for parameter in parameters:
            if parameter in _CHINESE or not all(map(_PLAIN.fullmatch, spellings(parameter))):
                self._others.append(parameter)
            for spelling in spellings(parameter):
                words = tuple(_WORD.findall(spelling))
                self._by_words.setdefault(words, []).append(parameter)
        self._longest = max(map(len, self._by_words), default=0)

    def among(self, sentence: str) -> list[str]:
        """Those that a sentence may name, in the order of the alphabet."""
        lower = sentence.lower()
        words = _WORD.findall(lower)
        found = {one for one in self._others if any(word in lower for word in _first_words(one))}
        for start in range(len(words)):
            for end in range(start + 1, min(start + self._longest, len(words)) + 1):
                found.update(self._by_words.get(tuple(words[start:end]), ()))
        return sorted(found)


def find(text: str, names: Names, *, beside_code: bool = False) -> Iterator[NumberClaim]:
    """The claims of a text about some parameters.

    Args:
        text: prose, inline code included, or a comment.
        names: the parameters of the page's code.
        beside_code: whether the text is a comment, which needs no verb.
    """
    for sentence in sentences_of(text):
        if not _ANY_NUMBER.search(sentence[0]) or is_uncertain(sentence[0]):
            continue
        stated = {q.start: q for q in quantities.find(sentence[0]) if _is_one_value(q)}
        at = sentence.start()
        for parameter in names.among(sentence[0]):
            for name in _named(parameter).finditer(sentence[0]):
                given = _GIVEN_AFTER.match(sentence[0], name.end())
                given = given or _GIVEN_BEFORE.search(sentence[0], 0, name.start())
                # A size, a range, a power and a number of another unit give no value.
                value = stated.get(given.start("number")) if given else None
                if given and value and _is_whole_name(parameter, name, given):
                    yield _stated(parameter, name, given, value, at)
        yield from _counted(sentence[0], at, beside_code=beside_code)
        for found in _BATCHES.finditer(sentence[0]):
            group = found.lastgroup or "number"
            yield NumberClaim(
                "batch size", float(found[group]), at + found.start(group), found[group]
            )
        for found in _FROZEN.finditer(sentence[0]):
            number = found["number"] or found["chinese"]
            yield NumberClaim("first layers", float(number), at + found.start(), number)


@lru_cache(maxsize=4096)
def _first_words(parameter: str) -> tuple[str, ...]:
    latin = {spelling.split(" ")[0] for spelling in spellings(parameter)}
    return (*latin, *(words[0] for words in _CHINESE.get(parameter, "").split("|") if words))


def _is_whole_name(parameter: str, name: re.Match[str], given: re.Match[str]) -> bool:
    """Whether the parameter alone is named: not in a call, nor with a word that tells another."""
    before = name.string[: min(name.start(), given.start())]
    is_other = _IN_A_CALL.search(before) or _IN_A_TERM.search(name.string, 0, name.start())
    if is_other or _DOES.match(name.string, given.end()):
        return False
    if "_" in name[0]:
        return True
    between = name.string[name.end() : given.start("number")]
    # `batch size 64` needs no verb, but `epoch 1` is the second epoch.
    alone = literals.is_usual(parameter) and re.search(r"[\s-]|[^\x00-\x7f]", name[0])
    joined = given.start() < name.start() or between.strip()
    return _BEFORE_NAME.search(name.string, 0, name.start()) is not None and bool(alone or joined)


def _is_one_value(quantity: Quantity) -> bool:
    return (
        quantity.kind in (QuantityKind.COUNT, QuantityKind.PERCENT)
        and not quantity.approximate
        and quantity.unit not in _CONVERTED
    )


def _stated(
    parameter: str, name: re.Match[str], given: re.Match[str], value: Quantity, at: int
) -> NumberClaim:
    number = value.value / (100 if value.kind is QuantityKind.PERCENT else 1)
    between = name.string[name.end() : given.start("number")]
    set_to = _SET.fullmatch(between) is not None and (
        between.strip("`'\"”’“‘ ") != "to" or _SET_BEFORE.search(name.string, 0, name.start())
    )
    return NumberClaim(
        parameter,
        number,
        at + given.start("number"),
        value.text,
        at + name.start(),
        name[0] if set_to else "",
    )


@lru_cache(maxsize=4096)
def _named(parameter: str) -> re.Pattern[str]:
    names = []
    for spelling in sorted(spellings(parameter), key=len, reverse=True):
        name = r"[\s_-]".join(map(re.escape, spelling.split(" ")))
        # A short name may be any word, unless it is written as code.
        names.append(name if len(spelling) >= _SHORT else rf"{name}(?=\s?=)")
    if parameter in _CHINESE:
        names.append(_CHINESE[parameter])
    return re.compile(rf"(?<![A-Za-z0-9_])(?:{'|'.join(names)})(?![A-Za-z0-9])", re.IGNORECASE)


def _counted(sentence: str, at: int, *, beside_code: bool) -> Iterator[NumberClaim]:
    for quantity in quantities.find(sentence):
        if quantity.kind is not QuantityKind.COUNT or quantity.approximate:
            continue
        known = ("epochs", "rounds", "trees") if beside_code else ("epochs", "rounds")
        if quantity.unit not in known or quantity.value < 2:  # noqa: PLR2004
            continue
        before = sentence[: quantity.start]
        if _EVERY.search(before):
            continue
        if beside_code or _TRAINS.search(before) or _OF_TRAINING.match(sentence, quantity.end):
            yield _claim(quantity, at)


def _claim(quantity: Quantity, at: int) -> NumberClaim:
    return NumberClaim(quantity.unit, quantity.value, at + quantity.start, quantity.text)
