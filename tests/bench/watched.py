"""`python -m tests.bench.watched MOST_S WORDS...`: run a command; one line of JSON on what it took.

A process of its own, and a small one: the system counts a parent's memory as its child's until the child
has begun, so a bench that holds large files itself would measure itself.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time

_LONGEST = 4000


def main(most: float, words: list[str]) -> None:
    with tempfile.TemporaryFile(dir="/dev/shm" if os.path.isdir("/dev/shm") else None) as said:
        started = time.perf_counter()
        process = subprocess.Popen(
            words, stdout=subprocess.DEVNULL, stderr=said, start_new_session=True
        )
        while not (found := os.wait4(process.pid, os.WNOHANG))[0]:
            time.sleep(0.004)
            if time.perf_counter() - started > most:
                os.killpg(process.pid, signal.SIGKILL)  # its own session: nobody else is in it
        seconds = time.perf_counter() - started
        said.seek(0)
        text = said.read(_LONGEST).decode("utf-8", "replace")
    code = os.waitstatus_to_exitcode(found[1])
    told = {"seconds": seconds, "megabytes": found[2].ru_maxrss / 1024, "code": code, "said": text}
    print(json.dumps(told))


if __name__ == "__main__":
    main(float(sys.argv[1]), sys.argv[2:])
