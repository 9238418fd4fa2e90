"""Databases as a source: PostgreSQL, MySQL and MariaDB, SQLite, and what SQLAlchemy speaks.

`provider` reads in the order of a cursor and knows no database; a dialect knows one, and no order of reading.
"""

from cecil.providers.generic.database.provider import DatabaseProvider

__all__ = ["DatabaseProvider"]
