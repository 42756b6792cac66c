"""What an admin lays down beyond the fixed rules: values alone, in no language of anybody's."""
