"""Run under umockdev by test_umockdev.py: find the scanner, open it, print what it scans."""

import json
import selectors
import sys

from hardware.evdev_input import open_input
from hardware.inputs import list_inputs
from hardware.scanner import ScanDecoder

SCANS = int(sys.argv[1])


def main() -> None:
    say([[info.path, info.name, info.by_id] for info in list_inputs()])
    scanner = open_input("usb-PSC*", ScanDecoder(terminated=True))
    texts: list[str] = []
    with selectors.DefaultSelector() as selector:
        selector.register(scanner, selectors.EVENT_READ)
        while len(texts) < SCANS and selector.select(timeout=20):
            texts += [scan.text for scan in scanner.read()]
    scanner.close()
    say(texts)


def say(value: object) -> None:
    sys.stdout.write(json.dumps(value) + "\n")


main()
