"""Values to a total, gates, prices and ranks: all vendors judged."""
