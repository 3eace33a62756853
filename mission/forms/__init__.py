"""What observers are asked: forms as data, their conditions, and what is wrong with answers to them."""
