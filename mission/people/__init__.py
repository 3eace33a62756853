"""The people of the mission: accounts, how they come in, what they may do, and what they did."""
