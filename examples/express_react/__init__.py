"""An Express app with a React front end, guarded by Understudy's SDK for Node."""
