"""Papers: one maker a file, which turns facts of the register into the lines of an office file."""
