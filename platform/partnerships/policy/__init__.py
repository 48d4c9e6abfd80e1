"""The policy on one screen: who may do what to which records, read from the running application."""
