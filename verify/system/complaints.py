"""What the operating system and other programs complain of, in both languages."""

import errno

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from verify.errors import ResourceError
from verify.system.terminal_text import last_line
from verify.system.words import Text, Words, joined

_IN_CHINESE = {
    errno.ENOENT: "没有这个文件或文件夹",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.ENOTDIR: "路径里有一段不是文件夹",
    errno.EISDIR: "是文件夹，不是文件",
    errno.EEXIST: "已经存在",
    errno.EROFS: "只能读，不能写",
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "磁盘配额已用完",
    errno.EFBIG: "文件太大",
    errno.EMFILE: "打开的文件太多",
    errno.ELOOP: "链接绕成了圈",
    errno.ENAMETOOLONG: "名字太长",
    errno.EIO: "读写出错",
    errno.ENOEXEC: "不是能执行的程序",
}
# What pydantic says most often, by its types.
_OF_VALUES = {
    "missing": "缺少这一项",
    "extra_forbidden": "没有这一项，请检查拼写",
    "string_type": "应为文字",
    "string_too_short": "至少要有 {min_length} 个字符",
    "string_pattern_mismatch": "应符合 `{pattern}`",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "int_from_float": "应为整数",
    "float_type": "应为数字",
    "float_parsing": "应为数字",
    "bool_type": "应为 true 或 false",
    "bool_parsing": "应为 true 或 false",
    "list_type": "应为列表",
    "dict_type": "应为表",
    "model_type": "应为表",
    "too_short": "至少要有 {min_length} 项",
    "too_long": "至多可有 {max_length} 项",
    "literal_error": "应为 {expected}",
    "enum": "应为 {expected}",
    "greater_than": "应大于 {gt}",
    "greater_than_equal": "应不小于 {ge}",
    "less_than": "应小于 {lt}",
    "less_than_equal": "应不大于 {le}",
    "finite_number": "应为有限的数",
    "json_invalid": "不是 JSON（{error}）",
}
_NOTHING = Words(zh="它什么也没有说", en="it said nothing")


def why(error: Exception) -> Text:
    """Why something was refused: by the system, by a model of data, or by code of ours."""
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        return joined((place, of_value(first)), zh="：", en=": ")
    if isinstance(error, UnicodeDecodeError):
        told = f"第 {error.start + 1} 个字节不是 {error.encoding} 文本"
        return Words.model_construct(zh=told, en=str(error))
    refused: object = getattr(error, "strerror", None)
    own = refused or next(iter(error.args), None)
    if isinstance(own, Words):
        return own
    if chinese := _IN_CHINESE.get(getattr(error, "errno", None) or 0):
        return Words.model_construct(zh=chinese, en=str(own))
    return str(refused or error)


def of_value(one: ErrorDetails) -> Text:
    """What is wrong with a value; what only pydantic says is told as it says it."""
    own = one.get("ctx", {}).get("error")
    if isinstance(own, ValueError) and own.args and isinstance(own.args[0], Words):
        return own.args[0]
    english = one["msg"].removeprefix("Value error, ")
    english = f"{english[0].lower()}{english[1:]}"
    if chinese := _OF_VALUES.get(one["type"]):
        return Words.model_construct(zh=chinese.format(**one.get("ctx", {})), en=english)
    return english


def last_words(text: str, default: Text = _NOTHING) -> Text:
    """The last line that a program wrote, or that it wrote none."""
    return last_line(text, "") or default


def unwritable(folder: object, error: OSError) -> ResourceError:
    """The sentence for a folder of the user's that we cannot write to."""
    return ResourceError(
        Words(
            zh="{folder}：无法写入（{why}）；请在那里腾出空间，或用 --out 换一个文件夹。",
            en="{folder}: cannot be written ({why}); "
            "free some space there, or choose another folder with --out.",
        ).filled(folder=folder, why=why(error))
    )
