"""The pages, registered with Django's admin as they are imported.

`base` has what all share: a form that books, a page that deletes nothing.
"""
