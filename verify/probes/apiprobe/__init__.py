"""Answers questions about the interface of the documented environment; standard library only.

Libraries are imported, but nothing of them is called: what a call returns is read from the body of
the function, or from what it is annotated with.
"""
