"""The contract of 2021 (EG2021, SEP2021): everything in the path, no envelope, numbers as strings with commas."""
