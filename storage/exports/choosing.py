"""What is to be exported: which register, of whom, which columns; plain data, kept with the job."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from storage.refusals import Fact
from storage.rules.fields import FIELDS, Field, Register

# No record holds these yet; an empty column would look as if nobody had any.
UNKEPT = frozenset({"row_number", "pair", "registered_by", "stars", "state", "consent_scope"})
# What the daily work of a village needs of its own people (个人信息保护法 art. 6); the numbers of
# papers, money and everything else sensitive goes to the office alone.
WORK = frozenset(
    {
        *("phone", "address", "born_on", "category", "grade", "certificate_state", "self_care"),
        *("contact_name", "contact_phone", "contact2_name", "contact2_phone"),
        *("guardian_name", "guardian_phone"),
    }
)
# What fits on one page across.
SHORT: Mapping[Register, tuple[str, ...]] = {
    Register.RESIDENT: (
        *("community", "group", "name", "sex", "born_on", "category", "grade"),
        *("phone", "address", "lives_alone", "contact_name", "contact_phone"),
    ),
    Register.VOLUNTEER: (
        *("community", "name", "sex", "phone", "team", "skills", "times"),
        *("languages", "qualifications", "hours"),
    ),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """What is left empty leaves nobody out. ``columns`` is short, all, or figures alone."""

    register: Register
    communities: tuple[int, ...] = ()
    categories: tuple[str, ...] = ()
    grades: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    columns: str = "short"

    @classmethod
    def read(cls, facts: Mapping[str, Fact]) -> Self:
        """Read back what ``as_facts`` wrote."""
        return cls(
            register=Register(str(facts["register"])),
            communities=tuple(int(one) for one in _listed(facts.get("communities"))),
            categories=_listed(facts.get("categories")),
            grades=_listed(facts.get("grades")),
            skills=_listed(facts.get("skills")),
            columns=str(facts.get("columns", "short")),
        )

    def as_facts(self) -> dict[str, Fact]:
        """As a job keeps it."""
        return {
            "register": self.register.value,
            "communities": [str(one) for one in self.communities],
            "categories": list(self.categories),
            "grades": list(self.grades),
            "skills": list(self.skills),
            "columns": self.columns,
        }

    @property
    def sifts(self) -> bool:
        """Whether whom it means stands in sealed columns, which must be opened to know."""
        return bool(self.categories or self.grades)


def columns_of(choice: Choice, *, is_office: bool) -> Sequence[Field]:
    """The columns of the choice that somebody of the office, or of a village, may have."""
    fields = FIELDS[choice.register]
    wanted = SHORT[choice.register] if choice.columns == "short" else tuple(fields)
    return [
        fields[key]
        for key in wanted
        if key not in UNKEPT and (is_office or key in WORK or not fields[key].sensitive)
    ]


def _listed(fact: Fact) -> tuple[str, ...]:
    return tuple(fact) if isinstance(fact, list) else ()
