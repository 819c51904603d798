"""What of an output differs from run to run by its nature, in words; readings keep the names."""

from collections.abc import Iterable

from verify.page.outputs.forms import OF_OTHERS
from verify.system.words import Text, Words, enumerated

_WORDS = {
    "uuid": Words(zh="唯一标识符", en="uuid"),
    "address": Words(zh="内存地址", en="address"),
    "id": Words(zh="对象编号", en="id"),
    "folder": Words(zh="文件夹", en="folder"),
    "date": Words(zh="日期", en="date"),
    "time": Words(zh="时间", en="time"),
    "pid": Words(zh="进程号", en="pid"),
    "port": Words(zh="端口", en="port"),
    "temporary": Words(zh="临时名称", en="temporary"),
    "rate": Words(zh="速率", en="rate"),
    "duration": Words(zh="耗时", en="duration"),
    "array": Words(zh="数组的写法", en="array"),
    "axes": Words(zh="坐标轴的写法", en="axes"),
    "numbering": Words(zh="自动编号", en="numbering"),
    "ip": Words(zh="IP 地址", en="ip"),
    "version": Words(zh="版本号", en="version"),
    "hash": Words(zh="散列值", en="hash"),
    **{form.sentence: form.words for form in OF_OTHERS},
}


def told(kinds: Iterable[str]) -> Text:
    """Some kinds of what varies, by the names that readings have for them."""
    return enumerated(_WORDS.get(kind, kind) for kind in sorted(kinds))
