"""Pages that tell of what was or is to be: what they name need not be there."""

import re

from verify.page.page import Page

_TELLS = re.compile(r"change|release|history|news|migrat|upgrad|roadmap|design", re.IGNORECASE)


def tells_of_them(page: Page) -> bool:
    """Whether a page tells of other times, as its name says."""
    return _TELLS.search(page.path.stem) is not None
