"""One impersonated request from its first byte to its last, the same under every framework.

``opening`` decides, in steps and without I/O; ``reply`` sees the app's answer out. A framework's
adapter drives both: it says what was asked, carries the steps out and passes the bytes on. What is
done, and in which order, stands here alone.
"""
