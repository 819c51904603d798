"""Who hears, in tests, of what takes time."""

import pytest

from verify.system.words import Text


class Heard(list[str]):
    """The sentences, in English."""

    def hear(self, text: Text) -> None:
        """Keep one."""
        self.append(str(text))


def nothing(text: Text) -> None:
    """Hear of nothing that takes time: there is to be none."""
    pytest.fail(str(text))
