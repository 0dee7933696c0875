"""Laws that each file keeps by itself."""

import ast

from tests.architecture.source import ROOMS, Source, sources

CODE = (*ROOMS, "tests", "bench")
LONGEST_FILE = 400
# The sandbox is a process of its own, so it has a clock of its own, which its page moves.
CLOCKS = {"bot/clock.py", "bot/sandbox/clock.py"}


def test_every_file_begins_with_a_sentence_that_says_what_it_is() -> None:
    silent = [
        source.place
        for source in sources(*CODE)
        if not (ast.get_docstring(source.tree) or "").split("\n")[0].endswith((".", ":"))
    ]
    assert silent == []


def test_no_file_is_longer_than_can_be_kept_in_mind() -> None:
    # A migration is a record of what was done, not something to keep in mind.
    lengths = {
        source.place: source.text.count("\n")
        for source in sources(*CODE)
        if not source.place.startswith("storage/migrations/versions/")
    }
    assert {place: n for place, n in lengths.items() if n > LONGEST_FILE} == {}


def test_no_import_hides_inside_a_function() -> None:
    assert [place for source in sources(*CODE) for place in _hidden_imports(source)] == []


def _hidden_imports(source: Source) -> list[str]:
    return [
        f"{source.place}:{inner.lineno}"
        for node in ast.walk(source.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]


def test_only_the_database_module_commits() -> None:
    commits = [
        f"{source.place}:{node.lineno}"
        for source in sources(*ROOMS)
        # The sandbox has a store of its own and no business with the register.
        if source.place != "storage/database.py" and not source.place.startswith("bot/sandbox/")
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Attribute) and node.attr == "commit"
    ]
    assert commits == []


def test_only_the_clocks_are_excused_from_the_ban_on_reading_the_time() -> None:
    excuse = "noqa: " + "TID251"
    excused = {source.place for source in sources(*CODE) if excuse in source.text}
    assert excused - CLOCKS == set()


def test_nothing_is_called_a_junk_drawer() -> None:
    drawers = {"utils", "util", "helpers", "helper", "misc", "common"}
    found = [source.place for source in sources(*CODE) if drawers & set(source.module.split("."))]
    assert found == []
