"""The endpoint framework and the node that it runs in. It knows no protocol."""
