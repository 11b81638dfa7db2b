"""Foreign questionnaires: a mapping of their ids to ours, how it is read, and the draft of one."""
