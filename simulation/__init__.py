"""The model of Integrated Offender Management: people, agencies, minutes and news."""
