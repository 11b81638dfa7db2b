"""The record of a tender: its seal, its log, what is decided before prices are opened, conditions of the award."""
