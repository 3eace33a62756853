"""The files of a count, told to people, to search engines and to catalogues."""
