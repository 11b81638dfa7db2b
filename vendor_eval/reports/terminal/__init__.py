"""Texts for the terminal."""
