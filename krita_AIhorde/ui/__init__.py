"""Widgets: they show state and send intents."""
