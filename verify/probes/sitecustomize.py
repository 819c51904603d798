"""Python runs this when it starts with our folder on PYTHONPATH: so do the parties' processes."""

import os

if "VERIFY_TORCH_ADDRESSES" in os.environ:
    from docprobe import downloads

    downloads.inherit()
