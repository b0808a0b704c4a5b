"""A day of applications for both products and the weeks until each is closed, as outsiders would have sent it."""
