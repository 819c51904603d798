"""Answers questions, one a line of JSON. Runs in the documented environment.

Arguments: the file of questions, the file to append answers to. Each question is announced before
it is answered, so that whoever started the program knows at which one it died.
"""

import io
import json
import os
import sys
import warnings
from dataclasses import asdict
from pathlib import Path

from apiprobe import answers
from probeshared import questions


def _main() -> None:
    given, to = sys.argv[1:]
    warnings.simplefilter("ignore")
    os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
    sys.argv = sys.argv[:1]
    # What libraries say while they are imported is nobody's concern.
    sys.stdout = sys.stderr = io.StringIO()
    with (
        Path(given).open(encoding="utf-8") as asked,
        Path(to).open("a", encoding="utf-8") as told,
    ):
        for line in asked:
            entry = json.loads(line)
            key = entry.pop("key")
            told.write(json.dumps({"asking": key}) + "\n")
            told.flush()
            answer = answers.answer(questions.question(entry))
            told.write(json.dumps({"key": key, "answer": asdict(answer)}) + "\n")
            told.flush()
    # Libraries may leave threads behind that never end.
    os._exit(0)


_main()
