"""A network of its own for programs that listen on every interface: nothing outside reaches them."""

import fcntl
import shutil
import socket
import struct
import subprocess
from collections.abc import Sequence

ALONE = ("unshare", "--map-root-user", "--net")
_GET, _SET, _UP = 0x8913, 0x8914, 0x1  # SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP
LOOPBACK = b"lo"


def cannot() -> str:
    """Why no network of its own can be had here, as one sentence; empty when it can."""
    if shutil.which(ALONE[0]) is None:
        return "unshare is needed to keep a peer that listens everywhere to itself: apt install util-linux"
    tried = subprocess.run([*ALONE, "true"], capture_output=True, text=True)
    if tried.returncode:
        return f"This machine allows no network of one's own: {tried.stderr.strip()}"
    return ""


def alone(command: Sequence[str]) -> list[str]:
    """The command in a network of its own, which has nothing but a loopback that is still down."""
    return [*ALONE, *command]


def raise_loopback() -> None:
    """From within: 127.0.0.1 from now on."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        told = fcntl.ioctl(asked, _GET, struct.pack("16sh22x", LOOPBACK, 0))
        (flags,) = struct.unpack_from("16xh", told)
        fcntl.ioctl(asked, _SET, struct.pack("16sh22x", LOOPBACK, flags | _UP))


def interfaces() -> list[str]:
    return [name for _, name in socket.if_nameindex()]
