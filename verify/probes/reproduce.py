"""Runs small programs that show errata or defects, and prints how each ended, as a line of JSON.

Runs in the documented environment; standard library and the probes' own hiding only.
"""

import json
import os
import runpy
import sys
import tempfile
import traceback
from contextlib import suppress

from docprobe.hiding import hide


def _main(hidden: str, *programs: str) -> None:
    hide(json.loads(hidden))
    os.chdir(tempfile.gettempdir())  # what libraries write where they run goes with the rest
    for program in programs:
        raised = None
        try:
            runpy.run_path(program, run_name="__main__")
        except Exception as error:  # noqa: BLE001  # whatever it is, it is the answer
            name, trace = type(error).__name__, traceback.format_exc().splitlines()
            raised = {"name": name, "value": str(error), "trace": trace}
        print(f"\n{json.dumps({'program': program, 'raised': raised})}", flush=True)
        if program is not programs[-1]:
            _shut_down()


def _shut_down() -> None:
    """End what a program started, so that the next one can start its own."""
    if secretflow := sys.modules.get("secretflow"):
        with suppress(Exception):
            secretflow.shutdown()


_main(*sys.argv[1:])
