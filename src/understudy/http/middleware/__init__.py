"""What happens around every request: pure ASGI, one concern a module.

None of them derives from a base class that buffers or starts tasks: that costs hundreds of
microseconds a request and breaks context variables.
"""
