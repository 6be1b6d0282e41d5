"""lift-sys engine `ray`."""
