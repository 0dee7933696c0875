"""Going round: one after the other comes up, and who is not to be met any more does not."""

import pytest
from sqlalchemy import insert, select, update

from storage.refusals import NotAllowed
from storage.rules.surveys import Channel
from storage.surveys import (
    NothingLacking,
    ask_for_lacking,
    find_next,
    list_lacking,
    note_lacking_list,
    note_not_reached,
    refuse_round,
)
from storage.tables import household, household_member, office_job, role
from tests.storage.residents import journalled
from tests.storage.surveys.rounds import (
    answer,
    begin,
    look,
    sheet_of,
    times_asked,
)
from tests.storage.town import Town


def stop(
    town: Town,
    round_id: int,
    *,
    after: int = 0,
    channel: Channel = Channel.PAPER,
    place: int | None = -1,
    who: str = "孙丽",
) -> tuple[str, str | None, str | None] | None:
    found = town.database.do(
        find_next,
        now=town.now,
        actor=town[who],
        round_id=round_id,
        community_id=town.home if place == -1 else place,
        after=after,
        channel=channel,
    )
    return (found.name, found.phone, found.address) if found else None


def test_one_after_the_other_comes_up_group_by_group(town: Town) -> None:
    with town.database.transaction() as session:
        for name, group in (("陈素芬", "二组"), ("罗德明", "一组")):
            home = session.add(
                insert(household).values(
                    community_id=town.home, group_code=group, created_at=town.now, version=1
                )
            )
            session.execute(
                insert(household_member).values(
                    person_id=town.people[name],
                    household_id=home,
                    relation="head",
                    since=town.now,
                )
            )
    round_id = begin(town)
    luo, chen = sheet_of(town, "罗德明"), sheet_of(town, "陈素芬")
    assert stop(town, round_id) == ("罗德明", None, None)
    assert stop(town, round_id, after=luo) == ("陈素芬", None, None)
    assert stop(town, round_id, after=chen) is None
    answer(town, "孙丽", "罗德明", channel=Channel.PAPER, household_size=1)
    # Also behind somebody who has answered since.
    assert stop(town, round_id, after=luo) == ("陈素芬", None, None)
    assert stop(town, round_id) == ("陈素芬", None, None)


def test_a_phone_is_opened_only_for_phoning_and_the_look_is_noted(town: Town) -> None:
    round_id = begin(town)
    chen = sheet_of(town, "陈素芬")
    assert stop(town, round_id, after=chen, channel=Channel.PHONE) == (
        "罗德明",
        "+8610012345672",
        None,
    )
    assert stop(town, round_id, after=chen, channel=Channel.VISIT) == ("罗德明", None, None)
    with town.database.transaction() as session:
        assert journalled(session, "contact_seen") == 2


def test_going_round_shows_nobody_of_another_community(town: Town) -> None:
    round_id = begin(town)
    assert stop(town, round_id, who="钱进") is None
    assert stop(town, round_id, place=None) is None
    with pytest.raises(NotAllowed):
        stop(town, round_id, who="陈素芬")


def test_who_has_left_is_not_gone_to_any_more(town: Town) -> None:
    round_id = begin(town)
    with town.database.transaction() as session:
        session.change(
            update(role)
            .where(role.c.person_id == town.people["陈素芬"])
            .values(state="ended", version=2)
        )
    assert stop(town, round_id) == ("罗德明", None, None)
    lacking = town.database.do(list_lacking, actor=town["孙丽"], round_id=round_id)
    assert [one.name for one in lacking] == ["罗德明"]


def test_who_was_not_reached_is_tried_again_and_who_refused_is_not(town: Town) -> None:
    round_id = begin(town)
    for order, name in ((note_not_reached, "罗德明"), (refuse_round, "陈素芬")):
        town.database.do(
            order,
            now=town.now,
            actor=town["孙丽"],
            answer_id=sheet_of(town, name),
            channel=Channel.PHONE,
        )
    seen = look(town, round_id)
    assert (seen.coverage.not_reached, seen.coverage.refused) == (1, 1)
    assert stop(town, round_id) == ("罗德明", None, None)
    assert times_asked(town, "陈素芬") == 0


def test_the_list_of_what_is_lacking_is_ordered_as_a_file(town: Town) -> None:
    round_id = begin(town)
    town.database.do(ask_for_lacking, now=town.now, actor=town["孙丽"], round_id=round_id)
    town.database.do(note_lacking_list, now=town.now, actor=town["孙丽"], round_id=round_id)
    with town.database.transaction() as session:
        assert session.value(select(office_job.c.kind)) == "survey_lacking"
        assert journalled(session, "survey_list_made") == 1
    own = begin(town, "孙丽")  # nobody in it is 钱进's to see
    with pytest.raises(NothingLacking):
        town.database.do(ask_for_lacking, now=town.now, actor=town["钱进"], round_id=own)
