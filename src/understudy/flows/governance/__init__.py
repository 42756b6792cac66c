"""Use cases of those who lay down what others may do."""
