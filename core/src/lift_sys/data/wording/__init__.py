"""Requests in many words: skeletons by hand, expanded by a small grammar."""
