"""Programs of ours in processes of their own, each a fork of one process that has imported what all of them need.

Half of what a command costs is importing (docs/decisions/0056), and the tests start hundreds of them.
"""
