"""Today's list: what stands on it, that its columns are straight, and who may read the file."""

import stat
import subprocess
import sys
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from bot.today.keeping import NAME, SCRATCH, TodayFile, remove_list, write_private
from bot.today.text import as_text, fit, lay_out, width
from messages.render import LANGUAGES, Wording
from storage.alarms.raising import raise_alarm
from storage.check_ins import take_check_in
from storage.database import Database
from storage.rules.dangers import DangerKind
from storage.tables import journal, person
from storage.today import Ground, Today, TodayKind, read_today
from tests.storage.calls.street import Street

WORDING = Wording(zone="Asia/Shanghai")


@pytest.fixture
def street(database: Database, now: datetime) -> Street:
    made = Street(database, now)
    made.settle()
    made.plan(clock=time(15))
    return made


def shown(street: Street, language: str = "zh") -> str:
    today = street.do(read_today, now=street.now, ground=Ground.PRINTED)
    local = street.database.house.local
    return as_text(today, wording=WORDING, language=language, local=local)


def looks(street: Street) -> list[tuple[int, str]]:
    with street.database.transaction() as session:
        rows = session.all(
            select(journal.c.subject_id, journal.c.ground).where(
                journal.c.what == "contact_shown", journal.c.actor_id.is_(None)
            )
        )
    return [(row.subject_id, row.ground) for row in rows]


def test_a_call_that_is_due_today_stands_on_it_with_its_number(street: Street) -> None:
    text = shown(street)
    (line,) = [one for one in text.splitlines() if "lan" in one]
    assert "15:00" in line
    assert "139 0013 9000" in line
    assert "zhang打" in line
    assert looks(street) == [(street.people["lan"], "today_printed")]


def test_a_number_that_no_key_opens_is_named_and_keeps_no_other_from_the_list(
    street: Street,
) -> None:
    with street.database.transaction() as session:
        lan = person.c.id == street.people["lan"]
        session.change(update(person).where(lan).values(phone=b"torn"))
    (line,) = [one for one in shown(street).splitlines() if "lan" in one]
    assert "15:00" in line
    assert "号码打不开" in line


def test_an_open_case_says_how_it_stands_and_in_whose_hand(street: Street) -> None:
    street.sleep_until(street.now + timedelta(days=1))
    street.tick()
    assert "没有提醒到人" in shown(street)
    wang = street.people["wang"]
    street.do(take_check_in, now=street.now, actor_id=wang, check_in_id=1)
    assert "wang在跟进" in shown(street)


def test_an_alarm_of_somebody_unknown_stands_first(street: Street) -> None:
    street.do(
        raise_alarm,
        now=street.now,
        chat_id=77,
        person_id=None,
        words="canary",
        kind=DangerKind.FIRE_GAS,
    )
    text = shown(street)
    (line,) = [one for one in text.splitlines() if "不认识的人" in one]
    assert "起火或燃气" in line
    assert "还没有人接手" in line
    assert text.index("不认识的人") < text.index("lan")
    assert "canary" not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_empty_day_says_so(database: Database, now: datetime, language: str) -> None:
    text = as_text(
        Today(now, (), {}), wording=WORDING, language=language, local=database.house.local
    )
    assert text.count("没有\n" if language == "zh" else "none\n") == 3


def test_columns_are_straight_whatever_is_two_wide() -> None:
    rows = [("陈素芬", "a", "x"), ("Li", "桂花社区", "y"), ("é́", "", "z")]
    lines = lay_out(rows)
    starts = {width(line[: line.rindex(last)]) for line, last in zip(lines, "xyz", strict=True)}
    assert len(starts) == 1
    assert width(fit("很长很长很长的名字", 9)) == 9
    assert fit("ab\ncd‮", 6) == "abcd  "


def test_a_list_of_hundreds_says_how_many_do_not_fit(street: Street) -> None:
    today = street.do(read_today, now=street.now, ground=Ground.PRINTED)
    fuller = Today(today.now, today.lines, {TodayKind.CALL: 7})
    text = as_text(fuller, wording=WORDING, language="zh", local=street.database.house.local)
    assert "另外还有 7 条" in text
    assert "【问候】8 个" in text


def test_the_file_is_its_owners_alone_and_whole(street: Street, tmp_path: Path) -> None:
    kept = TodayFile(tmp_path, database=street.database, wording=WORDING, now=lambda: street.now)
    (tmp_path / SCRATCH).write_text("left by a killed process")
    kept.write()
    kept.write()
    path = tmp_path / NAME
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "lan" in path.read_text(encoding="utf-8")
    assert sorted(one.name for one in tmp_path.glob("today*")) == [NAME]
    assert looks(street) == [(street.people["lan"], "today_file")], "once a day"
    street.now += timedelta(days=1)
    kept.write()
    assert len(looks(street)) == 2


def test_a_link_put_in_its_place_is_not_written_through(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_text("mine")
    (tmp_path / SCRATCH).symlink_to(other)
    (tmp_path / NAME).symlink_to(other)
    write_private(tmp_path / NAME, "list")
    assert other.read_text() == "mine"
    assert (tmp_path / NAME).read_text() == "list"


def test_switched_off_nothing_is_left(tmp_path: Path) -> None:
    write_private(tmp_path / NAME, "list")
    (tmp_path / SCRATCH).write_text("list")
    assert remove_list(tmp_path) is True
    assert list(tmp_path.iterdir()) == []
    assert remove_list(tmp_path) is False


def test_the_command_prints_it_from_another_process(tmp_path: Path) -> None:
    assert ordered(tmp_path, "invite", "--role", "office").returncode == 0
    done = ordered(tmp_path, "today")
    assert done.returncode == 0, done.stderr
    assert "【问候】0 个" in done.stdout


def test_a_folder_without_a_bot_is_no_day_without_calls(tmp_path: Path) -> None:
    done = ordered(tmp_path, "today")
    assert done.returncode == 1
    assert done.stdout == ""
    assert "--data-dir" in done.stderr
    assert list(tmp_path.iterdir()) == []


def ordered(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", *command],
        cwd=folder,
        env={"JIAI_DATA_DIR": str(folder), "PATH": "", "PYTHONPATH": str(Path.cwd())},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
