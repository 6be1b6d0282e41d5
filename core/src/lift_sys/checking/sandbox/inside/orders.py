"""What whoever runs a zygote and the zygote say to each other, as records of one size each.

A record, unlike JSON, costs next to nothing to read: the zygote pays for every page it touches
twice, because each fork shares them all anew.
"""

import struct

ORDER = struct.Struct("=q4d")
"""A job's number and its limits, sent with the job's socket. Without a socket: kill that job."""

ENDED = struct.Struct("=qqd")
"""A job's number, its exit status or minus the signal's number, and its CPU seconds."""

AS_GIVEN = True
"""Told instead of the arguments after a call where it left them as they were."""

FAILED = 2**32
"""The status, which no process has, of a job that could not be started."""
