"""What Understudy is measured against: each in a process of its own, set up to be fast."""
