"""Trains a small language model from nothing on functions that execution has checked."""
