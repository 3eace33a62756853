"""Routes of what the mission has made public: the same answers for everybody, beside the count they are about."""
