"""Polling places are schools: a register of schools joined to them."""
