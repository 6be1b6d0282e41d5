"""The same route for every task, so many times."""
