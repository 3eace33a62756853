"""Alerts of the mission: who looks for them, who hears of them on a socket, and who is sent them."""
