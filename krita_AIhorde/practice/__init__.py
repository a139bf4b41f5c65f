"""A small AI Horde on the artist's own machine: for the demo, the tests, the benchmarks, and for learning
offline.

It answers as the real server was seen to answer, traps included, and draws simple pictures of its own.
Start it with ``python -m krita_AIhorde.practice`` or, inside a program, with `server.PracticeHorde`.
"""
