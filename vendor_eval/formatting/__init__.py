"""Figures as they are printed, currencies, and texts of others made safe to print."""
