"""What runs inside the customer's app, free of any framework."""
