"""The documents of docs/operate, run step by step on a machine of the tests' own."""
