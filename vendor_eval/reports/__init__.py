"""Reports for people, drawn from a result alone."""
