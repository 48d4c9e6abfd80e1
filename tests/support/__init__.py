"""What the tests stand on: a private PostgreSQL server and a browser. The fixtures are in conftest.py."""
