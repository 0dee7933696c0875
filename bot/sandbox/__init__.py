"""A local Bot API server with a chat page: its own process, importing nothing of the rest."""
