"""What the buyer and the evaluators found."""
