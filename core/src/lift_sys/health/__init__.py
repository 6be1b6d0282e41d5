"""What this machine has of what lift-sys can use, and what mends the rest.

Whatever may hang or crash is asked in a process of its own.
"""
