"""Verification (核实): made sure of by a coordinator before it is offered."""
