"""The lock files name releases and hashes, and no place to fetch them from."""

import re

import pytest

from tests.architecture.source import ROOT

LOCKS = ("requirements.lock", "requirements-dev.lock")
PIN = re.compile(
    r"^(?P<name>[a-z0-9._-]+(\[[a-z0-9,._-]+\])?)==(?P<version>\S+)(?: ; (?P<marker>.+?))? \\$"
)


def _pins(lock: str) -> set[str]:
    lines = (ROOT / lock).read_text(encoding="utf-8").splitlines()
    return {line for line in lines if not line.startswith(" ")}


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_only_releases_with_hashes(lock: str) -> None:
    # Each pin ends in a backslash: what follows on the indented lines are its hashes.
    assert [line for line in _pins(lock) if not PIN.match(line)] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_address(lock: str) -> None:
    assert "://" not in (ROOT / lock).read_text(encoding="utf-8")


def test_tests_run_on_the_very_releases_that_users_run_on() -> None:
    assert _pins("requirements.lock") <= _pins("requirements-dev.lock")
