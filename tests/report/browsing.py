"""A page as a test opens it in a browser."""

from collections.abc import Callable
from dataclasses import dataclass, field

from playwright.sync_api import Page

DESKTOP, PHONE = (1280, 900), (390, 844)


@dataclass
class Opened:
    """A page, and what it has said and asked for."""

    page: Page
    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))

    def shown(self) -> list[str]:
        """The addresses of the checks and steps that the filter leaves."""
        found: list[str] = self.page.eval_on_selector_all(
            "[data-v]", "nodes => nodes.filter(n => !n.closest('[hidden]')).map(n => n.id)"
        )
        return found


Open = Callable[..., Opened]
