"""Letters after the award: who gets which, what is missing for them, which name does not belong there."""
