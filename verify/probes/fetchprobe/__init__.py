"""What a page loads from an address: from the run's own files, where those have the address.

The page's own download code runs; only its last step, to the network, leads to loopback. Each
client is met at its lowest common layer, in the page's process and in all that it starts. Standard
library only, for every Python that a page starts loads it.
"""

from fetchprobe.inquiry import VARIABLE
from fetchprobe.starting import begin, inherit

__all__ = ["VARIABLE", "begin", "inherit"]
