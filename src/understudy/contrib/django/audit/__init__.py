"""Audit packages of Django: what is changed in a session is recorded as the actor's, too.

In a session each of them records the subject as the user already, as it would anybody. One module
for each package, which imports no other, puts actor and session beside that, also in a job that a
session has caused. None adds a table or a column. Ids alone are told.

Free text can be written by anybody, so that it proves nothing: what proves is Understudy's own log,
where the session is found by its id.
"""
