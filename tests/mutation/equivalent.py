"""Mutants that no test can tell from the module itself, each with the reason."""

from dataclasses import dataclass

from verify.system.words import Words


@dataclass(frozen=True)
class Equivalent:
    """Mutants of a module, or of all, whose line has `has` in it."""

    module: str
    has: str
    why: Words


_SAME_LENGTH = Words(
    zh="两者按构造等长；`strict` 只用来发现我们自己的错误",
    en="both are of one length as they are made; `strict` only tells a fault of ours",
)
_SAME_TIME = Words(
    zh="同一时刻，写不写下都一样", en="at the same moment it says the same, written down or not"
)
_ALL_UNDEFINED = Words(
    zh="各值都是 NaN 时才会用到，此时结果也是 NaN",
    en="it is used only where all values are NaN, and what they come to is NaN as well",
)
_ONE_NAME = Words(
    zh="放在一起的指标同名同类", en="metrics that are put together have one name and one kind"
)
_ANY_LENGTH = Words(
    zh="随机密钥多一个字节或少一个字节都行", en="a random key may be a byte longer or shorter"
)
_FAR_BOUND = Words(
    zh="上限远大于探针所写的，略有出入也无妨；到达上限会怎样，由测试守住",
    en="a bound far above what probes write, and one near it serves as well; what happens where it "
    "is reached, tests hold",
)
_SURE_ANYWAY = Words(
    zh="得分为 1 时公式给出的概率本来就是 1",
    en="for a score of 1 the formula, too, gives a chance of 1",
)

EQUIVALENT = (
    Equivalent("", "strict=False", _SAME_LENGTH),
    Equivalent("report.earlier", "if now.started <= before.started", _SAME_TIME),
    Equivalent("evidence.merged_metrics", "default= 1.0", _ALL_UNDEFINED),
    Equivalent("evidence.merged_metrics", "default= -1.0", _ALL_UNDEFINED),
    Equivalent("evidence.merged_metrics", "metrics[ -1]", _ONE_NAME),
    Equivalent("history.slope", "if score >= 1 else 1.0", _SURE_ANYWAY),
    Equivalent("history.slope", "if score > 0 else 1.0", _SURE_ANYWAY),
    Equivalent("evidence.records", "secrets.token_bytes(", _ANY_LENGTH),
    *(
        Equivalent("evidence.records", f"_MOST_{name} = ", _FAR_BOUND)
        for name in ("BYTES", "IN_ALL", "LOGS", "NAME", "CONNECTIONS")
    ),
)


def of(module: str, line: str) -> Equivalent | None:
    """Which of them a surviving mutant is."""
    return next((one for one in EQUIVALENT if one.module in ("", module) and one.has in line), None)
