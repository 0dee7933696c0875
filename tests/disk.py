"""How the tests' own databases are opened: without waiting for the disk.

No test pulls the plug, and the wait was half the time of a test that commits much. What is killed
in tests is a process, whose writes the system keeps.
"""

from storage import database

USERS_PRAGMAS = database.PRAGMAS
WITHOUT_WAITING = tuple(
    "synchronous=OFF" if one == "synchronous=FULL" else one for one in USERS_PRAGMAS
)
