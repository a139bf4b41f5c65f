"""What the front door does: install, demo, test, doctor. Standard library only."""
