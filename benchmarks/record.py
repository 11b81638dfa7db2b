"""`freeze` and `verify` of the full sample together against one `evaluate --format json`."""

import shutil
import sys
import sysconfig
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from measure import Row, run, show

from vendor_eval.config.shipped import samples_folder

RUNS, AT_MOST = 7, 1.3


def rows() -> list[Row]:
    command = [sys.executable, str(Path(sysconfig.get_path("scripts")) / "vendor-eval")]
    with TemporaryDirectory() as folder:
        full, archive = Path(folder, "full"), Path(folder, "full.zip")
        shutil.copytree(samples_folder() / "full", full)
        evaluated, recorded, peaks = [], [], []
        # In turns, so that both meet the same machine; the first turn fills caches and does not count.
        for _ in range(RUNS + 1):
            archive.unlink(missing_ok=True)
            evaluated.append(run([*command, "evaluate", str(full), "--format", "json"])[0])
            frozen = run([*command, "freeze", str(full), "-o", str(archive)])
            verified = run([*command, "verify", str(archive)])
            recorded.append(frozen[0] + verified[0])
            peaks.append(max(frozen[1], verified[1]))
    own, peer = median(recorded[1:]), median(evaluated[1:])
    what, other = "`vendor-eval freeze` and `verify`, full sample", "`vendor-eval evaluate --format json`"
    return [Row(what, own, other, peer, AT_MOST, max(peaks))]


if __name__ == "__main__":
    show(rows())
