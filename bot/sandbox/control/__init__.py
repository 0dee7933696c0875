"""The control interface: what people do, the clock, faults, and reading what was shown."""
