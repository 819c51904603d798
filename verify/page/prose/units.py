"""What numbers count: the words for it in Chinese and English, by one canonical unit."""

import re
from functools import cache

from verify.system.words import Text, Words

# The first name is canonical. English in the singular; a plural ends with s, es or ies.
_NAMES = [
    "",
    "images image photo photograph picture 图片 照片 图像 张",
    "samples sample example row record instance 样本 样例 记录 数据样本 条",
    "classes class category 类别 类 分类",
    "epochs epoch",
    "rounds round iteration 轮 轮次 轮训练 次迭代",
    "layers layer 层 隐藏层 网络层",
    "parties party participant 参与方 机构 方",
    "nodes node 节点",
    "clients client 客户端",
    "workers worker",
    "devices device 设备",
    "entities entity 实体",
    "features feature 特征 维特征 维",
    "columns column 列 字段",
    "dimensions dimension dimensional",
    "files file 文件",
    "batches batch 批次 批",
    "steps step 步 步骤",
    "parameters parameter 参数",
    "tokens token",
    "trees tree 棵树 棵",
    "folds fold 折",
    "bins bin 分箱",
    "clusters cluster 簇",
    "users user 用户",
    "methods method approach 方法 方式 方案",
    "stages stage phase 阶段",
    "parts part 部分",
    "modules module component 模块 组件",
    "types type kind 类型 种",
    "datasets dataset 数据集",
    "models model 模型",
    "neurons neuron 神经元",
    "bits bit 位",
    "bytes byte 字节",
    "KB kb kib",
    "MB mb mib",
    "GB gb gib",
    "seconds second sec 秒",
    "ms millisecond 毫秒",
    "minutes minute min 分钟",
    "hours hour 小时",
    "days day 天",
    "",
]

CANONICAL = frozenset(row.split()[0] for row in _NAMES if row)
_IRREGULAR = {"data": "samples", "s": "seconds", "h": "hours", "people": "people"}
_STOPS = frozenset(
    (
        "and or of for in on to with per is are was were the a an each from at by than that "
        "which as we you it can will be has have into over between when if so but respectively "
        "total such using via"
    ).split()
)
_CLASSIFIERS = "个张种类条名位份层轮次组台块项方家套批维步折棵颗段行列"
_WORD = re.compile(r"(?P<join>[ \t\n\u00a0]+|-)?(?P<word>[A-Za-z][A-Za-z]*)")
# As far as any unit reaches; text without blanks may go on for megabytes.
_CHINESE_RUN = re.compile(r"[\u4e00-\u9fff]{0,12}")
_ADJECTIVES = 3
_LONGEST = 6


@cache
def _table() -> dict[str, str]:
    return {name: row.split()[0] for row in _NAMES if row for name in row.split()} | _IRREGULAR


@cache
def _in_chinese() -> dict[str, str]:
    rows = (row.split() for row in _NAMES if row)
    named = ((row[0], next((name for name in row if not name.isascii()), "")) for row in rows)
    return {unit: name for unit, name in named if name}


def words(unit: str) -> Text:
    """A canonical unit as people call it; another one as it stands on the page."""
    chinese = _in_chinese().get(unit)
    return Words(zh=chinese, en=unit) if chinese else unit


def canonical(word: str) -> str | None:
    """The canonical unit of a word, singular or plural; None if it is no known unit."""
    word = word if word in ("KB", "MB", "GB") else word.lower()
    for form in (word, word.removesuffix("s"), word.removesuffix("es"), word[:-3] + "y"):
        if form in _table():
            return _table()[form]
    return None


def after(text: str, at: int) -> tuple[str, int]:
    """The unit that follows a number.

    Args:
        text: the text.
        at: where the number ends.

    Returns:
        The canonical unit, or the word as it stands there, or an empty text; and where it ends.
    """
    found = _english(text, at) or _chinese(text, at)
    return found or ("", at)


def _english(text: str, at: int) -> tuple[str, int] | None:
    first: tuple[str, int] | None = None
    known: tuple[str, int] | None = None
    for i in range(_ADJECTIVES + 1):
        found = _WORD.match(text, at)
        if found is None or found["word"].lower() in _STOPS:
            break
        word, at = found["word"], found.end()
        unit = canonical(word)
        first = first or (word.lower(), at)
        if unit and (found["join"] == "-" or word.endswith("s") or i == 0):
            known = (unit, at)
            # `5 image classes`, but `3 epochs images`: a plural or a hyphen ends the noun.
            if found["join"] == "-" or word.endswith("s"):
                return known
        elif unit and known is None:
            known = (unit, at)
    return known or first


def _chinese(text: str, at: int) -> tuple[str, int] | None:
    start = at + (text[at : at + 1] == " ")
    start += text[start : start + 1] in ("多", "余")
    run = _CHINESE_RUN.match(text, start)
    words = run[0] if run else ""
    if not words:
        # `5 个 epoch`
        return None
    for skipped in range(min(len(words), _LONGEST)):
        for length in range(min(4, len(words) - skipped), 1, -1):
            if unit := canonical(words[skipped : skipped + length]):
                return unit, start + skipped + length
    if words[0] in _CLASSIFIERS:
        latin = re.compile(rf"[{_CLASSIFIERS}] ?([A-Za-z]+)").match(text, start)
        if latin and (unit := canonical(latin[1])):
            return unit, latin.end()
        if unit := canonical(words[0]):
            return unit, start + 1
        return words[1:5] or words[0], start + min(len(words), 5)
    return words[:2], start + min(len(words), 2)
