"""The data set, or the network, that a text says it uses is the one that the code loads.

Compared are well-known ones that libraries load by name. A text that names several, or names the
loaded one as well, compares them or tells where they come from.
"""

import re
from collections.abc import Callable, Iterator

from verify.finding import Finding, FindingKind, Severity
from verify.page.page import Page, Prose, Role
from verify.rules.numbers.conflict import sentences_of
from verify.system.words import Words

_OTHER = Words(
    zh="正文说使用 `{named}`，代码加载的却是 `{loaded}`。",
    en="The text says that it uses {named}, but the code loads `{loaded}`.",
)
_SAME = Words(zh="请写同一个名字。", en="Name the same one in both places.")

# As texts write them, by what loads them; scikit-learn, Keras, torchvision.
_DATA = {
    "iris": r"\biris\b|鸢尾花",
    "wine": r"\bwine\b",
    "breast_cancer": r"breast[ -]cancer|乳腺癌",
    "diabetes": r"\bdiabetes\b|糖尿病",
    "digits": r"(?<!written )\bdigits\sdata",
    "mnist": r"(?<!fashion )(?<!fashion-)\bmnist\b",
    "california_housing": r"california[ -]housing",
    "boston_housing": r"\bboston\b|波士顿",
    "fashion_mnist": r"fashion[ -_]?mnist",
    "cifar10": r"cifar[ -_]?10(?!\d)",
    "cifar100": r"cifar[ -_]?100",
    "imdb": r"\bimdb\b",
    "reuters": r"\breuters\b|路透社",
    "kmnist": r"\bkmnist\b|kuzushiji",
    "svhn": r"\bsvhn\b|street view house",
    "stl10": r"\bstl[ -]?10\b",
    "flowers102": r"flowers[ -]?102",
}
_LOADS = re.compile(
    r"\bload_(?P<sklearn>iris|wine|breast_cancer|diabetes|digits)\("
    r"|\bfetch_(?P<fetched>california_housing)\("
    r"|\bdatasets\.(?P<keras>mnist|fashion_mnist|cifar100?|imdb|reuters|boston_housing|california_housing)\b"
    r"|(?<!class )(?<!def )(?<![\w.])(?:(?:\w+\.)*\w*datasets\.)?"
    r"(?P<torch>MNIST|FashionMNIST|CIFAR100?|KMNIST|SVHN|STL10|Flowers102)\("
)
# A family and a number that tells its members apart.
_FAMILIES = r"ResNet|VGG|DenseNet|EfficientNet|MobileNet|Inception"
_NETWORK = re.compile(
    rf"\b(?P<family>{_FAMILIES})[ -]?(?P<size>V\d|B\d|\d{{2,3}})\b", re.IGNORECASE
)
_MADE = re.compile(
    rf"(?<!class )(?<!def )(?<![\w.])(?:(?:\w+\.)*(?:models|applications)\.(?:\w+\.)?)?"
    rf"(?P<family>{_FAMILIES})_?(?P<size>V\d|B\d|\d{{2,3}})\w*\(",
    re.IGNORECASE,
)
_USES = re.compile(
    r"\b(?:us(?:e|es|ing)|train(?:s|ed|ing)?|load(?:s|ed|ing)?|fetch(?:es|ed|ing)?|gets?|fine-?tun(?:e|es|ed|ing)|download(?:s|ed)?|"
    r"data\s?set|work with|classif(?:y|ies))\b|使用|采用|加载|数据集|训练|微调|下载|获取|基于",
    re.IGNORECASE,
)
_HEDGED = re.compile(
    r"\b(?:like|such as|similar|instead|other|or|also|unlike|compared?|than|e\.g\.|for example|"
    r"another|previous|last|next(?! (?:cell|step|line|code|block))|replace|drop-in|inspired|"
    r"pre-?trained on)\b"
    r"|例如|比如|类似|其他|或者?|不同|相比|替换|上一",
    re.IGNORECASE,
)


def of_page(page: Page) -> Iterator[Finding]:
    """Find a data set or a network that is named otherwise where it is loaded."""
    code = "\n".join(one.source for one in page.codes)
    loaded = {_plain(found[found.lastgroup or 0]) for found in _LOADS.finditer(code)}
    yield from _other(page, loaded, _data_in)
    made = {_plain(found["family"] + found["size"]) for found in _MADE.finditer(code)}
    yield from _other(page, made, _networks_in)


def _other(
    page: Page, loaded: set[str], named_in: Callable[[str], dict[str, str]]
) -> Iterator[Finding]:
    if len(loaded) != 1:
        return
    everywhere = {name for piece in page.prose for name in named_in(piece.text)}
    if len(everywhere) != 1 or everywhere & loaded:
        return
    (one,) = loaded
    for piece in page.prose:
        if piece.role in (Role.HEADING, Role.TABLE_CELL):
            continue
        for sentence in sentences_of(piece.text):
            named = named_in(sentence[0])
            if named and _USES.search(sentence[0]) and not _HEDGED.search(sentence[0]):
                yield _finding(page, piece, sentence.start(), min(named.values()), one)
                return


def _finding(page: Page, piece: Prose, at: int, named: str, loaded: str) -> Finding:
    said = _OTHER.filled(named=named, loaded=loaded)
    line, kind = piece.line_at(at), FindingKind.MIXED_UP
    return Finding(page.path, line, piece.cell, kind, Severity.WARNING, said, _SAME)


def _data_in(text: str) -> dict[str, str]:
    found = ((name, re.search(words, text, re.IGNORECASE)) for name, words in _DATA.items())
    return {_plain(name): one[0] for name, one in found if one}


def _networks_in(text: str) -> dict[str, str]:
    return {_plain(one["family"] + one["size"]): one[0] for one in _NETWORK.finditer(text)}


def _plain(name: str) -> str:
    return name.replace("_", "").lower()
