"""What an import may answer instead of doing harm."""

from storage.refusals import Refusal


class ImportRunning(Refusal):
    """Another import of this organisation is being written or taken back."""

    key = "import_running"


class ImportMoved(Refusal):
    """The import is not as it was shown: its state says what became of it."""

    key = "import_moved"


class NothingToImport(Refusal):
    """No row waits to be written."""

    key = "import_nothing"


class ImportDecided(Refusal):
    """Somebody else decided first; facts say who (``by``) and what became of it (``state``)."""

    key = "import_decided"
