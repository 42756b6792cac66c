"""Files of users, as spreadsheets and the platforms of others write them."""
