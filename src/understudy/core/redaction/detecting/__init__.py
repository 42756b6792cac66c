"""Values that are known by how they look, whatever field they stand in."""
