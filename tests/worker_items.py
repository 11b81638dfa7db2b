"""What the workers of the tests do; it imports next to nothing, for every worker imports it anew."""

import os
import signal
import sys
import time


def behave(setup, item):
    """Do as the item says; the workers call it by its name."""
    if item == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if item == "raise":
        raise ValueError(item)
    if item == "hang":
        time.sleep(900)
    if item == "print":
        print("what a library says")  # noqa: T201  it must not stand among the answers
    return f"{setup} {item}"


def kill(_setup, vendor):
    """Read nothing, and end the process over one vendor."""
    if vendor.id == "vendor-3":
        sys.stdout.flush()
        os.kill(os.getpid(), signal.SIGKILL)
    from vendor_eval.intake.responses import VendorReading

    return VendorReading(vendor, None, reason="no response")
