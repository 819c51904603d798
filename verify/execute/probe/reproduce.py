"""Runs the small program of an erratum and prints how it ended, as JSON on the last line.

Runs in the documented environment; standard library and the probes' own hiding only.
"""

import json
import runpy
import sys
import traceback

from docprobe.hiding import hide


def _main(program: str, hidden: str) -> None:
    hide(json.loads(hidden))
    raised = None
    try:
        runpy.run_path(program, run_name="__main__")
    except Exception as error:  # noqa: BLE001  # whatever it is, it is the answer
        name, trace = type(error).__name__, traceback.format_exc().splitlines()
        raised = {"name": name, "value": str(error), "trace": trace}
    print(f"\n{json.dumps(raised)}", flush=True)


_main(*sys.argv[1:])
