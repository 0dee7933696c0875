"""Which file may know which, where an import-linter contract cannot say it."""

import sys

from tests.architecture.source import ROOMS, Source, sources, within

# What use cases stand on together; everything else in storage is a use case of its own.
STORAGE_SHARED = (
    "storage.apart",
    "storage.audiences",
    "storage.call_times",
    "storage.alarms.raising",
    "storage.alarms.rows",
    "storage.aloud",
    "storage.categories",
    "storage.choices",
    "storage.communities",
    "storage.confirmations",
    "storage.consents",
    "storage.database",
    "storage.due_rows",
    "storage.dialogues",
    "storage.door_cards",
    "storage.duty",
    "storage.entries",
    "storage.files",
    "storage.guardians",
    "storage.hotlines",
    "storage.house",
    "storage.inbox",
    "storage.incidents",
    "storage.journal",
    "storage.key_file",
    "storage.looks",
    "storage.needs.gone",
    "storage.needs.hiding",
    "storage.needs.opening",
    "storage.neighbours",
    "storage.needs.parting",
    "storage.organisations",
    "storage.heartbeats",
    "storage.outages",
    "storage.outbox",
    "storage.owners",
    "storage.pairs.gone",
    "storage.partners",
    "storage.pausing",
    "storage.papers",
    "storage.people",
    "storage.references",
    "storage.registers",
    "storage.rehab.reading",
    "storage.refusals",
    "storage.roles",
    "storage.rules",
    "storage.scope",
    "storage.sealed",
    "storage.services",
    "storage.tables",
    "storage.ties",
    "storage.vault",
)
# What conversations stand on together.
HANDLERS_SHARED = (
    "handlers.audience",
    "handlers.dialogue",
    "handlers.doors",
    "handlers.topic",
    "handlers.turn",
    "handlers.typed",
)
# They only put the others together.
GATHERERS = ("handlers.registry", "handlers.router")


def test_rules_import_the_standard_library_and_each_other_only() -> None:
    strangers = [
        f"{source.place}: {name}"
        for source in sources("storage/rules")
        for name in source.imports
        if not within(name, "storage.rules") and name.split(".")[0] not in sys.stdlib_module_names
    ]
    assert strangers == []


def test_the_sandbox_knows_nothing_of_the_program() -> None:
    known = [
        f"{source.place}: {name}"
        for source in sources("bot/sandbox")
        for name in source.imports
        if name.split(".")[0] in ROOMS and not within(name, "bot.sandbox")
    ]
    assert known == []


def test_only_the_command_line_knows_the_sandbox() -> None:
    doors = ("bot.command_line", "bot.commands")
    knowing = [
        f"{source.place}: {name}"
        for source in sources(*ROOMS)
        if not any(within(source.module, room) for room in ("bot.sandbox", *doors))
        for name in source.imports
        if within(name, "bot.sandbox")
    ]
    assert knowing == []


def test_use_cases_do_not_import_each_other() -> None:
    assert _crossings("storage", STORAGE_SHARED) == []


def test_conversations_do_not_import_each_other() -> None:
    assert _crossings("handlers", HANDLERS_SHARED + GATHERERS) == []


def _crossings(room: str, shared: tuple[str, ...]) -> list[str]:
    topics = {
        source.module: source
        for source in sources(room)
        if source.module != room and not any(within(source.module, one) for one in shared)
    }
    return [
        f"{source.place}: {name}"
        for source in topics.values()
        for name in source.imports
        if name in topics and not _same_topic(source, name)
    ]


def _same_topic(source: Source, other: str) -> bool:
    """Two files of one folder of the room, `storage/check_ins/…`, are one topic."""
    mine, theirs = source.module.split("."), other.split(".")
    return mine[1] == theirs[1]
