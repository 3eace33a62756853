"""What routes and pages are given: the services, who asks, the count that is asked about, and the front before them."""
