"""What leaves the mission, each kind before an attacker who wants to know of whom it is."""
