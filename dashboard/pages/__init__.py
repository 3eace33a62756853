"""One module a kind of page: a layout function of the view, composed of components."""
