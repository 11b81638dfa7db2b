"""Figures of a delivery: each a record with its interval, from the arrays of gold, tasks and what came back."""
