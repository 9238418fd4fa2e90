"""Whatever SQLAlchemy has a dialect and a driver for: Oracle, SQL Server, DuckDB, Trino and many more.

https://docs.sqlalchemy.org/en/20/dialects/ lists them. SQLAlchemy has no session that only reads for all
of them: use an account that may not write.
"""

import contextlib
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from cecil.errors import MissingExtraError, SourceError, UsageError
from cecil.providers.cloud.retry import Fault
from cecil.providers.generic.database.dialect import (
    AGAIN,
    FINAL,
    ROWS,
    Ask,
    Column,
    Dialect,
    Encoder,
    Lines,
    blocks,
    checked,
)

if TYPE_CHECKING:
    import sqlalchemy as sa


class Other(Dialect):
    """See `Dialect`."""

    _engine: "sa.Engine | None" = None
    _connection: "sa.Connection | None" = None

    def connect(self) -> None:
        try:
            import sqlalchemy as sa
        except ImportError:
            raise MissingExtraError("SQLAlchemy", "db") from None
        self.close()
        try:
            url = sa.make_url(self.where.url)
            if self.where.password:
                url = url.set(password=self.where.password)
            self._engine = sa.create_engine(url, poolclass=sa.NullPool)
        except sa.exc.NoSuchModuleError:
            raise UsageError(
                f"SQLAlchemy has no dialect {self.where.scheme}",
                hint="pip install the package that brings it",
            ) from None
        except sa.exc.ArgumentError:
            raise UsageError(
                "not an address that SQLAlchemy takes", hint="dialect+driver://user@host/name"
            ) from None
        except ImportError as error:
            raise SourceError(
                f"the driver of {self.where.scheme} is not installed", hint=f"pip install {error.name}"
            ) from None
        self._connection = self._engine.connect()

    @property
    def _session(self) -> "sa.Connection":
        if self._connection is None:
            self.connect()
        assert self._connection is not None
        return self._connection

    def close(self) -> None:
        with contextlib.suppress(Exception):
            if self._connection is not None:
                self._connection.close()
        with contextlib.suppress(Exception):
            if self._engine is not None:
                self._engine.dispose()
        self._connection = self._engine = None

    def judge(self, error: Exception) -> Fault | None:
        import sqlalchemy as sa

        where = f"{self.where.url}: "
        if isinstance(error, sa.exc.DBAPIError):
            if error.connection_invalidated:
                return Fault("db session", where + "the connection was cut", again=AGAIN)
            name = type(error).__name__
            hint = "try it in the database's own client, with the same user"
            return Fault("db error", f"{where}the database refused ({name})", hint, again=FINAL)
        if isinstance(error, sa.exc.SQLAlchemyError):
            return Fault("db error", f"{where}SQLAlchemy refused ({type(error).__name__})", again=FINAL)
        return None

    def quote(self, name: str) -> str:
        return self._session.dialect.identifier_preparer.quote(name)

    def columns(self, source: str) -> list[Column]:
        import sqlalchemy as sa

        everything = sa.select(sa.text("*")).select_from(sa.text(source.replace(":", "\\:"))).limit(1)
        with self._session.execute(everything) as result:
            names = list(result.keys())
            row = result.fetchone()
        self._session.rollback()
        kinds = [_kind(value) for value in row] if row else ["text"] * len(names)
        return checked([Column(name, kind, kind) for name, kind in zip(names, kinds, strict=True)])

    def parameter(self, column: Column, value: Any) -> Any:
        if column.kind == "time":
            from datetime import date, datetime

            return date.fromisoformat(value) if len(value) == 10 else datetime.fromisoformat(value)
        return Decimal(str(value)) if column.kind == "number" else value

    def lines(self, ask: Ask) -> Lines:
        import sqlalchemy as sa

        columns: dict[str, Any] = {column.name: sa.column(column.name) for column in ask.columns}
        found = {column.name: column for column in ask.columns}
        select = sa.select(*columns.values()).select_from(sa.text(ask.source.replace(":", "\\:")))
        for name, least, most in ask.bounds:
            if least is not None:
                select = select.where(columns[name] >= self.parameter(found[name], least))
            if most is not None:
                select = select.where(columns[name] < self.parameter(found[name], most))
        if ask.after is not None:
            places = [
                (columns[name], self.parameter(found[name], value))
                for name, value in zip(ask.order, ask.after, strict=True)
            ]
            select = select.where(_behind(places))
        select = select.order_by(*(columns[name] for name in ask.order))
        if ask.limit is not None:
            select = select.limit(ask.limit)
        encoder = Encoder(ask.columns, self.refuse)
        session = self._session.execution_options(stream_results=True, yield_per=ROWS)
        try:
            with session.execute(select) as result:
                yield from blocks(result.partitions(ROWS), encoder)
        finally:
            with contextlib.suppress(Exception):
                self._session.rollback()  # ends the transaction that the select began

    def value(self, sql: str) -> Any:
        import sqlalchemy as sa

        found = self._session.execute(sa.text(sql.replace(":", "\\:"))).scalar()
        self._session.rollback()
        return found

    def tables(self) -> Iterator[dict[str, Any]]:
        import sqlalchemy as sa

        about = sa.inspect(self._session)
        for name in sorted([*about.get_table_names(), *about.get_view_names()]):
            yield {"name": name, "rows": None, "bytes": None}


def _behind(places: Sequence[tuple[Any, Any]]) -> Any:
    import sqlalchemy as sa

    (column, value), *rest = places
    if not rest:
        return column > value
    return sa.and_(column >= value, sa.or_(column > value, sa.and_(column == value, _behind(rest))))


def _kind(value: Any) -> str:
    from datetime import date

    if isinstance(value, bool) or value is None:
        return "other" if value is not None else "text"
    if isinstance(value, int):
        return "integer"
    if isinstance(value, (float, Decimal)):
        return "number"
    if isinstance(value, date):
        return "time"
    return "text" if isinstance(value, str) else "other"
