"""For all tests."""

import os
import signal

# A shell lets what it starts in the background ignore Ctrl-C, and so would all that tests start.
signal.signal(signal.SIGINT, signal.default_int_handler)

# Tests run in as many processes as there are cores: a library's threads would wait for each other.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
