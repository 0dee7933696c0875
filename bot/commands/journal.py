"""The doctor looks at the journal: whether it still says what was sealed."""

import re

from bot.commands.finding import Finding
from storage.chain import Fault, Verdict, check_chain, find_seal
from storage.database import Database
from storage.rules.chain import SHOWN

FAULTS = {
    "changed": "a row was changed",
    "removed": "rows were taken out",
    "added": "rows were put in",
    "cut_off": "rows are cut off at the end",
    "unlinked": "a seal was changed or taken out",
}


def examine_journal(database: Database, *, everything: bool, head: str | None) -> list[Finding]:
    """Check the chain, and what somebody wrote down of it."""
    verdict = check_chain(database, everything=everything)
    findings = [Finding("journal", verdict.fault is None, _says(verdict))]
    if head is not None:
        findings.append(_compare(database, head))
    return findings


def _says(verdict: Verdict) -> str:
    if verdict.fault is not None:
        return _name(verdict.fault)
    if verdict.sealed == 0:
        return "nothing is sealed yet"
    read = (
        "all of them read"
        if verdict.rows == verdict.sealed
        else f"the newest {verdict.rows:,} read; --all reads every one"
    )
    number = f"seal {verdict.number} is {verdict.head[:SHOWN]}"
    return f"{verdict.sealed:,} rows as they were sealed ({read}); {number}"


def _name(fault: Fault) -> str:
    missing = ", ".join(str(one) for one in fault.missing)
    where = f"seal {fault.seal_id}, rows {fault.first_id}-{fault.last_id}"
    gone = f"; not there: {missing}" if missing else ""
    return (
        f"{FAULTS[fault.kind]} ({where}{gone}); stop, keep a copy of the database as it is, "
        "and compare with the last backup"
    )


def _compare(database: Database, head: str) -> Finding:
    written = head.strip()
    if not re.fullmatch(r"[0-9a-fA-F]{8,64}", written):
        says = f"{SHOWN} characters 0-9 and a-f, as the office was told them"
        return Finding("seal written down", False, says)
    seal = database.do(find_seal, head=written)
    if seal is None:
        says = "is not in this database: rows or seals from before it were changed or cut off"
        return Finding("seal written down", False, says)
    return Finding("seal written down", True, f"is seal {seal.id}, up to row {seal.last_id}")
