"""Prints what is installed, as JSON. Runs in the documented environment; standard library only."""

import hashlib
import importlib.metadata
import inspect
import json
import os
import platform
import re
import sys


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _modules(distribution: importlib.metadata.Distribution) -> set[str]:
    """The top-level modules; only older build tools list them, so that Python 3.10 misses some."""
    listed = (distribution.read_text("top_level.txt") or "").split()
    files = () if listed else distribution.files or ()
    names = {f.parts[0] if len(f.parts) > 1 else inspect.getmodulename(f.name) for f in files}
    return {name for name in (*listed, *names) if name and name.isidentifier()}


def _main() -> None:
    requires, records = {}, {}
    providers: dict[str, set[str]] = {}
    for distribution in importlib.metadata.distributions():
        name = _canonical(distribution.metadata["Name"])
        requires[name] = distribution.requires or []
        record = distribution.read_text("RECORD") or ""
        records[name] = hashlib.sha256(record.encode()).hexdigest()
        for module in _modules(distribution):
            providers.setdefault(module, set()).add(name)
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
        "providers": {module: sorted(names) for module, names in providers.items()},
        "records": records,
        "marker_environment": markers,
    }
    print(json.dumps(answer))


_main()
