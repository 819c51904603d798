"""What probes say, in both languages: they themselves know English alone.

They run in the documented environment with nothing but the standard library.
"""

import re

from verify.system.words import Text, Words

_TOLD = (
    Words(
        zh="这一轮不在抽样检查之列", en="it is not in the sample of rounds that were looked into"
    ),
    Words(zh="聚合结果分散在多个设备上", en="the aggregate is shared among several devices"),
    Words(
        zh="页面的聚合器没有对我们给出的数求平均：{why}",
        en="the page's aggregator does not average numbers of ours: {why}",
    ),
    Words(
        zh="聚合结果是一个字典，各参与方的平均值只是其中一部分",
        en="the aggregate is a dictionary, in which the parties' mean is but one part",
    ),
    Words(
        zh="参与方的加权值不是数字", en="the parties are weighted by something that is no number"
    ),
    Words(
        zh="设备没有说明计算时用多少个小数位",
        en="the devices do not say with how many fractional bits they compute",
    ),
    Words(zh="得出的数组形状不同", en="arrays of other shapes came out"),
    Words(
        zh="各参与方持有的数组形状不同：{shapes}",
        en="parties hold arrays of other shapes: {shapes}",
    ),
    Words(
        zh="{parties} 个参与方的权重形状为 {shape}",
        en="{parties} parties have weights of shape {shape}",
    ),
    Words(
        zh="无法称量 {sender} 发给 {receiver} 的内容",
        en="what {sender} sent to {receiver} cannot be weighed",
    ),
    Words(
        zh="形状为 {old} 的数组变成了 {new}",
        en="an array of shape {old} became one of {new}",
    ),
    Words(zh="网络有超过 {most} 个数", en="the network has more than {most} numbers"),
    Words(
        zh="页面没有变量保存优化器所改动的网络",
        en="no variable of the page's holds the network that the optimizer changes",
    ),
)
_PLACE = re.compile(r"\\{(\w+)\\}")


def told(text: str) -> Text:
    """What a probe said; of what it did not word itself, such as an exception, the text."""
    for words in _TOLD:
        pattern = _PLACE.sub(r"(?P<\1>.+)", re.escape(words.en))
        if found := re.fullmatch(pattern, text, re.DOTALL):
            return words.filled(**found.groupdict())
    return text
