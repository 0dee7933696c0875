"""Papers: asked for once, carried by one worker, ended once, whatever is killed meanwhile."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import select, update

from storage.database import Session
from storage.files import fetch_file, fill_file, keep_file
from storage.outbox.outcomes import End
from storage.papers import PaperAskedAlready, TooManyPapers, ask_for_paper
from storage.papers.carrying import (
    LEASE_SECONDS,
    Job,
    count_open_jobs,
    fail_job,
    finish_job,
    recover_jobs,
    release_job,
    report_job,
    take_job,
)
from storage.people import get_person
from storage.refusals import Fact
from storage.tables import file, office_job
from tests.storage.post import COORDINATOR, RESIDENT, Post

KINDS = ("residents", "volunteers")


def ask(post: Post, kind: str = "residents", *, chat: int = RESIDENT, **more: Fact) -> int:
    def step(session: Session) -> int:
        actor = get_person(session, person_id=post.people[chat])
        return ask_for_paper(session, now=post.now, actor=actor, kind=kind, facts=more)

    return post.database.do(step)


def take(post: Post, *, owner: str = "a", kinds: tuple[str, ...] = KINDS) -> Job | None:
    return post.database.do(take_job, owner=owner, kinds=kinds, now=post.now, real=post.real)


def report(post: Post, job_id: int, *, owner: str = "a", done: int = 0, total: int = 0) -> bool:
    return post.database.do(
        report_job,
        job_id=job_id,
        owner=owner,
        done=done,
        total=total,
        now=post.now,
        real=post.real,
    )


def finish(post: Post, job_id: int, *, owner: str = "a") -> bool:
    return post.database.do(finish_job, job_id=job_id, owner=owner, now=post.now)


def fail(post: Post, job_id: int, reason: str, *, owner: str = "a") -> bool:
    return post.database.do(fail_job, job_id=job_id, owner=owner, now=post.now, reason=reason)


def test_a_paper_is_taken_with_what_was_asked_for(post: Post) -> None:
    job_id = ask(post, community=3, name="陈")
    assert post.keys() == [f"paper:{job_id}:card"]
    job = take(post)
    assert job is not None
    assert (job.id, job.kind, job.facts, job.attempts) == (
        job_id,
        "residents",
        {"community": 3, "name": "陈"},
        1,
    )
    assert take(post) is None
    assert post.database.do(count_open_jobs) == 1


def test_what_is_asked_for_lies_sealed(post: Post) -> None:
    job_id = ask(post, name="陈素芬")
    with post.database.transaction() as session:
        facts = session.value(select(office_job.c.facts).where(office_job.c.id == job_id))
    assert "陈素芬".encode() not in facts


def test_a_double_press_makes_one_paper(post: Post) -> None:
    ask(post, community=3)
    with pytest.raises(PaperAskedAlready):
        ask(post, community=3)
    ask(post, community=4)
    ask(post, "volunteers")
    with pytest.raises(TooManyPapers):
        ask(post, community=5)
    ask(post, community=3, chat=COORDINATOR)


def test_each_lane_takes_only_its_kinds_and_the_oldest_first(post: Post) -> None:
    first, second, third = ask(post), ask(post, "volunteers"), ask(post, community=3)
    volunteers = take(post, kinds=("volunteers",))
    residents = take(post, kinds=("residents",))
    assert volunteers is not None
    assert residents is not None
    assert (volunteers.id, residents.id) == (second, first)
    assert finish(post, first)
    later = take(post)
    assert later is not None
    assert later.id == third


def test_of_many_workers_one_takes_a_paper(post: Post) -> None:
    ask(post)
    barrier, taken = Barrier(4), []

    def worker(name: str) -> None:
        barrier.wait()
        if take(post, owner=name) is not None:
            taken.append(name)

    threads = [Thread(target=worker, args=(f"w{number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == 1


def test_a_paper_is_ended_once_and_only_by_who_carries_it(post: Post) -> None:
    job_id = ask(post)
    take(post)
    assert not finish(post, job_id, owner="b")
    assert finish(post, job_id)
    assert not finish(post, job_id)
    assert not fail(post, job_id, "crashed")
    assert post.database.do(count_open_jobs) == 0
    ask(post)


def test_what_a_killed_program_carried_is_begun_anew(post: Post) -> None:
    job_id = ask(post)
    take(post)
    assert post.database.do(recover_jobs, owner="a") == 0
    assert post.database.do(recover_jobs, owner="b") == 1
    again = take(post, owner="b")
    assert again is not None
    assert (again.id, again.attempts) == (job_id, 2)
    assert not finish(post, job_id), "the dead do not end it"
    assert finish(post, job_id, owner="b")


def test_a_worker_that_reports_keeps_its_paper_and_one_that_does_not_loses_it(post: Post) -> None:
    job_id = ask(post)
    take(post)
    post.real += LEASE_SECONDS - 1
    assert report(post, job_id)
    post.real += LEASE_SECONDS - 1
    assert take(post, owner="b") is None
    post.real += 2
    assert take(post, owner="b") is not None
    assert not report(post, job_id)


def test_a_paper_given_back_at_the_end_of_the_program_is_no_attempt(post: Post) -> None:
    job_id = ask(post)
    take(post)
    post.database.do(release_job, job_id=job_id, owner="a", tried=False)
    again = take(post)
    assert again is not None
    assert again.attempts == 1
    post.database.do(release_job, job_id=job_id, owner="a", tried=True)
    again = take(post)
    assert again is not None
    assert again.attempts == 2


def test_the_card_is_rewritten_in_its_place_and_old_reports_are_withdrawn(post: Post) -> None:
    job_id = ask(post)
    take(post)
    assert report(post, job_id, done=5, total=10)
    assert list(post.states()) == [f"paper:{job_id}:card"], "it was not shown yet"
    post.keys()
    post.end(f"paper:{job_id}:card", End.SENT, message_id=77)
    assert report(post, job_id, done=5, total=10)
    assert report(post, job_id, done=10, total=10)
    (parcel,) = post.lease()
    assert (parcel.kind, parcel.edits, parcel.template) == ("edit", 77, "paper_card")
    assert parcel.facts == {
        "paper": "residents",
        "state": "working",
        "done": 10,
        "total": 10,
        "percent": 99,
    }
    assert sorted(post.states().values()) == ["sending", "sent", "unwanted"]


def test_a_failure_is_said_in_a_message_and_a_crash_to_the_office_too(post: Post) -> None:
    job_id = ask(post)
    take(post)
    assert fail(post, job_id, "too_slow")
    assert f"paper:{job_id}:failed" in post.states()
    second = ask(post)
    take(post)
    assert fail(post, second, "crashed")
    told = [key for key in post.states() if key.endswith(f":crashed:{post.people[COORDINATOR]}")]
    assert told == [f"paper:{second}:crashed:{post.people[COORDINATOR]}"]


def test_a_paper_waits_for_its_file_but_not_for_ever(post: Post) -> None:
    def step(session: Session) -> int:
        actor = get_person(session, person_id=post.people[COORDINATOR])
        file_id = fetch_file(
            session,
            now=post.now,
            source="BQAC",
            name="a.xlsx",
            media_type="x/y",
            size=9,
            purpose="import",
        )
        ask_for_paper(
            session, now=post.now, actor=actor, kind="residents", facts={}, file_id=file_id
        )
        return file_id

    file_id = post.database.do(step)
    assert take(post) is None
    post.now += timedelta(hours=2)
    lost = take(post)
    assert lost is not None
    assert lost.file_id == file_id
    post.now -= timedelta(hours=2)
    post.database.do(release_job, job_id=lost.id, owner="a", tried=False)
    assert take(post) is None
    assert post.database.do(fill_file, file_id=file_id, body=b"PK")
    assert take(post) is not None


def test_a_paper_whose_file_is_lost_is_taken_and_told_so(post: Post) -> None:
    def step(session: Session) -> None:
        actor = get_person(session, person_id=post.people[COORDINATOR])
        kept = keep_file(
            session, now=post.now, name="a", media_type="x/y", body=b"PK", purpose="import"
        )
        session.change(
            update(file).where(file.c.id == kept).values(state="lost", reason="gone", body=None)
        )
        ask_for_paper(session, now=post.now, actor=actor, kind="residents", facts={}, file_id=kept)

    post.database.do(step)
    assert take(post) is not None


def test_a_paper_that_no_key_opens_is_ended_and_the_next_is_taken(post: Post) -> None:
    broken, whole = ask(post), ask(post, "volunteers")
    with post.database.transaction() as session:
        session.change(update(office_job).where(office_job.c.id == broken).values(facts=b"?" * 40))
    assert take(post) is None
    assert f"paper:{broken}:failed" in post.states()
    job = take(post)
    assert job is not None
    assert job.id == whole
