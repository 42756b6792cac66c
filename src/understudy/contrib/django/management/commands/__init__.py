"""``manage.py understudy``."""
