"""How a test goes from one view of the rotation's page to another."""

from __future__ import annotations

from playwright.sync_api import Page, expect


def view(page: Page, name: str) -> None:
    """Show the view of that name, and wait until it is there: the one before has buttons of the same names."""
    button = page.get_by_role("navigation", name="轮岗的各个页面").get_by_role("button", name=name, exact=True)
    button.click()
    expect(button).to_have_attribute("aria-current", "page")
