"""The sourcing advisor: in-house, a managed partner, or start in-house and scale out."""
