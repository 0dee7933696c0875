"""My data: what is held of a person, who looked at it, and a copy of all of it."""

from storage.privacy.copying import open_copy
from storage.privacy.holding import Held, list_held
from storage.privacy.lines import Line, Section
from storage.privacy.looks import Look, list_looks
from storage.privacy.subjects import Subject, ground_of_erasing, list_subjects, open_subject

__all__ = [
    "Held",
    "Line",
    "Look",
    "Section",
    "Subject",
    "ground_of_erasing",
    "list_held",
    "list_looks",
    "list_subjects",
    "open_copy",
    "open_subject",
]
