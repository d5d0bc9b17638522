"""The image, used from outside in a virtual machine: `make appliance`, after `make image`.

`shop.py` makes cards for it; `image-build/vm` is the machine. Without `--image` nothing here is
collected. It takes root (the files of a card belong to somebody), QEMU and minutes.
"""
