"""Pure decisions: standard library only, no table, no session, no clock."""
