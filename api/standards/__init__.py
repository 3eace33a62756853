"""A count in the forms that others agreed on: NIST SP 1500-100 version 2, and Google's profile of it."""
