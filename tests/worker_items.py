"""What the workers of the tests do: functions that a fresh interpreter can import too."""

import os
import signal
import time
from pathlib import Path

from vendor_eval.intake.responses import VendorReading
from vendor_eval.spreadsheets.workers import ask_password, charge


def behave(setup, item):
    """Do as the item says; the workers call it by its name."""
    charge(f"{item}.xlsx")
    return ITEMS[item]() if item in ITEMS else f"{setup} {item}"


def burn(seconds):
    """Use processor time."""
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass


def fail():
    """Fail as a reader with a fault would."""
    raise ValueError


def say():
    """Print, which must not stand among the answers."""
    print("what a library says")  # noqa: T201
    return "did print"


ITEMS = {
    "die": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "abort": os.abort,
    "raise": fail,
    "burn": lambda: burn(900),
    "eat": lambda: [bytearray(2**26) for _ in range(64)],
    "hang": lambda: time.sleep(900),
    "ask": lambda: ask_password("asked.xlsx"),
    "print": say,
}


def burn_by_file(_setup, files):
    """Use a part of the budget for one file after the other."""
    for file in files:
        charge(file)
        burn(0.7)
    return "within its budget"


def tell_and_burn(folder, name):
    """Leave word of the process, then keep it busy."""
    Path(folder, name).write_text(str(os.getpid()))
    burn(900)


def kill(_setup, vendor):
    """Read nothing, and end the process over one vendor."""
    if vendor.id == "vendor-3":
        os.kill(os.getpid(), signal.SIGKILL)
    return VendorReading(vendor, None, reason="no response")
