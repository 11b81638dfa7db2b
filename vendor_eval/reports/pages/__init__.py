"""Pages of the documents on paper, each a module called after its title."""
