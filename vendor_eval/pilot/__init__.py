"""The pilot: draw a sample, read what vendors delivered, measure it, and hold it against what they promised."""
