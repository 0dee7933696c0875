"""What each command does; the names and flags stand in bot/command_line.py."""
