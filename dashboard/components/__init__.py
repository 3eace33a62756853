"""The parts of a page, each a layout function of the view; their live side stands in `browser/`."""
