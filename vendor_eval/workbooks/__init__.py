"""Workbooks that leave the house: written with XlsxWriter, never read here."""
