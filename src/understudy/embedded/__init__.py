"""Understudy inside the customer's app: the same service, in the app's own processes.

Nothing here imports engine or service before a process has its first session, or the first visit to
its dashboard.
"""
