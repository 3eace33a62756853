"""How much of what was made is kept for who asks next, in bytes. Their sum is what docs/capacity.md counts with."""

_MB = 1024 * 1024

# Answers of the API by what they are of, and those of the newest version by address, in every coding.
ANSWERS, READY = 20 * _MB, 24 * _MB
# How the contests of an election stood at earlier moments.
PAST_CONTESTS = 4 * _MB
PAGES = 32 * _MB
# Tables of mesas, compressed or as they are.
TABLES = 24 * _MB
EMBEDS, PICTURES = 24 * _MB, 16 * _MB
TOTAL = ANSWERS + PAST_CONTESTS + READY + PAGES + TABLES + EMBEDS + PICTURES
