"""Words and sentences that several outputs share."""
