"""A job's life from click to layer."""
