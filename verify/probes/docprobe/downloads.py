"""Weights that torch downloads, from another address: in this process and in all that it starts.

Torch itself does all the rest, in whichever process a network is built: it asks for the file, holds
its digest against the one in the file's name, and keeps it in its cache.
"""

import functools
import json
import os
from collections.abc import Mapping
from typing import Any

from docprobe.importing import after

VARIABLE = "VERIFY_TORCH_ADDRESSES"


def redirect(addresses: Mapping[str, str]) -> None:
    """Have torch ask at other addresses, by the documented ones, for what it downloads."""
    os.environ[VARIABLE] = json.dumps(dict(addresses))
    inherit()


def inherit() -> None:
    """Do as the process that started this one was told."""
    addresses = json.loads(os.environ.get(VARIABLE, "{}"))
    if addresses:
        after("torch.hub", lambda hub: _redirect(hub, addresses))


def _redirect(hub: Any, addresses: Mapping[str, str]) -> None:
    load = hub.load_state_dict_from_url

    @functools.wraps(load)
    def load_from_elsewhere(url: str, *args: Any, **kwargs: Any) -> Any:
        return load(addresses.get(url, url), *args, **kwargs)

    hub.load_state_dict_from_url = load_from_elsewhere
