"""What can be wrong with a device, each with what to do about it.

A driver raises these where the device is opened or used. A program goes on without the device,
says so, and tries again by timer: most of them end when somebody plugs something in.
"""


class DeviceError(Exception):
    """A device cannot be used.

    ``device`` is its path, or the pattern it was looked for by; ``problem`` and ``remedy`` are for
    an admin to read.
    """

    def __init__(self, device: str, problem: str, remedy: str) -> None:
        super().__init__(f"{device}: {problem}. {remedy}")
        self.device = device
        self.problem = problem
        self.remedy = remedy


class Absent(DeviceError):
    """No such device now; it may come back."""

    def __init__(self, device: str, look_in: str = "/dev/input/by-id /dev/input/by-path") -> None:
        super().__init__(
            device,
            "not plugged in, or under another name",
            f"Plug it in, or look up its name: ls -l {look_in}",
        )


class Unplugged(DeviceError):
    """The device was there and is gone; close it, open it again later."""

    def __init__(self, device: str, reason: str) -> None:
        super().__init__(device, f"was unplugged ({reason})", "Plug it in again")


class Forbidden(DeviceError):
    """This user may not open the device; ``group`` is whose it is on Debian."""

    def __init__(self, device: str, group: str = "input") -> None:
        super().__init__(
            device,
            "this user may not use it",
            "Install a udev rule that gives it to the program's group (hardware/README.md), or"
            f" add the user to the group {group}: usermod -aG {group} USER",
        )


class Busy(DeviceError):
    """Another program holds the device for itself."""

    def __init__(self, device: str) -> None:
        super().__init__(
            device,
            "another program has grabbed it",
            f"Find it with: fuser -v {device}; stop it, or stop a second copy of this program",
        )


class WrongDevice(DeviceError):
    """Something is there, but it is of another kind."""

    def __init__(
        self,
        device: str,
        problem: str = "not a keyboard",
        remedy: str = "A scanner often has several nodes; take the one whose by-id name ends in"
        " -event-kbd",
    ) -> None:
        super().__init__(device, problem, remedy)


class Ambiguous(DeviceError):
    """A pattern fits several devices, and guessing might take the keypad for the scanner."""

    def __init__(self, device: str, found: list[str]) -> None:
        super().__init__(
            device,
            f"fits {len(found)} devices: {', '.join(found)}",
            "Write more of the name; two equal devices differ in /dev/input/by-path",
        )
        self.found = found


class DriverMissing(DeviceError):
    """A library that this kind of device needs is not installed."""

    def __init__(self, device: str, library: str, remedy: str) -> None:
        super().__init__(device, f"needs the library {library}, which is not installed", remedy)
