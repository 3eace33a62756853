"""The contract of 2026 (`presentacion-backend`): filters in the query, an envelope around every payload.

What was never captured is as several clients and the source's published code have it; its module says so.
"""
