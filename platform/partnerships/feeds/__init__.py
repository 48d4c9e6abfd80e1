"""feeds: calendars by secret link, the public calendar, and the public news."""
