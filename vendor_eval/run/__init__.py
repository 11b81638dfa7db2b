"""The pipeline in order: evaluate, the result put together, what is rendered, and out/ as a set."""
