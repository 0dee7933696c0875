"""Rendering: template key and plain facts in, Telegram HTML out, in the receiver's language."""

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from typing import Final

from jinja2 import DictLoader, StrictUndefined, TemplateNotFound
from jinja2.sandbox import ImmutableSandboxedEnvironment

from messages.filters import filters_for, isolate

LANGUAGES: Final = ("zh", "en")
TEXT_LIMIT: Final = 4096
Fact = str | int | bool | None | list[str]


class WordingError(Exception):
    """A template or label is missing, or a fact it needs was not given."""


class Wording:
    """All templates and labels of every language, read once."""

    def __init__(self, *, zone: str) -> None:
        self._labels = {language: _labels(language) for language in LANGUAGES}
        self._environments = {language: self._environment(language, zone) for language in LANGUAGES}

    def _environment(self, language: str, zone: str) -> ImmutableSandboxedEnvironment:
        environment = ImmutableSandboxedEnvironment(
            loader=DictLoader(_templates(language)),
            autoescape=True,
            undefined=StrictUndefined,
            finalize=isolate,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=False,
        )
        environment.filters |= filters_for(self._labels[language], language=language, zone=zone)
        return environment

    def text(self, template: str, *, language: str, facts: Mapping[str, Fact]) -> str:
        """Render one message; raises WordingError when template or fact is missing.

        A fact ``lead`` names a template that is said first, in the same message.
        """
        try:
            text = self._environments[language].get_template(template).render(facts)
            if facts.get("lead"):
                lead = self._environments[language].get_template(str(facts["lead"]))
                text = f"{lead.render(facts)}\n\n{text}"
        except (TemplateNotFound, KeyError) as error:
            raise WordingError(f"no template {template!r} in {language}") from error
        except Exception as error:
            raise WordingError(f"{template!r} in {language}: {error}") from error
        return _without_gaps(text)

    def label(self, key: str, *, language: str, facts: Mapping[str, Fact] | None = None) -> str:
        """Return a button's words; facts fill its {places}, and ``verbatim`` is the fact itself."""
        facts = facts or {}
        if key == "verbatim":
            return str(facts["text"])
        if key == "form.ticked":
            inner = {name: fact for name, fact in facts.items() if name != "key"}
            words = self.label(str(facts["key"]), language=language, facts=inner)
            return self._labels[language][key].format(label=words)
        try:
            return self._labels[language][key].format_map(dict(facts))
        except KeyError as error:
            raise WordingError(f"no label {key!r} in {language}") from error

    def has_label(self, key: str) -> bool:
        """Whether the key is worded."""
        return key in self._labels[LANGUAGES[0]]

    def templates(self, language: str) -> list[str]:
        """List the template keys of a language."""
        return self._environments[language].list_templates()


def _templates(language: str) -> dict[str, str]:
    folder = files("messages") / language
    return {
        entry.name.removesuffix(".j2"): entry.read_text(encoding="utf-8")
        for entry in folder.iterdir()
        if entry.name.endswith(".j2")
    }


def _labels(language: str) -> dict[str, str]:
    text = (files("messages") / language / "labels.toml").read_text(encoding="utf-8")
    labels: dict[str, str] = {}
    for key, value in tomllib.loads(text).items():
        if isinstance(value, dict):
            labels |= {f"{key}.{name}": str(words) for name, words in value.items()}
        else:
            labels[key] = str(value)
    return labels


def _without_gaps(text: str) -> str:
    """Drop the blank lines that conditions leave behind: never more than one in a row."""
    lines: list[str] = []
    for line in text.strip().splitlines():
        bare = line.rstrip()
        if bare or (lines and lines[-1]):
            lines.append(bare)
    return "\n".join(lines)
