"""report.html: one file in which the depth is explored; template, style and modules of JavaScript beside it."""
