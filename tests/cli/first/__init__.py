"""A new till: what is wrong with files, what is asked, what is done, and a power cut anywhere.

`appliance` is one below a folder, with its consoles, display and keys on ptys.
"""
