"""Parties, and what holds them together, in the real SecretFlow: killed, crashed, never there."""

from collections.abc import Callable

from tests import waiting
from tests.documents.folder import with_secretflow
from tests.documents.test_real_secretflow import _BUILD, _KILLED, _START
from tests.faults.cells import LAST
from tests.faults.fault import FAILS, LACKS, Fault, Subject, Wanted
from tests.faults.scene import Done, Scene
from verify.system.words import Words

_DIES = "import os, signal\nsf.reveal(alice(lambda: os.kill(os.getpid(), signal.{}))())"
_KILLS = """\
import os, signal
for name in os.listdir("/proc"):
    try:
        if {name!r} in open(f"/proc/{{name}}/cmdline").read().split("\\0")[0]:
            os.kill(int(name), signal.SIGKILL)
    except (OSError, ValueError):
        pass
print(sf.reveal(alice(lambda: 7)()))
"""


def _together(source: str) -> Callable[[Scene], Done]:
    def made(scene: Scene) -> Done:
        scene.folder = with_secretflow(scene.root)
        limit_s = 120 if source is not _KILLED else waiting.PATIENCE_S
        scene.write(limit_s=limit_s, build=_BUILD, start=_START, second=source, third=LAST)
        return scene.run()

    return made


def _party(name: str, en: str, zh: str, source: str, wanted: Wanted) -> Fault:
    return Fault(name, Words(en=en, zh=zh), wanted, _together(source), parties=True)


SUBJECT = Subject(
    Words(zh="参与方", en="Parties"),
    (
        _party(
            "party-killed",
            "A party is killed while it trains",
            "参与方在训练时被终止",
            _KILLED,
            LACKS,
        ),
        _party(
            "party-crashes",
            "A party crashes (SIGSEGV)",
            "参与方崩溃（SIGSEGV）",
            _DIES.format("SIGSEGV"),
            FAILS,
        ),
        _party(
            "party-raises",
            "A party's code raises",
            "参与方的代码抛出异常",
            "sf.reveal(alice(lambda: int('seven'))())",
            FAILS,
        ),
        _party(
            "raylet-killed",
            "Ray's raylet is killed",
            "Ray 的 raylet 被终止",
            _KILLS.format(name="raylet"),
            LACKS,
        ),
        _party(
            "gcs-killed",
            "Ray's GCS server is killed",
            "Ray 的 GCS 服务被终止",
            _KILLS.format(name="gcs_server"),
            LACKS,
        ),
    ),
)
