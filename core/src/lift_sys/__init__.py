"""lift-sys: plain English, to a checked specification, to Python that passes its checks."""
