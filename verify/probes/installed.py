"""Prints what is installed, as JSON. Runs in the documented environment; standard library only."""

import hashlib
import importlib.metadata
import json
import os
import platform
import sys

import providing


def _main() -> None:
    requires, records = {}, {}
    for distribution in importlib.metadata.distributions():
        name = providing.canonical(distribution.metadata["Name"])
        requires[name] = distribution.requires or []
        record = distribution.read_text("RECORD") or ""
        records[name] = hashlib.sha256(record.encode()).hexdigest()
    markers = {
        "implementation_name": sys.implementation.name,
        "implementation_version": platform.python_version(),
        "os_name": os.name,
        "platform_machine": platform.machine(),
        "platform_python_implementation": platform.python_implementation(),
        "platform_release": platform.release(),
        "platform_system": platform.system(),
        "platform_version": platform.version(),
        "python_full_version": platform.python_version(),
        "python_version": ".".join(platform.python_version_tuple()[:2]),
        "sys_platform": sys.platform,
    }
    answer = {
        "requires": requires,
        "providers": providing.providers(),
        "records": records,
        "marker_environment": markers,
    }
    print(json.dumps(answer))


_main()
