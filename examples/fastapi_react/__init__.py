"""A FastAPI app with a React front end, and Understudy inside of it: no second process."""
