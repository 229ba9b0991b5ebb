"""Work for the nursery's tests; importable, as real work must be."""

import os
import signal
import subprocess
import sys
import threading
import time


def add(send, a, b):
    send({"half": a})
    return a + b


def threads_after_sums(send):
    """Return how many more threads this process has once matrices were multiplied in it."""
    import psutil

    before = psutil.Process().num_threads()
    import numpy as np

    square = np.ones((600, 600))
    for _ in range(5):
        square @ square
    return psutil.Process().num_threads() - before, os.environ["OPENBLAS_NUM_THREADS"]


def fail(send):
    raise ValueError("no such wage")


def vanish(send):
    os.kill(os.getpid(), signal.SIGKILL)


def leave(send):
    os._exit(3)


def sleep_on(send, deaf=False):
    if deaf:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    send(os.getpid())
    time.sleep(60)


def breed(send):
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    send(child.pid)
    return child.pid


def breed_apart(send, fails=False):
    code = "import time; time.sleep(60)"
    child = subprocess.Popen([sys.executable, "-c", code], start_new_session=True)
    send(child.pid)
    if fails:
        raise ValueError("failed with a child alive")
    return child.pid


def draw(send):
    import numpy as np

    return float(np.random.rand())  # noqa: NPY002 - the global generator is what is tested


def hoard(send):
    return len(bytearray(900 * 1024 * 1024))


def linger(send):
    threading.Thread(target=time.sleep, args=[60], name="stays").start()
    return os.getpid()


def fall_silent(send):
    send(1)
    send(0)
    signal.raise_signal(signal.SIGSTOP)  # deaf to whatever can be said to it


def write_past(send):
    os.system(f"{sys.executable} -c 'print(1000000 * chr(120))'")
    os.write(2, b"the last words")
    os.kill(os.getpid(), signal.SIGKILL)


def shut(send):
    os.closerange(3, 1000)


def uproot(send):
    os.kill(os.getppid(), signal.SIGKILL)
    time.sleep(60)
