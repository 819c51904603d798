"""What many rules suggest, in the same words."""

from verify.system.words import Words

_WRITE = Words(zh="请写成{gap}{what}。", en="Write {what}.")
_MEANT = Words(zh="是否想写 `{name}`？", en="Did you mean `{name}`?")
RUN_AGAIN = Words(
    zh="请重新运行页面，并保存那次运行的输出。",
    en="Run the page again and store the outputs of that run.",
)
IN_DOCUMENTATION = Words(
    zh="请链接到文档内的文件。", en="Link to the file inside the documentation."
)


def write(what: object) -> Words:
    """What is to stand there instead."""
    gap = "" if str(what).startswith("“") else " "  # Chinese has none before a quotation mark
    return _WRITE.filled(what=what, gap=gap)


def meant(name: str) -> Words:
    """The name that is near."""
    return _MEANT.filled(name=name)
