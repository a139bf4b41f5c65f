"""The AI Horde API: typed messages, client, pacing, errors."""
