"""`escrutinio form`: a mission's forms looked over, sealed, and read from the spreadsheets of others."""
