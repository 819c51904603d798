"""Where names that a page misses are now, told as JSON. Runs in the documented environment.

Arguments: the names, each with all its packages; one that ends in a dot is a module's.
"""

import contextlib
import io
import json
import os
import sys
import warnings

from apiprobe import moved


def _main() -> None:
    warnings.simplefilter("ignore")
    os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
    wanted, sys.argv = sys.argv[1:], sys.argv[:1]
    # What libraries say while they are imported is nobody's concern.
    with contextlib.redirect_stdout(io.StringIO()):
        with contextlib.suppress(ImportError):  # TensorFlow before SecretFlow ends a plain process
            import secretflow  # noqa: F401
        places = {one: moved.place(one.rstrip("."), is_module=one.endswith(".")) for one in wanted}
    print(json.dumps(places), flush=True)
    # Libraries may leave threads behind that never end.
    os._exit(0)


_main()
