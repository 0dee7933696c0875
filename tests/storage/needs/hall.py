"""The town with its organisations: needs are verified, referred, answered, by name."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import insert, select, update

from messages.render import LANGUAGES, Wording
from storage.database import Session
from storage.needs import NeedCard, Statement, find_need, move_needs, state_need
from storage.needs.referral import accept_referral
from storage.needs.verification.laying import Way
from storage.needs.verification.verifying import verify_right
from storage.rules.areas import Category, Urgency
from storage.tables import journal, organisation, outbox, person, referral, role, service
from tests.storage.residents import register
from tests.storage.town import Town

RAMP = Statement(Category.HOME_ACCESSIBILITY, Urgency.U2, "门口台阶高，想修个坡道")
SUBSIDY = Statement(Category.TWO_SUBSIDIES, Urgency.U2, "想问护理补贴怎么申请")
CLINIC, AFFAIRS, OFFICE = "桂阳社区卫生服务中心", "社会事务办公室", "桂阳街道残联"


@dataclass
class Hall:
    """A town whose residents' needs go to organisations."""

    town: Town

    def do(self, step: Any, **facts: Any) -> Any:
        return self.town.database.do(step, now=self.town.now, **facts)

    def id(self, name: str) -> int:
        return self.town.people[name]

    def hire(self, name: str, *, at: str, chat: int) -> int:
        """A coordinator of an organisation."""
        with self.town.database.transaction() as session:
            who = register(session, now=self.town.now, name=name, roles=("coordinator",), chat=chat)
            session.change(
                update(role)
                .where(role.c.person_id == who.id)
                .values(organisation_id=organisation_id(session, at))
            )
        self.town.people[name] = who.id
        return who.id

    def state(self, said: Statement = SUBSIDY, *, by: str = "陈素芬") -> int:
        mine = self.id(by)
        return int(self.do(state_need, actor_id=mine, resident_id=mine, said=said))

    def need(self, need_id: int) -> NeedCard:
        found = self.town.database.do(find_need, need_id=need_id)
        assert found is not None
        return found

    def verify(self, need_id: int, *, by: str = "孙丽") -> NeedCard:
        card: NeedCard = self.do(
            verify_right,
            coordinator_id=self.id(by),
            need_id=need_id,
            version=self.need(need_id).version,
            way=Way.PHONE,
        )
        return card

    def act(self, step: Any, need_id: int, *, by: str, **facts: Any) -> NeedCard:
        """Let somebody do something with the need's live referral."""
        had = self.need(need_id).referred
        card: NeedCard = self.do(
            step, actor_id=self.id(by), referral_id=had.id, version=had.version, **facts
        )
        return card

    def accept(self, need_id: int, *, by: str, days: int = 7) -> NeedCard:
        day = self.town.now + timedelta(days=days)
        return self.act(accept_referral, need_id, by=by, expected_at=day)

    def wait(self, **length: float) -> None:
        """Let time pass, and everything that is due move."""
        self.town.pass_time(**length)
        while move_needs(self.town.database, now=self.town.now):
            pass

    def said_to(self, name: str) -> list[str]:
        """What somebody was told so far, by occasion, oldest first."""
        with self.town.database.transaction() as session:
            rows = session.all(
                select(outbox.c.template)
                .join(person, person.c.telegram_id == outbox.c.chat_id)
                .where(person.c.id == self.id(name))
                .order_by(outbox.c.id)
            )
        return [row.template for row in rows]

    def read_all(self) -> list[str]:
        """Word everything that was said, in both languages: no fact may be missing."""
        wording, read = Wording(zone="Asia/Shanghai"), []
        with self.town.database.transaction() as session:
            for row in session.all(select(outbox).where(outbox.c.facts.is_not(None))):
                sealed = session.vault.unseal(row.facts, place=f"outbox:{row.key}")
                facts = json.loads(sealed)
                read += [wording.text(row.template, language=one, facts=facts) for one in LANGUAGES]
        return read

    def referrals(self, need_id: int) -> Sequence[tuple[str, str]]:
        """The organisations a need was laid before, and what became of it."""
        with self.town.database.transaction() as session:
            rows = session.all(
                select(organisation.c.name, referral.c.state)
                .join(referral, referral.c.organisation_id == organisation.c.id)
                .where(referral.c.need_id == need_id)
                .order_by(referral.c.id)
            )
        return [(row.name, row.state) for row in rows]

    def add_service(self, name: str, category: str, **values: Any) -> int:
        with self.town.database.transaction() as session:
            row = {
                "organisation_id": organisation_id(session, name),
                "category": category,
                "provider": "society",
                "hours": "",
                "contact": "",
                "text": "",
                "state": "active",
                "created_at": self.town.now,
                "version": 1,
            }
            return session.add(insert(service).values(row | values))

    def noted(self) -> list[str]:
        with self.town.database.transaction() as session:
            rows = session.all(select(journal.c.what).order_by(journal.c.id))
        return [row.what for row in rows]


def organisation_id(session: Session, name: str) -> int:
    return int(session.value(select(organisation.c.id).where(organisation.c.name == name)))
