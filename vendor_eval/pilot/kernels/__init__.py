"""Statistics of a pilot: pure functions over numbers and arrays that import nothing of ours.

Shares are 0 to 100, intervals two-sided 95 % unless a function says otherwise, and nothing is rounded.
"""
