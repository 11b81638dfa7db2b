"""Workbooks that go out and come back: their rows, sheets and identity."""
