"""Forms that were written as XLSForm, the spreadsheets of ODK and Kobo: what of them a form here can say."""
