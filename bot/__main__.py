"""``python -m bot`` is the same as ``jiai``."""

from bot.command_line import main

if __name__ == "__main__":
    main()
