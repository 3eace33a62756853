"""The files of a count, as /data/index.json has them: told to people, to search engines and to catalogues."""
