"""Survey rounds in the chat: staff open, fill in and follow them; people answer."""

from handlers.surveys.desk import open_surveys, press_round
from handlers.surveys.filling import FORMS
from handlers.surveys.opening import FORM
from handlers.surveys.receiving import press_survey
from handlers.topic import Topic

TOPIC = Topic(
    commands={"survey": open_surveys},
    presses={"survey": press_survey, "round": press_round},
    forms=(FORM, *FORMS.values()),
)
