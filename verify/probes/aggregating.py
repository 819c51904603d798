"""Aggregates with the real SecretFlow what it is asked to. Runs in the documented environment.

Arguments: `together` for all parties in this process (SecretFlow's debug mode), `apart` for a
process each (its simulation). Requests and answers are lines of JSON on standard input and output.
"""

import json
import os
import sys

from aggprobe.trial_rounds import TrialRounds
from probeshared import trials


def _main(setting: str) -> None:
    # Libraries and their children print as they like; the answers keep their own way out.
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as answers:
        os.dup2(2, 1)
        rounds = TrialRounds(apart=setting == "apart")
        print(json.dumps({"ready": True}), file=answers, flush=True)
        for line in sys.stdin:
            answer = rounds.answer(trials.request(json.loads(line)))
            print(json.dumps(trials.sent(answer)), file=answers, flush=True)
    # Threads of libraries may never end.
    os._exit(0)


_main(*sys.argv[1:])
