"""What Telegram makes of a message in HTML, as strictly: the text that is shown, or a refusal."""

import html
import re

TOKEN = re.compile(r"<(/?)([a-z]+)((?: [^<>]*)?)>|&(lt|gt|amp|quot|#[0-9]+);|([<>&])|([^<>&]+)")
SIMPLE = {"b", "i", "code"}
LINK = re.compile(r' href="(?:https|tel|tg):[^"<>]*"')


class RefusedHtmlError(Exception):
    """Telegram would answer: can't parse entities."""


def shown(text: str) -> str:
    """The text without its markup."""
    open_tags: list[str] = []
    seen: list[str] = []
    for found in TOKEN.finditer(text):
        closing, tag, attributes, entity, stray, plain = found.groups()
        if stray and stray != ">":
            raise RefusedHtmlError(text[found.start() : found.start() + 40])
        if tag is None:
            seen.append(html.unescape(f"&{entity};") if entity else stray or plain)
        elif closing:
            if not open_tags or open_tags.pop() != tag:
                raise RefusedHtmlError(f"</{tag}> closes nothing")
        elif (tag in SIMPLE and not attributes) or (tag == "a" and LINK.fullmatch(attributes)):
            open_tags.append(tag)
        else:
            raise RefusedHtmlError(found.group())
    if open_tags:
        raise RefusedHtmlError(f"<{open_tags[-1]}> stays open")
    return "".join(seen)
