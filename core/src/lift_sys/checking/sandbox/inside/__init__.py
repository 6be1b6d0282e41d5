"""What runs on the hostile side: standard library only, and no word of it is believed outside.

`boot.py` starts it without importing the rest of lift-sys.
"""
