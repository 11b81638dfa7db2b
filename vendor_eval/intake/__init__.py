"""What lies in responses/ becomes answers with their places."""
