"""Every conversation, one line each; the order decides who hears free words first."""

from handlers import (
    alarms,
    answers,
    call_backs,
    call_plans,
    call_rounds,
    caregivers,
    categories,
    check_ins,
    communities,
    complaints,
    consents,
    documents,
    duplicates,
    duty,
    exports,
    holds,
    hours,
    imports,
    joining,
    life_changes,
    missed,
    needs,
    notices,
    numbers,
    office,
    organisations,
    pairs,
    paper,
    pauses,
    privacy,
    register,
    rehab,
    retention,
    series,
    services,
    settings,
    surveys,
    ties,
)
from handlers.dialogue import Form
from handlers.topic import Topic

TOPICS: tuple[Topic, ...] = (
    # First: whoever has not joined hears the notice, whatever they say.
    joining.TOPIC,
    settings.TOPIC,
    pauses.TOPIC,
    privacy.TOPIC,
    paper.TOPIC,
    retention.TOPIC,
    office.TOPIC,
    caregivers.TOPIC,
    communities.TOPIC,
    complaints.TOPIC,
    categories.TOPIC,
    consents.TOPIC,
    organisations.TOPIC,
    register.TOPIC,
    alarms.TOPIC,
    numbers.TOPIC,
    call_plans.TOPIC,
    call_rounds.TOPIC,
    life_changes.TOPIC,
    duty.TOPIC,
    call_backs.TOPIC,
    hours.TOPIC,
    check_ins.TOPIC,
    missed.TOPIC,
    holds.TOPIC,
    pairs.TOPIC,
    ties.TOPIC,
    notices.TOPIC,
    surveys.TOPIC,
    documents.TOPIC,
    exports.TOPIC,
    imports.TOPIC,
    duplicates.TOPIC,
    series.TOPIC,
    services.TOPIC,
    rehab.TOPIC,
    # What somebody is waited for to say is neither a question nor a need.
    needs.AWAITED,
    # A question before a need: what asks for something to be done is left to the needs.
    answers.TOPIC,
    # Last: whatever nobody else took may be a need.
    needs.TOPIC,
)

COMMANDS = {name: handler for topic in TOPICS for name, handler in topic.commands.items()}
PRESSES = {word: handler for topic in TOPICS for word, handler in topic.presses.items()}
FORMS: dict[str, Form] = {form.topic: form for topic in TOPICS for form in topic.forms}
ENTRIES = [topic.entries for topic in TOPICS if topic.entries is not None]
WORDS = [topic.words for topic in TOPICS if topic.words is not None]
MEDIA = [topic.media for topic in TOPICS if topic.media is not None]
