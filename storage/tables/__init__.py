"""Every table: the SQLModel classes declare, the Core tables named here are what storage uses."""

from storage.tables.answers import answer, answer_text, question
from storage.tables.categories import category
from storage.tables.check_ins import alarm, alarm_listener, check_in, check_in_plan, day_reminder
from storage.tables.complaints import apart, complaint
from storage.tables.consents import consent, consent_refusal, look, statement
from storage.tables.documents import document, edition, notice, receipt
from storage.tables.files import file, office_job
from storage.tables.hotlines import hotline
from storage.tables.imports import duplicate, import_batch, import_row
from storage.tables.machinery import (
    choice,
    dialogue,
    heartbeat,
    inbox,
    journal,
    journal_post,
    journal_seal,
    outbox,
    retention,
)
from storage.tables.matching import kind_off, neighbour, team_offer, wave
from storage.tables.need_details import home_access, need_detail, need_media
from storage.tables.needs import claim, climb, need, offer
from storage.tables.office import digest, incident, search
from storage.tables.organisations import action, attachment, organisation, organisation_kind
from storage.tables.pairs import pair, pair_log, pair_telling
from storage.tables.paper import call_record, pause, sheet, sheet_line, to_tell
from storage.tables.people import (
    caregiver,
    chat,
    community,
    erasure,
    invitation,
    person,
    role,
    volunteer,
    wrong_code,
)
from storage.tables.registers import (
    disability_certificate,
    household,
    household_member,
    qualification,
    resident,
    volunteer_profile,
)
from storage.tables.rehab import (
    guidance,
    home_visit,
    organisation_link,
    rehab_site,
    site_rating,
)
from storage.tables.series import missed_visit, need_series
from storage.tables.services import licence, referral, service, service_area, verification
from storage.tables.surveys import survey_answer, survey_round
from storage.tables.visits import call_back, confirmation, reopening, stand_in, visit_word

__all__ = [
    "action",
    "alarm",
    "alarm_listener",
    "answer",
    "answer_text",
    "apart",
    "attachment",
    "call_back",
    "call_record",
    "caregiver",
    "category",
    "chat",
    "check_in",
    "check_in_plan",
    "choice",
    "claim",
    "climb",
    "community",
    "complaint",
    "confirmation",
    "consent",
    "consent_refusal",
    "day_reminder",
    "dialogue",
    "digest",
    "disability_certificate",
    "document",
    "duplicate",
    "edition",
    "erasure",
    "file",
    "guidance",
    "heartbeat",
    "home_access",
    "home_visit",
    "hotline",
    "household",
    "household_member",
    "import_batch",
    "import_row",
    "inbox",
    "incident",
    "invitation",
    "journal",
    "journal_post",
    "journal_seal",
    "kind_off",
    "licence",
    "look",
    "missed_visit",
    "need",
    "need_detail",
    "need_media",
    "need_series",
    "neighbour",
    "notice",
    "offer",
    "office_job",
    "organisation",
    "organisation_kind",
    "organisation_link",
    "outbox",
    "pair",
    "pair_log",
    "pair_telling",
    "pause",
    "person",
    "qualification",
    "question",
    "receipt",
    "referral",
    "rehab_site",
    "reopening",
    "resident",
    "retention",
    "role",
    "search",
    "service",
    "service_area",
    "sheet",
    "sheet_line",
    "site_rating",
    "stand_in",
    "statement",
    "survey_answer",
    "survey_round",
    "tables_by_name",
    "team_offer",
    "to_tell",
    "verification",
    "visit_word",
    "volunteer",
    "volunteer_profile",
    "wave",
    "wrong_code",
]

# The tables whose version can make a queued message unwanted.
tables_by_name = {
    "alarm": alarm,
    "caregiver": caregiver,
    "check_in": check_in,
    "claim": claim,
    "complaint": complaint,
    "look": look,
    "need": need,
    "need_media": need_media,
    "disability_certificate": disability_certificate,
    "notice": notice,
    "duplicate": duplicate,
    "import_batch": import_batch,
    "offer": offer,
    "qualification": qualification,
    "question": question,
    "pair": pair,
    "pair_log": pair_log,
    "pair_telling": pair_telling,
    "pause": pause,
    "referral": referral,
    "role": role,
    "survey_answer": survey_answer,
    "stand_in": stand_in,
    "call_back": call_back,
}
