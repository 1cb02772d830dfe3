"""Pages and documents composed from the results of other rooms."""
