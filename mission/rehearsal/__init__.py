"""A seeded mission that takes part in a rehearsal: a client of the API like any other, in a process of its own."""
