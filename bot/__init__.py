"""The program: settings, clock, transport, intake, turns, ticks, delivery, assembly, commands."""
