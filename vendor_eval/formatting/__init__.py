"""Figures as text, currencies, and untrusted text made safe to print."""
