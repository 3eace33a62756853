"""Packs: what an archive holds, in few files instead of one for each answer."""
