"""A yard for tests of ties: a hairdresser lightly disabled, three who are severely so, a school."""

from datetime import datetime

from sqlalchemy import select, update

from storage.attachments import attach
from storage.database import Database, Session
from storage.pairs import Pair, say_yes
from storage.pairs.ties.mutual import MutualDraft, propose_mutual
from storage.pairs.ties.standing import TieDraft, propose_tie
from storage.registers import change_profile, place_in_household
from storage.rules.pairs import Kind
from storage.rules.ties import Bar
from storage.tables import caregiver, household_member, organisation, outbox, role
from tests.storage.pairs.lane import Lane, a_lane
from tests.storage.residents import OFFICE

# Name, role, chat, grade or None.
CAST = (
    ("mei", "volunteer", 31, "3"),
    ("qin", "resident", 41, "1"),
    ("shi", "resident", 42, "2"),
    ("tao", "resident", 43, "1"),
    ("mild", "resident", 44, "4"),
)
ASSOCIATION, SCHOOL, CLINIC, STATION = (
    "肢残人协会",
    "垫江县特殊教育学校",
    "桂阳社区卫生服务中心",
    "桂阳街道助残志愿者联络站",
)


class Yard(Lane):
    """王 is the office; 梅 cuts hair; 秦, 石 and 陶 could be helped; 小 is a child."""

    def grade(self, name: str, grade: str) -> None:
        values = {"category": "physical", "grade": grade}
        self.do(
            change_profile,
            now=self.now,
            actor=OFFICE,
            person_id=self.people[name],
            values=values,
            ground="staff",
        )

    def born(self, name: str, day: str) -> None:
        self.do(
            change_profile,
            now=self.now,
            actor=OFFICE,
            person_id=self.people[name],
            values={"born_on": day},
            ground="staff",
        )

    def works_at(self, name: str, organisation_name: str) -> int:
        """Let a coordinator work in an organisation."""
        found = self.organisation(organisation_name)
        with self.database.transaction() as session:
            session.change(
                update(role)
                .where(role.c.person_id == self.people[name], role.c.kind == "coordinator")
                .values(organisation_id=found)
            )
        return found

    def organisation(self, name: str) -> int:
        named = select(organisation.c.id).where(organisation.c.name == name)
        return int(self.do(lambda session: session.value(named)))

    def attach(self, name: str, organisation_id: int) -> None:
        self.do(
            attach,
            now=self.now,
            actor=self["wang"],
            organisation_id=organisation_id,
            person_id=self.people[name],
        )

    def guard(self, guardian: str, child: str) -> None:
        """Staff saw the papers: this one is the guardian of that one."""
        row = {
            "resident_id": self.people[child],
            "caregiver_id": self.people[guardian],
            "state": "confirmed",
            "kind": "guardian",
            "copies": True,
            "created_at": self.now,
            "version": 1,
        }
        with self.database.transaction() as session:
            session.execute(caregiver.insert(), row)

    def draft(self, resident: str = "qin", helper: str = "mei") -> MutualDraft:
        return MutualDraft(
            resident_id=self.people[resident],
            helper_id=self.people[helper],
            acts=("haircut", "phone_greeting"),
            frequency="fortnightly",
            gives_back="教下象棋",
        )

    def help_out(
        self,
        resident: str = "qin",
        *,
        helper: str = "mei",
        by: str = "wang",
        lifting: tuple[Bar, ...] = (),
        reason: str | None = None,
    ) -> Pair:
        """Propose mutual help."""
        return self.do(
            propose_mutual,
            now=self.now,
            actor=self[by],
            draft=self.draft(resident, helper),
            lifting=lifting,
            reason=reason,
        )

    def help_each_other(self, resident: str = "qin") -> Pair:
        one = self.help_out(resident)
        return self.agree(one, resident, "mei")

    def tie(
        self,
        kind: Kind,
        organisation_id: int,
        *,
        resident: str = "qin",
        by: str = "wang",
        leader: str | None = None,
        acts: tuple[str, ...] = ("visit",),
        frequency: str = "monthly",
    ) -> Pair:
        return self.do(
            propose_tie,
            now=self.now,
            actor=self[by],
            draft=TieDraft(
                kind=kind,
                resident_id=self.people[resident],
                organisation_id=organisation_id,
                acts=acts,
                frequency=frequency,
                leader_id=self.people[leader] if leader else None,
            ),
        )

    def settle(self) -> None:
        for name, kind, chat, grade in CAST:
            self.join(name, kind, chat, None)
            self.grade(name, grade)
        self.join("teacher", "coordinator", 51, None)
        self.join("mother", "caregiver", 52, None)
        self.join("xiao", "resident", None, None)
        self.do(self._child)

    def _child(self, session: Session) -> None:
        """小 lives with 秦, is nine and not disabled."""
        session.change(
            update(role).where(role.c.person_id == self.people["xiao"]).values(state="ended")
        )
        self.place(session, self.people["qin"], "2组")
        place_in_household(
            session,
            now=self.now,
            actor=OFFICE,
            person_id=self.people["xiao"],
            household_id=_home(session, self.people["qin"]),
            relation="child",
        )

    def heard(self, name: str) -> list[str]:
        """The templates of pairs and ties said to somebody, in order."""
        chat = self[name].telegram_id
        said = select(outbox.c.template).where(outbox.c.chat_id == chat).order_by(outbox.c.id)
        rows = self.do(lambda session: session.all(said))
        return [row.template for row in rows if row.template.startswith(("pair", "tie"))]

    def say_yes(self, one: Pair, name: str) -> Pair:
        return self.do(say_yes, now=self.now, actor=self[name], pair_id=one.id)


def _home(session: Session, person_id: int) -> int:
    of = household_member.c
    return int(session.value(select(of.household_id).where(of.person_id == person_id)))


def a_yard(database: Database, now: datetime) -> Yard:
    """Build the yard over the lane."""
    lane = a_lane(database, now)
    yard = Yard(database, now, lane.home, lane.away, lane.people)
    yard.settle()
    return yard
