"""Clocks that jump, in the tool and in the page, while a run goes on."""

from collections.abc import Callable

from tests.faults.cells import LAST, cell, row
from tests.faults.fault import FAILS, WELL, Fault, Subject, Wanted
from tests.faults.scene import FINE, Done, Scene
from verify.system.words import Words

_JUMPS = """\
import time
real, began = time.time, time.monotonic()
time.time = lambda: real() + ({jump} if time.monotonic() - began > {after} else 0)
"""
_SLEEPS = "import time\ntime.sleep(3)"


def _jumping(jump: int, after: float) -> Callable[[Scene], Done]:
    """The tool's clock jumps in the course of the run; no time may be wrong for it."""

    def made(scene: Scene) -> Done:
        scene.write(first=FINE, second=_SLEEPS, third=LAST)
        scene.sabotage(_JUMPS.format(jump=jump, after=after))
        done = scene.run()
        document = scene.document()
        times = [document["duration_s"], *(one["duration_s"] for one in document["steps"])]
        assert all(0 <= one < 600 for one in times), times
        assert 0 <= scene.report()["duration_s"] < 900
        return done

    return made


def _jump(name: str, en: str, zh: str, jump: int) -> tuple[Fault, ...]:
    return tuple(
        row(
            f"clock-{name}-{moment}",
            f"The clock jumps {en}, {when_en}",
            f"时钟{zh}，{when_zh}",
            _jumping(jump, after),
            WELL,
        )
        for moment, when_en, when_zh, after in (
            ("early", "before the kernel starts", "在内核启动之前", 1),
            ("late", "while a page runs", "在页面运行之中", 6),
        )
    )


SUBJECT = Subject(
    Words(zh="时钟", en="Clocks"),
    (
        *_jump("hour", "an hour forward", "向前跳一小时", 3600),
        *_jump("back", "an hour back", "向后跳一小时", -3600),
        cell(
            "clocks",
            "clock-frozen",
            "A page freezes its clock",
            "页面冻结自己的时钟",
            "import time\ntime.time = lambda: 0.0",
            WELL,
        ),
        cell(
            "clocks",
            "clock-broken",
            "A page breaks the clocks that its own kernel lives by",
            "页面弄坏自己的内核所依赖的时钟",
            "import time\ntime.time = time.monotonic = None",
            FAILS,
            limit_s=5,
        ),
        row(
            "clock-limit",
            "The clock jumps a day while a step has a minute",
            "步骤限时一分钟，时钟跳过一天",
            _jumping(86400, 4),
            Wanted("pass", 0),
        ),
    ),
)
