"""The board for a newsroom's wall at /tv: what the pages say, large, one scene after the other."""
