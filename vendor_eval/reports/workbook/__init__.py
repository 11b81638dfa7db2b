"""Sheets of the shortlist workbook."""
