"""Why a step did not come to its end, as the checks read it."""

import re
from dataclasses import dataclass

from verify.errors import ResourceError
from verify.finding import Verdict, Worded
from verify.system.words import Text, Words


class Need(Worded):
    """What a run can lack: the page is not to blame, and nothing is known to be wrong with it."""

    ADDRESS = (
        "address",
        "a file from an address that no stand-in is declared for",
        "某个地址的文件，而没有为该地址声明替身",
    )
    PACKAGE = "package", "a package that the environment does not have", "环境中没有的软件包"
    PROGRAM = "program", "a program that this machine does not have", "本机没有的程序"
    MEMORY = "memory", "more memory than this machine has", "更多内存"
    TIME = "time", "more time than the profile gives it", "更多时间"
    DISK = "disk", "more room on the disk", "更多磁盘空间"
    GPU = "gpu", "a graphics processor", "图形处理器（GPU）"
    CLUSTER = "cluster", "other machines that it can reach", "多台机器组成的集群"
    READER = "reader", "somebody who answers it", "有人应答输入"
    KERNEL = "kernel", "a kernel for another language", "另一种语言的内核"


class LackError(ResourceError):
    """A run lacks something that can be named, and does not even begin."""

    def __init__(self, needs: Need, sentence: Words) -> None:
        super().__init__(sentence)
        self.needs = needs


@dataclass(frozen=True)
class Failure:
    """Why a step did not come to its end.

    `verdict` is `fail` where the page breaks, and `error` where the run lacked something. `raised`
    is the exception as Python words it, its name and the first line of its message. `at` is where:
    the index of the cell, and the line of its source, from 1. `unreached` says that something on
    the network could not be reached. `needs` is what the run lacked, where it is a thing that can
    be named. `ends` says that nothing can run after it. `erratum` is the known defect that it is,
    where no rewriting of the page mends it.
    """

    verdict: Verdict
    sentence: Text
    trace: str = ""
    raised: str = ""
    at: tuple[int, int] | None = None
    unreached: bool = False
    needs: Need | None = None
    ends: bool = False
    erratum: str = ""

    def shows(self, symptom: str) -> bool:
        """Whether the page broke exactly so; a `*` stands for anything, such as an address."""
        wanted = re.compile(".*".join(map(re.escape, symptom.split("*"))))
        said = (self.raised, str(self.sentence))
        return self.verdict is Verdict.FAIL and any(map(wanted.fullmatch, said))
