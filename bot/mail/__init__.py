"""Alarms by e-mail: the settings read, the words put together, one thread that talks SMTP."""
