"""YAML to models with line and column, and where the data of the package lies."""
