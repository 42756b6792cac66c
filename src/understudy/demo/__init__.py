"""A small invoicing app and its data, for `understudy demo`."""
