"""An Express app in which support works by Clerk's SDK, unchanged."""
