"""The result put together: records of what was read, scored and judged."""
