"""Renewing an appliance without a virtual machine: files stand for its partitions.

`card` is a till's card with a real FAT and real signatures, `grub` what GRUB would start from it,
`disk` records what is written and cuts the power at any moment of it.
"""
