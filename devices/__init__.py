"""Everything with a cable: drivers that block, own no thread and know no window."""
