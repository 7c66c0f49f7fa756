"""What a shopper and an agent do with the pages, in their own words."""

from __future__ import annotations

from playwright.async_api import Locator, Page, expect


class Shopper:
    def __init__(self, page: Page) -> None:
        self.page = page
        self.launcher = page.locator("dragoman-chat .launcher")
        self.panel = page.locator("dragoman-chat .panel")
        self.field = self.panel.locator("textarea")
        self.messages = self.panel.locator("article.message")
        self.own = self.panel.locator("article.message.own")
        self.theirs = self.panel.locator("article.message:not(.own)")
        self.notice = self.panel.locator(".notice")

    async def open_chat(self) -> None:
        await self.launcher.click()
        await expect(self.field).to_be_focused()

    async def write(self, text: str) -> None:
        await self.field.fill(text)
        await self.field.press("Enter")

    async def begin(self) -> None:
        """A conversation, with a first message that is stored."""
        await self.open_chat()
        await self.write("um")
        await expect(meta(self.own)).to_contain_text("Enviada")

    async def texts(self) -> list[str]:
        """The text of every message as she reads it, from the first to the last."""
        return await self.messages.locator(".bubble > .text").all_inner_texts()


class Agent:
    def __init__(self, page: Page) -> None:
        self.page = page
        self.list = page.get_by_role("listbox")
        self.cards = self.list.get_by_role("option")
        self.talk = page.locator(".talk")
        self.field = self.talk.locator("textarea")
        self.messages = self.talk.locator("article.message")
        self.own = self.talk.locator("article.message.own")
        self.theirs = self.talk.locator("article.message:not(.own)")

    async def log_in(self, login: str, password: str) -> None:
        await self.page.get_by_label("Login").fill(login)
        await self.page.get_by_label("Password").fill(password)
        await self.page.get_by_role("button", name="Log in").click()
        await expect(self.list).to_be_visible()

    async def choose(self, words: str) -> None:
        await self.cards.filter(has_text=words).first.click()
        await expect(self.field).to_be_focused()

    async def write(self, text: str) -> None:
        await self.field.fill(text)
        await self.field.press("Enter")

    async def texts(self) -> list[str]:
        return await self.messages.locator(".bubble > .text").all_inner_texts()


def meta(message: Locator) -> Locator:
    return message.locator(".meta")


def original(message: Locator) -> Locator:
    return message.locator(".aside")
