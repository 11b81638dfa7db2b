"""Letters after the award and the annex of its conditions, from records alone."""
