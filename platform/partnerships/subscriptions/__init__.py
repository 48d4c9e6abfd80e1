"""subscriptions: letters about what is new in a public list or search, for people without an account."""
