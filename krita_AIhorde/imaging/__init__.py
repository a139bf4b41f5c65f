"""Geometry and pixels: pure functions, no Qt, no Krita."""
