"""What stands out in a count of actas, with the error rate of each test stated. Nothing here is evidence of fraud."""
