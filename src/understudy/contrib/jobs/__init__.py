"""Queues of work: who caused a job travels with it, and is restored where it runs.

One module for each library, which imports no other. What they restore is an attribution alone:
in a job ``current_impersonation()`` is None and ``current_attribution()`` says who caused it.
"""
