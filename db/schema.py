"""The tables of the journal's file.

`entries` is the journal: append-only, chained, never changed. Everything else is derived from it
or drives an errand, and changes in the commit of the entry that explains the change.
"""

APPLICATION = 0x54494C4C
"""Marks the file as ours (PRAGMA application_id): the letters TILL."""
FIRST_VERSION = 1

SCHEMA = (
    """CREATE TABLE entries (
        number INTEGER PRIMARY KEY,
        epoch TEXT NOT NULL,
        at TEXT NOT NULL,
        kind TEXT NOT NULL,
        operator TEXT NOT NULL,
        sale INTEGER,
        body TEXT NOT NULL,
        chain BLOB NOT NULL
    ) STRICT""",
    """CREATE TRIGGER entries_are_never_changed BEFORE UPDATE ON entries
        BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END""",
    """CREATE TRIGGER entries_are_never_deleted BEFORE DELETE ON entries
        BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END""",
    """CREATE TABLE sales (
        number INTEGER PRIMARY KEY,
        state TEXT NOT NULL,
        day TEXT NOT NULL,
        record TEXT NOT NULL
    ) STRICT""",
    """CREATE INDEX sales_open ON sales (state)
        WHERE state IN ('armed', 'reversal_pending', 'manual')""",
    """CREATE TABLE day_totals (
        day TEXT NOT NULL,
        currency TEXT NOT NULL,
        sales INTEGER NOT NULL,
        amount_minor INTEGER NOT NULL,
        PRIMARY KEY (day, currency)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE in_doubt (
        sale INTEGER PRIMARY KEY REFERENCES sales (number),
        sealed BLOB NOT NULL
    ) STRICT""",
    """CREATE TABLE slips (
        number INTEGER PRIMARY KEY,
        sale INTEGER NOT NULL REFERENCES sales (number),
        kind TEXT NOT NULL,
        document TEXT NOT NULL,
        state TEXT NOT NULL,
        copies INTEGER NOT NULL
    ) STRICT""",
    "CREATE INDEX slips_by_sale ON slips (sale)",
    "CREATE INDEX slips_not_out ON slips (state) WHERE state <> 'printed'",
    """CREATE TABLE counters (
        name TEXT PRIMARY KEY,
        value INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE identity (
        name TEXT PRIMARY KEY,
        value TEXT NOT NULL
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE operators (
        id TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        role TEXT NOT NULL,
        pin_hash TEXT NOT NULL,
        wrong_tries INTEGER NOT NULL DEFAULT 0,
        tried_at TEXT NOT NULL DEFAULT ''
    ) STRICT, WITHOUT ROWID""",
)
"""Version 1; a file of an older version is brought up to date by what follows."""

UPDATES = {
    2: (
        "ALTER TABLE sales ADD COLUMN original INTEGER",
        "ALTER TABLE sales ADD COLUMN sought TEXT NOT NULL DEFAULT ''",
        """UPDATE sales SET sought = ' ' || printf('%.2f', (record ->> 'amount_minor') / 100.0)
            || ' ' || number || ' ' || coalesce(substr(record ->> '$.card[0]', -4), '')
            || ' ' || coalesce(printf('%06d', record ->> 'stan'), '')
            || ' ' || coalesce(record ->> '$.answer.auth_code', '')
            || ' ' || coalesce(record ->> '$.answer.rrn', '') || ' '""",
        "CREATE INDEX sales_by_original ON sales (original) WHERE original IS NOT NULL",
        "CREATE INDEX sales_by_day ON sales (day, number)",
        "DROP INDEX sales_open",
        """CREATE INDEX sales_open ON sales (state)
            WHERE state IN ('armed', 'reversal_pending', 'manual', 'queued')""",
    ),
    # Years of payments are searched in the index alone, without reading the payments.
    3: ("CREATE INDEX sales_sought ON sales (number, day, state, sought)",),
    4: (
        "ALTER TABLE sales ADD COLUMN batch INTEGER NOT NULL DEFAULT 0",
        "UPDATE sales SET batch = coalesce(record ->> 'batch', 0)",
        "CREATE INDEX sales_by_batch ON sales (batch, number, state)",
        """CREATE TABLE batches (
            number INTEGER PRIMARY KEY,
            state TEXT NOT NULL,
            record TEXT NOT NULL
        ) STRICT""",
        """CREATE TABLE for_upload (
            sale INTEGER PRIMARY KEY REFERENCES sales (number),
            batch INTEGER NOT NULL,
            sealed BLOB NOT NULL
        ) STRICT""",
        # A column cannot lose its NOT NULL: the slip of a settlement belongs to no sale.
        "ALTER TABLE slips RENAME TO slips_of_sales",
        """CREATE TABLE slips (
            number INTEGER PRIMARY KEY,
            sale INTEGER REFERENCES sales (number),
            kind TEXT NOT NULL,
            document TEXT NOT NULL,
            state TEXT NOT NULL,
            copies INTEGER NOT NULL,
            batch INTEGER REFERENCES batches (number)
        ) STRICT""",
        """INSERT INTO slips SELECT number, sale, kind, document, state, copies, NULL
            FROM slips_of_sales""",
        "DROP TABLE slips_of_sales",
        "CREATE INDEX slips_by_sale ON slips (sale)",
        "CREATE INDEX slips_by_batch ON slips (batch) WHERE batch IS NOT NULL",
        "CREATE INDEX slips_not_out ON slips (state) WHERE state <> 'printed'",
    ),
    # People are blocked, not deleted; `former` holds the hashes of their last PINs.
    5: (
        "ALTER TABLE operators ADD COLUMN blocked INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE operators ADD COLUMN must_change INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE operators ADD COLUMN former TEXT NOT NULL DEFAULT '[]'",
        "ALTER TABLE operators ADD COLUMN badge TEXT NOT NULL DEFAULT ''",
        """CREATE TABLE roles (
            role TEXT PRIMARY KEY,
            permissions TEXT NOT NULL
        ) STRICT, WITHOUT ROWID""",
    ),
}
"""What leads to each later version, in the order of the versions."""
SCHEMA_VERSION = max(UPDATES)
