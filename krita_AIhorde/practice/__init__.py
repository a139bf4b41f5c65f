"""A small AI Horde on the artist's own machine."""
