"""Files that nearly say something: shipped or drawn ones, spoilt, and what is promised of each."""
