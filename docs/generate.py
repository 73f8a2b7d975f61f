"""Write the pages that are drawn from the code: `python docs/generate.py [--check]`.

faults.md comes from the catalogue of faults and the bank's codes, sale-states.md from the TABLE of
the sale, batch-states.md from that of the batch, training-cards.md from the accounts and the
amounts of the training bank. With --check nothing is written, and a page that is not fresh makes it
exit with 1.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

DOCS = Path(__file__).resolve().parent
sys.path.insert(0, str(DOCS.parent))

from acquirer.simulator_accounts import ACCOUNTS, CHIP  # noqa: E402  # the path
from acquirer.simulator_faults import FAULT_AMOUNTS  # noqa: E402
from acquirer.simulator_settlement import MISBOOKED_AMOUNTS  # noqa: E402
from domain import batch  # noqa: E402
from domain.faults import CATALOGUE, MONEY_LINES, NEXT_STEPS, Moved, Next  # noqa: E402  # the path
from domain.help import page_of_answer, page_of_fault  # noqa: E402
from domain.response_codes import CODE_SETS, USUAL_SET, ResponseCode  # noqa: E402
from domain.sale import DRAFTS, ENQUIRY_ROWS, FINAL, OPEN, TABLE, State  # noqa: E402

NOTE = "<!-- Written by docs/generate.py; change the code, then call it again. -->\n"


def main(arguments: list[str]) -> int:
    """Write the pages, or look whether they are fresh; the exit status."""
    if arguments not in ([], ["--check"]):
        print(__doc__)
        return 2
    stale = [name for name, text in pages().items() if not is_fresh(DOCS / name, text)]
    for name in stale:
        if arguments:
            print(f"docs/{name} is not fresh: call `python docs/generate.py`.")
        else:
            (DOCS / name).write_text(pages()[name], encoding="utf-8")
            print(f"Wrote docs/{name}.")
    return 1 if arguments and stale else 0


def pages() -> dict[str, str]:
    """Every generated page: its name and its text."""
    return {
        "faults.md": faults(),
        "sale-states.md": sale_states(),
        "batch-states.md": batch_states(),
        "training-cards.md": cards(),
    }


def is_fresh(path: Path, text: str) -> bool:
    """Whether the page on disk is what the code says now."""
    return path.is_file() and path.read_text(encoding="utf-8") == text


def faults() -> str:
    """The page of faults and answers, with what became of the money."""
    return "\n".join(
        (
            NOTE,
            "# Faults, and whether money has moved\n",
            "Every fault has a code that never changes its meaning. The till shows the code, the",
            "sentence, the remedy and one line about the money; read the code out to support.\n",
            "## What the line about the money says\n",
            *table(("kind", "line"), ((m.value, MONEY_LINES[m]) for m in Moved)),
            "\n## What the cashier does next\n",
            *table(("kind", "line"), ((n.value, NEXT_STEPS[n]) for n in Next)),
            "\n## The till's own faults\n",
            *table(
                ("code", "title", "what it means", "remedy", "money", "next", "whom to call"),
                (
                    (
                        f.code,
                        f.title,
                        f.means,
                        f.remedy,
                        f.moved,
                        f.next,
                        page_of_fault(f.code).call,
                    )
                    for f in sorted(CATALOGUE.values(), key=lambda fault: fault.code)
                ),
            ),
            "\n## What the bank answers (field 39)\n",
            "A code that stands nowhere here is a decline: the till shows the code itself.\n",
            *table(ANSWER_HEADS, (answer_row(row, USUAL_SET) for row in answers(USUAL_SET))),
            '\n## Where a bank speaks the codes of ISO 8583:1987 (`code_set = "iso87"`)\n',
            "These mean something else there, or are known there only.\n",
            *table(ANSWER_HEADS, (answer_row(row, "iso87") for row in others("iso87"))),
            "",
        )
    )


ANSWER_HEADS = ("code", "kind", "title", "what it means", "remedy", "money", "next", "whom to call")


def answer_row(row: ResponseCode, code_set: str) -> tuple[str, ...]:
    """One of the bank's codes."""
    call = page_of_answer(row.code, code_set).call
    return (row.code, row.kind, row.title, row.means, row.remedy, row.moved, row.next, call)


def answers(code_set: str) -> list[ResponseCode]:
    """The bank's codes in the order of the code."""
    return [row for _, row in sorted(CODE_SETS[code_set].items())]


def others(code_set: str) -> list[ResponseCode]:
    """Those that differ from the usual set."""
    usual = CODE_SETS[USUAL_SET]
    return [row for row in answers(code_set) if row != usual.get(row.code)]


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> list[str]:
    """A table in Markdown."""
    heads = list(heads)
    lines = [heads, ["---"] * len(heads), *rows]
    return [f"| {' | '.join(str(cell).replace('|', chr(92) + '|') for cell in r)} |" for r in lines]


def sale_states() -> str:
    """The page of a sale's states, with the picture that its TABLE draws."""
    return "\n".join(
        (
            NOTE,
            "# The states of a sale\n",
            "An event that a state does not expect raises `NotNow` and changes nothing. A full",
            "line is written to the journal before anything else is done; a dotted one is not,",
            "because a power cut there loses nothing that matters.\n",
            "```mermaid",
            *picture(),
            "```\n",
            "Grey: a draft, no money can have moved. Amber: open, nobody knows yet. Green: final.\n",
            "## Every row of the table\n",
            *table(
                ("in state", "event", "goes to", "journalled", "then does"),
                (
                    (
                        state,
                        f"`{event.__name__}`",
                        row.to,
                        "yes" if row.durable else "no",
                        ", ".join(row.errands),
                    )
                    for (state, event), row in TABLE.items()
                ),
            ),
            "\n## What a balance enquiry does otherwise\n",
            "It moves nothing, and so it is never reversed.\n",
            *table(
                ("in state", "event", "goes to", "then does"),
                (
                    (state, f"`{event.__name__}`", row.to, ", ".join(row.errands))
                    for (state, event), row in ENQUIRY_ROWS.items()
                ),
            ),
            "",
        )
    )


def batch_states() -> str:
    """The page of a batch's states, with the picture that its TABLE draws."""
    joined: dict[tuple[str, str], list[str]] = {}
    for (state, event), row in batch.TABLE.items():
        joined.setdefault((state.name, row.to.name), []).append(event.__name__)
    return "\n".join(
        (
            NOTE,
            "# The states of a batch\n",
            "A batch is settled with the bank at the end of the day. Every step is written to the",
            "journal before anything else is done; after a power cut it goes on in the same state.",
            "An event that belongs to another step raises `BatchNotNow` and changes nothing.\n",
            "```mermaid",
            "flowchart TD",
            *(
                f"    {start} -->|{'<br/>'.join(events)}| {end}"
                for (start, end), events in joined.items()
            ),
            "```\n",
            "## Every row of the table\n",
            *table(
                ("in state", "event", "what it says", "goes to", "then does"),
                (
                    (
                        state,
                        f"`{event.__name__}`",
                        (event.__doc__ or "").splitlines()[0],
                        row.to,
                        ", ".join(row.errands),
                    )
                    for (state, event), row in batch.TABLE.items()
                ),
            ),
            "",
        )
    )


def cards() -> str:
    """The page of the cards that the training bank knows."""
    return "\n".join(
        (
            NOTE,
            "# Cards to train with\n",
            "The training bank knows these cards. Their numbers are published for tests and belong",
            "to nobody. Without a reader, let a scanner or a script type the swipe; nobody types",
            "fast enough to be taken for a reader.\n",
            *table(
                ("number", "PIN", "what happens", "chip", "swipe"),
                (
                    (
                        account.number,
                        account.pin or "none",
                        account.story,
                        "yes" if account.service == CHIP else "",
                        f"`{account.stripe}`",
                    )
                    for account in ACCOUNTS.values()
                ),
            ),
            "\n## Amounts to train with\n",
            "The last two figures of an amount of more than 1.00 make the training bank fail: while",
            "it is asked for a sale, a pre-authorisation or a completion, or at the end of the day,",
            "when its book differs from the till's.\n",
            *table(
                ("ends in", "what happens"),
                (
                    (f".{cents}", sentence)
                    for cents, (_, sentence) in {**FAULT_AMOUNTS, **MISBOOKED_AMOUNTS}.items()
                ),
            ),
            "",
        )
    )


def picture() -> list[str]:
    """The table as a mermaid flow chart: one arrow for each pair of states."""
    return [
        "flowchart TD",
        *(f'    {state.name}["{state.name}"]:::{colour(state)}' for state in State),
        *(f"    {line}" for line in arrows()),
        "    classDef draft fill:#eee,stroke:#888,color:#222",
        "    classDef open fill:#fdebc8,stroke:#b7791f,color:#222",
        "    classDef final fill:#d9f2e0,stroke:#2f855a,color:#222",
    ]


def arrows() -> list[str]:
    """Events that lead the same way share an arrow."""
    joined: dict[tuple[str, str, bool], list[str]] = {}
    for (state, event), row in TABLE.items():
        joined.setdefault((state.name, row.to.name, row.durable), []).append(event.__name__)
    return [
        f"{start} {'-->' if durable else '-.->'}|{'<br/>'.join(events)}| {end}"
        for (start, end, durable), events in joined.items()
    ]


def colour(state: State) -> str:
    """The class of a state in the picture."""
    kinds = {"draft": DRAFTS, "open": OPEN, "final": FINAL}
    return next(name for name, states in kinds.items() if state in states)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
