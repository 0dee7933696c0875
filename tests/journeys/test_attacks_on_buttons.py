"""Attacks: whatever a patched client presses, nobody gets what is not theirs."""

import itertools
import re
from pathlib import Path

import pytest

from handlers.registry import PRESSES
from storage.roles import end_role
from tests.journeys.attackers import (
    ACTS,
    CANARIES,
    ONLY_ONESELF,
    TABLE_OF,
    everything_shown,
    listening,
    person_of,
    press_all,
    register,
    rows_of,
    state_of,
)
from tests.journeys.village import COORDINATOR, DAUGHTER, RESIDENT, ZHANG, Village

STRANGER, OTHER, FORMER, APPLICANT, NEIGHBOUR = 9101, 9102, 9103, 9104, 9105
HUGE = 10**15 - 1
# Two to each act, in turns; an odd number, so that the same acts of two topics meet others.
NOTHING = ("0:0", f"{HUGE}:{HUGE}", f"1:1:{'9' * 40}", "2:2:30", "3:3:yes")
NO_DATA = ("00:00", "-1:1", "0:0", f"{HUGE}:{HUGE}", f"0:0:{'x' * 40}", "1:1:::", "x:y")


@pytest.fixture
async def busy(village: Village) -> Village:
    """A village where something of everything is under way."""
    await register(village, APPLICANT, "申请的人", "volunteer", state="waiting")
    await village.send(RESIDENT, "家里的灯坏了，想请人来看看")
    await village.press(RESIDENT, "发出")
    await village.press(ZHANG, "我去")
    await village.press(ZHANG, "我能做")
    await village.press(ZHANG, "30分钟内")
    await village.send(RESIDENT, "想请人帮忙买米")
    await village.press(RESIDENT, "发出")
    await village.clock(to="2026-11-25T02:01:00+00:00")
    await village.send(RESIDENT, "我摔倒了，起不来")
    await village.send(DAUGHTER, "/family")
    return village


async def attacker(village: Village, kind: str) -> int:
    """Somebody who has nothing to do with any of it; returns their chat."""
    if kind == "stranger":
        await village.add_person(STRANGER, "路人")
    elif kind == "volunteer":
        # After the offers went out: nothing was ever offered to this one.
        await register(village, OTHER, "周杰", "volunteer")
        return OTHER
    elif kind == "resident":
        await register(village, NEIGHBOUR, "邻居", "resident", "caregiver")
        return NEIGHBOUR
    else:
        person_id = await register(village, FORMER, "前协调员", "coordinator", "resident")
        village.program.database.do(
            end_role,
            now=village.program.clock.now(),
            person_id=person_id,
            kind="coordinator",
            actor_id=person_of(village, COORDINATOR),
        )
        return FORMER
    return STRANGER


def forged(village: Village) -> list[str]:
    """Every act, on rows that there are with the right version, on some with a wrong one, on none.

    Each act takes its turn with the wrong ones: all of them on every act take minutes. What leads
    nowhere is pressed in all its ways by tests/handlers/test_forged_presses.py, without the way
    over HTTP, which takes ten times as long.
    """
    presses, nothing = [], itertools.cycle(NOTHING)
    for topic, acts in ACTS.items():
        if topic in ONLY_ONESELF:
            continue
        rows = rows_of(village, TABLE_OF[topic])[:6] if topic in TABLE_OF else []
        wrong = itertools.cycle(
            [f"{number}:{v}" for number, version in rows for v in (version + 7, 0)]
        )
        for act in (*acts, "zzz", ""):
            presses += [f"{topic}:{act}:{number}:{version}" for number, version in rows]
            presses += [f"{topic}:{act}:{one}" for one in itertools.islice(wrong, 1)]
            presses += [f"{topic}:{act}:{next(nothing)}" for _ in range(2)]
    return presses


@pytest.mark.parametrize("kind", ["stranger", "volunteer", "resident", "former_coordinator"])
async def test_who_has_nothing_to_do_with_it_changes_and_learns_nothing(
    busy: Village, kind: str
) -> None:
    chat = await attacker(busy, kind)
    before = state_of(busy)
    # Small tasks nearby are open to every volunteer: that is what they are for.
    presses = [one for one in forged(busy) if kind != "volunteer" or "small:take:" not in one]
    with listening() as log:
        await press_all(busy, chat, presses)
    assert [line for line in log.lines if "failed" in line or "set aside" in line] == []
    assert state_of(busy) == before
    shown = await everything_shown(busy, chat)
    assert [canary for canary in CANARIES if canary in shown] == []


@pytest.mark.parametrize("chat", [COORDINATOR, RESIDENT, ZHANG])
async def test_a_press_on_nothing_is_answered_and_breaks_nothing(busy: Village, chat: int) -> None:
    with listening() as log:
        for topic in sorted({*PRESSES, "form"}):
            before = len(await busy.shown(chat))
            await press_all(busy, chat, on_nothing(topic))
            assert len(await busy.shown(chat)) > before, topic
    assert [line for line in log.lines if "failed" in line or "set aside" in line] == []


def on_nothing(topic: str) -> list[str]:
    """Every act of a topic on rows that are not there, and data that is no data."""
    nothing = itertools.cycle(NO_DATA)
    return [
        f"{topic}:{act}:{next(nothing)}"
        for act in (*ACTS[topic], "zzz")
        for _ in range(2)
        if (topic, act) not in (("join", "agree"), ("leave", "yes"))
    ]


def test_every_button_that_is_made_is_tried() -> None:
    root = Path(__file__).parents[2]
    made = set()
    for path in [*(root / "handlers").rglob("*.py"), *(root / "storage").rglob("*.py")]:
        text = path.read_text(encoding="utf-8")
        made |= set(re.findall(r'press_data\(\s*"(\w+)",\s*"(\w+)"', text))
        made |= set(re.findall(r'button\("[\w.]+", "(\w+)", "(\w+)"', text))
        made |= set(re.findall(r'f"(\w+):(\w+):\{', text)) - {("outbox", "wanted")}
    known = {(topic, act) for topic, acts in ACTS.items() for act in acts}
    assert {one for one in made if one[0] in ACTS} <= known
    assert set(ACTS) == {*PRESSES, "form"}
