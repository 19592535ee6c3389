"""One module per notebook: wires the floors to a page."""
