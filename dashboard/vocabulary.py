"""Made by `make vocabulary` from the enums of the rooms, see api/commands/vocabulary.py; never edited."""

BUCKETS = ["counted", "at_jee", "pending"]
NOT_VALID = ["blank", "null", "challenged"]
FIGURES = ["counted", "at_jee", "pending", "total", "cast", "valid", "blank", "null", "challenged"]
CONTEST_STATES = ["won", "first_round", "runoff", "open", "not_read", "nothing_counted", "no_valid_votes"]
GATE = {"lower_looks": 2, "older_looks": 3, "skew_minutes": 5}
CHECKPOINTS = ["50", "75", "90", "95", "99", "100"]
OUTLIERS = {"least_mesas": 5, "false_discovery": 0.05, "firm_discovery": 0.025, "least_points": 15.0, "least_votes": 30}
NOTED_KINDS = ["correction", "hold", "release"]
QUEUE_STATES = ["open", "resolved"]
