"""Findings: what was answered, by question, of the places that were visited, and what of it may leave the house."""
