"""Guards the sale's state machine: every row of its table, every pair that it lacks, whole stories.

The tables below are written out by hand, a second time, so that a slip of the pen in domain/sale.py
does not go unnoticed. Words of a story are events; the arrow tells where the sale ends.
"""

from __future__ import annotations

import json
import typing
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.card import Card, EntryMode, Hidden, Pan, RememberedCard
from domain.entries import sale_entry
from domain.faults import CATALOGUE, MONEY_LINES, Moved
from domain.kinds import Kind as PaymentKind
from domain.money import CNY, CURRENCIES, MAX_MINOR, Money
from domain.operators import Operator, Role
from domain.response_codes import RESPONSE_CODES, Kind, meaning_of
from domain.sale import (
    DRAFTS,
    FINAL,
    MAX_REFUSED_REVERSALS,
    OPEN,
    TABLE,
    AdviceDelivered,
    AdviceRejected,
    AdviceUnanswered,
    Answer,
    Approved,
    Cancelled,
    CardCaptured,
    CardRefused,
    Completed,
    Confirmed,
    Declined,
    EncryptedPin,
    Errand,
    Event,
    FoundCharged,
    FoundNotCharged,
    HeldAgain,
    Moment,
    NotNow,
    OriginalFacts,
    PinEntered,
    PinFailed,
    PowerReturned,
    Reason,
    Recorded,
    ReversalAccepted,
    ReversalGivenUp,
    ReversalRefused,
    ReversalUnanswered,
    Sale,
    SendFailed,
    Sent,
    SentTwice,
    State,
    Unanswered,
    Voided,
    advance,
    judge_advice,
    judge_reversal,
)
from domain.sale_record import from_record, to_record
from domain.truth import money_moved

NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
MEI = Operator("01", "Mei Lin", Role.CASHIER)
LI = Operator("03", "Li Wen", Role.MANAGER)
ACCEPTED = frozenset({"00", "25", "12"})
TEMPORARY = frozenset({"77", "96", "A0"})

ROWS = """
state             event            next              on disk  then
draft             captured         captured          no       stop listening
draft             unreadable       draft             no       listen
draft             cancelled        abandoned         yes      stop listening
captured          confirmed        pin               no       ask for PIN
captured          cancelled        abandoned         yes      wipe the card
captured          recorded         queued            yes      wipe the card, print, tell the bank
captured          not-sent         not_sent          yes      wipe the card
pin               typed            armed             yes      ask the bank
pin               pad-failed       not_sent          yes      wipe the card
pin               cancelled        abandoned         yes      stop PIN, wipe the card
armed             sent             waiting           no       -
armed             not-sent         not_sent          yes      wipe the card
armed             unanswered       reversal_pending  yes      wipe the card, print, reverse
armed             power-returned   reversal_pending  yes      print, reverse
waiting           approved         approved          yes      wipe the card, print
waiting           declined         declined          yes      wipe the card, print
waiting           unanswered       reversal_pending  yes      wipe the card, print, reverse
waiting           sent-twice       manual            yes      wipe the card, print
reversal_pending  power-returned   reversal_pending  no       reverse
reversal_pending  reversed         reversed          yes      print
reversal_pending  no-word          reversal_pending  yes      reverse
reversal_pending  refused          reversal_pending  yes      reverse
reversal_pending  given-up         manual            yes      print
manual            found-charged    approved          yes      print
manual            found-free       reversed          yes      print
queued            power-returned   queued            no       tell the bank
queued            no-word-of-it    queued            yes      tell the bank
queued            delivered        delivered         yes      print
queued            rejected         rejected          yes      print
approved          voided           voided            yes      -
approved          completed        completed         yes      -
completed         held-again       approved          yes      -
delivered         voided           voided            yes      -
"""

STORIES = """
captured confirmed typed sent approved                                     -> approved
captured confirmed typed sent declined                                     -> declined
unreadable unreadable captured confirmed typed sent approved               -> approved
cancelled                                                                  -> abandoned
unreadable cancelled                                                       -> abandoned
captured cancelled                                                         -> abandoned
captured confirmed cancelled                                               -> abandoned
captured confirmed pad-failed                                              -> not_sent
captured confirmed typed not-sent                                          -> not_sent
captured confirmed typed unanswered reversed                               -> reversed
captured confirmed typed sent unanswered reversed                          -> reversed
captured confirmed typed sent unanswered no-word no-word no-word reversed  -> reversed
captured confirmed typed sent unanswered refused no-word refused reversed  -> reversed
captured confirmed typed sent unanswered refused refused given-up          -> manual
captured confirmed typed sent sent-twice                                   -> manual
captured confirmed typed power-returned reversed                           -> reversed
captured confirmed typed power-returned power-returned no-word reversed    -> reversed
captured confirmed typed sent unanswered power-returned reversed           -> reversed
captured confirmed typed sent approved voided                              -> voided
captured confirmed typed sent sent-twice found-charged                     -> approved
captured confirmed typed sent sent-twice found-free                        -> reversed
captured confirmed typed sent unanswered refused refused given-up found-free -> reversed
captured recorded                                                          -> NotNow
captured confirmed typed sent approved voided voided                       -> NotNow
captured confirmed typed sent approved found-free                          -> NotNow
captured confirmed typed sent unanswered voided                            -> NotNow
captured confirmed typed sent unanswered found-free                        -> NotNow
captured captured                                                          -> NotNow
confirmed                                                                  -> NotNow
captured typed                                                             -> NotNow
captured confirmed confirmed                                               -> NotNow
captured confirmed typed cancelled                                         -> NotNow
captured confirmed typed sent cancelled                                    -> NotNow
captured confirmed typed approved                                          -> NotNow
captured confirmed typed sent sent                                         -> NotNow
captured confirmed typed sent approved cancelled                           -> NotNow
captured confirmed typed sent approved approved                            -> NotNow
captured confirmed typed sent approved unanswered                          -> NotNow
captured confirmed typed sent approved power-returned                      -> NotNow
captured confirmed typed sent unanswered approved                          -> NotNow
captured confirmed typed sent unanswered declined                          -> NotNow
captured confirmed typed sent unanswered cancelled                         -> NotNow
captured confirmed typed sent unanswered unanswered                        -> NotNow
captured confirmed typed sent unanswered reversed approved                 -> NotNow
captured confirmed typed sent unanswered reversed reversed                 -> NotNow
captured confirmed typed sent sent-twice reversed                          -> NotNow
captured confirmed typed sent sent-twice approved                          -> NotNow
captured confirmed typed not-sent sent                                     -> NotNow
captured confirmed typed not-sent approved                                 -> NotNow
captured cancelled captured                                                -> NotNow
"""

REFUND_STORIES = """
captured recorded delivered                                    -> delivered
captured recorded no-word-of-it no-word-of-it delivered        -> delivered
captured recorded power-returned no-word-of-it rejected        -> rejected
captured not-sent                                              -> not_sent
captured cancelled                                             -> abandoned
captured confirmed                                             -> NotNow
captured recorded cancelled                                    -> NotNow
captured recorded unanswered                                   -> NotNow
captured recorded delivered delivered                          -> NotNow
captured recorded delivered rejected                           -> NotNow
captured recorded delivered voided                             -> NotNow
"""

MONEY = """
draft             none
captured          none
pin               none
armed             asking
waiting           asking
not_sent          none
approved          charged
reversal_pending  willnot
reversed          not
manual            unknown
abandoned         none
voided            given back
queued            recorded
delivered         coming back
rejected          stays
completed         hold charged
"""

MONEY_BACK = """
draft             none
captured          none
pin               none
armed             getting back
waiting           getting back
not_sent          none
approved          given back
declined          stays
reversal_pending  back unknown
reversed          stays
manual            back unknown
abandoned         none
voided            given back
queued            recorded
delivered         coming back
rejected          stays
completed         hold charged
"""


def a_card() -> Card:
    digits = bytearray(b"6225760008219524")
    return Card(Pan(digits), EntryMode.SWIPE, "3012", "120", Hidden(bytearray(b"6225=3012")))


WORDS: dict[str, typing.Callable[[], Event]] = {
    "captured": lambda: CardCaptured(a_card()),
    "unreadable": lambda: CardRefused("R-02"),
    "confirmed": Confirmed,
    "typed": lambda: PinEntered(EncryptedPin(bytes(8))),
    "pad-failed": lambda: PinFailed("P-01"),
    "cancelled": Cancelled,
    "sent": Sent,
    "not-sent": lambda: SendFailed("N-04"),
    "approved": lambda: Approved(Answer("00", "261122000001", "221346")),
    "declined": lambda: Declined(Answer("51")),
    "unanswered": lambda: Unanswered(Reason.NO_ANSWER, "N-06"),
    "sent-twice": lambda: SentTwice(Answer("94")),
    "power-returned": PowerReturned,
    "reversed": lambda: ReversalAccepted(Answer("00")),
    "no-word": lambda: ReversalUnanswered("N-06"),
    "refused": lambda: ReversalRefused(Answer("58")),
    "given-up": lambda: ReversalGivenUp(Answer("58")),
    "recorded": Recorded,
    "no-word-of-it": lambda: AdviceUnanswered("N-06"),
    "delivered": lambda: AdviceDelivered(Answer("00", "261122000009")),
    "rejected": lambda: AdviceRejected(Answer("25")),
    "voided": lambda: Voided(8),
    "completed": lambda: Completed(8),
    "held-again": lambda: HeldAgain(8),
    "found-charged": lambda: FoundCharged(LI, "the bank said so"),
    "found-free": lambda: FoundNotCharged(LI, "the bank said so"),
}


def a_sale(state: State = State.DRAFT) -> Sale:
    card = None if state is State.DRAFT else a_card().remembered
    return Sale(7, Money(128_00), MEI, NOON, state, card, stan=3, batch=1)


def a_refund(state: State = State.DRAFT) -> Sale:
    facts = OriginalFacts(1, 3, "261122000001", "221346", "1122")
    return replace(
        a_sale(state), kind=PaymentKind.REFUND, original=6, facts=facts, given_reason="torn"
    )


def a_hold(state: State = State.DRAFT) -> Sale:
    return replace(a_sale(state), kind=PaymentKind.PREAUTH)


def a_told_completion(state: State = State.DRAFT) -> Sale:
    return replace(a_refund(state), kind=PaymentKind.COMPLETION_ADVICE, given_reason="")


MAKERS = {
    (State.CAPTURED, "recorded"): a_refund,
    (State.APPROVED, "completed"): a_hold,
    (State.COMPLETED, "held-again"): a_hold,
    (State.DELIVERED, "voided"): a_told_completion,
}
"""Rows that are not for a plain sale."""


def lines(table: str) -> list[str]:
    return [line for line in table.strip().splitlines() if line.strip()]


@pytest.mark.parametrize("line", lines(ROWS)[1:])
def test_every_row_of_the_table_is_what_the_till_does(line: str) -> None:
    state, word, following, on_disk, *then = line.split(maxsplit=4)
    before = MAKERS.get((State(state), word), a_sale)(State(state))
    event = WORDS[word]()

    step = advance(before, event, NOON)

    assert step.sale.state is State(following)
    assert step.durable is (on_disk == "yes")
    assert ", ".join(step.errands) == then[0].replace("-", "")
    assert step.sale.history == (Moment(NOON, type(event).__name__, step.sale.history[0].note),)
    assert step.sale.number == before.number
    assert step.sale.amount == before.amount
    ended = step.sale.state in FINAL | {State.QUEUED}
    assert step.sale.finished_at == (NOON if ended else None)


def test_the_text_has_every_row_of_the_table_and_no_other() -> None:
    written = [(State(line.split()[0]), type(WORDS[line.split()[1]]())) for line in lines(ROWS)[1:]]

    assert sorted(map(str, written)) == sorted(map(str, TABLE))
    assert set(WORDS) == {line.split()[1] for line in lines(ROWS)[1:]}
    assert {type(make()) for make in WORDS.values()} == set(typing.get_args(Event))


MISSING = [
    (state, word)
    for state in State
    for word, make in WORDS.items()
    if (state, type(make())) not in TABLE
]


@pytest.mark.parametrize(("state", "word"), MISSING)
def test_an_event_that_a_state_does_not_expect_changes_nothing(state: State, word: str) -> None:
    before = a_sale(state)
    record = json.dumps(to_record(before))

    with pytest.raises(NotNow) as refused:
        advance(before, WORDS[word](), NOON)

    assert refused.value.state is state
    assert json.dumps(to_record(before)) == record


@pytest.mark.parametrize("story", lines(STORIES))
def test_a_story_ends_where_the_cashier_expects_it(story: str) -> None:
    words, _, end = story.partition("->")
    *earlier, last = words.split()
    sale = a_sale()
    for word in earlier:
        sale = advance(sale, WORDS[word](), NOON).sale

    if end.strip() == "NotNow":
        with pytest.raises(NotNow):
            advance(sale, WORDS[last](), NOON)
    else:
        sale = advance(sale, WORDS[last](), NOON).sale
        assert sale.state is State(end.strip())
        assert len(sale.history) == len(earlier) + 1


@pytest.mark.parametrize("story", lines(REFUND_STORIES))
def test_a_refund_is_recorded_and_told_and_never_asked_for(story: str) -> None:
    words, _, end = story.partition("->")
    *earlier, last = words.split()
    sale = a_refund()
    for word in earlier:
        sale = advance(sale, WORDS[word](), NOON).sale

    if end.strip() == "NotNow":
        with pytest.raises(NotNow):
            advance(sale, WORDS[last](), NOON)
    else:
        sale = advance(sale, WORDS[last](), NOON).sale
        assert sale.state is State(end.strip())
        assert sale.reversal_tries == 0


@pytest.mark.parametrize(
    ("code", "event"),
    [
        ("00", AdviceDelivered),
        ("94", AdviceDelivered),
        ("11", AdviceDelivered),
        ("A0", AdviceUnanswered),
        ("77", AdviceUnanswered),
        ("96", AdviceUnanswered),
        ("25", AdviceRejected),
        ("ZZ", AdviceRejected),
    ],
)
def test_an_advice_is_repeated_while_the_bank_is_in_trouble_only(code: str, event: type) -> None:
    assert type(judge_advice(Answer(code), frozenset({"00", "11", "94"}), TEMPORARY)) is event


def test_every_state_is_a_draft_or_open_or_final_and_only_one_of_them() -> None:
    assert set(State) == DRAFTS | OPEN | FINAL
    assert not DRAFTS & OPEN
    assert not OPEN & FINAL
    assert not DRAFTS & FINAL


def test_only_another_payment_leads_out_of_a_final_state_and_only_people_out_of_doubt() -> None:
    out = {pair for pair in TABLE if pair[0] in FINAL | {State.MANUAL}}
    assert out == {
        (State.APPROVED, Voided),
        (State.APPROVED, Completed),
        (State.COMPLETED, HeldAgain),
        (State.DELIVERED, Voided),
        (State.MANUAL, FoundCharged),
        (State.MANUAL, FoundNotCharged),
    }


def test_every_state_can_be_reached_and_every_open_one_can_be_left() -> None:
    reached = {State.DRAFT} | {row.to for row in TABLE.values()}
    assert reached == set(State)
    for state in OPEN - {State.MANUAL}:
        assert any(row.to in FINAL for (at, _), row in TABLE.items() if at is state)


def test_no_sale_is_cancelled_once_the_bank_may_have_been_asked() -> None:
    assert {state for state, event in TABLE if event is Cancelled} == DRAFTS
    assert State.QUEUED not in DRAFTS


def test_the_bank_is_asked_only_after_a_commit_and_only_once() -> None:
    asking = {pair: row for pair, row in TABLE.items() if Errand.ASK in row.errands}
    assert set(asking) == {(State.PIN_ENTRY, PinEntered)}
    assert all(row.durable and row.to is State.ARMED for row in asking.values())
    assert {pair for pair, row in TABLE.items() if row.to is State.ARMED} == set(asking)


def test_whatever_leads_to_a_pending_reversal_reverses() -> None:
    for (state, _), row in TABLE.items():
        if row.to is State.REVERSAL_PENDING:
            assert Errand.REVERSE in row.errands
            assert row.durable or state is State.REVERSAL_PENDING
        else:
            assert Errand.REVERSE not in row.errands


def test_a_reversal_is_only_ended_by_a_word_of_the_bank() -> None:
    out = {
        event
        for (state, event), row in TABLE.items()
        if state is State.REVERSAL_PENDING and row.to is not State.REVERSAL_PENDING
    }
    assert out == {ReversalAccepted, ReversalGivenUp}


def test_every_outcome_is_on_disk_and_waiting_never_is() -> None:
    again = {State.REVERSAL_PENDING, State.QUEUED}
    for row in TABLE.values():
        if row.to in OPEN | FINAL and row.to not in {State.WAITING, *again}:
            assert row.durable
        if row.to is State.WAITING:
            assert not row.durable


def test_what_is_found_on_disk_after_a_power_cut_knows_what_to_do() -> None:
    durable = {row.to for row in TABLE.values() if row.durable} & OPEN
    assert durable == {State.ARMED, State.REVERSAL_PENDING, State.MANUAL, State.QUEUED}
    for state in durable - {State.MANUAL}:
        assert (state, PowerReturned) in TABLE


def test_the_card_is_wiped_on_every_way_out_once_it_is_known() -> None:
    knows_card = {State.CAPTURED, State.PIN_ENTRY, State.ARMED, State.WAITING}
    for (state, event), row in TABLE.items():
        if state in knows_card and row.to not in knows_card and event is not PowerReturned:
            assert Errand.WIPE in row.errands, (state, event)


def test_a_wrong_mac_signs_on_before_it_reverses() -> None:
    step = advance(a_sale(State.WAITING), Unanswered(Reason.WRONG_MAC, "N-08"), NOON)

    assert step.errands[0] is Errand.SIGN_ON
    assert Errand.REVERSE in step.errands
    assert step.sale.reason is Reason.WRONG_MAC


def test_the_first_reason_of_a_reversal_is_kept_when_the_power_returns() -> None:
    pending = advance(a_sale(State.WAITING), Unanswered(Reason.NO_ANSWER, "N-06"), NOON).sale

    again = advance(pending, PowerReturned(), NOON + timedelta(hours=1)).sale
    found_armed = advance(a_sale(State.ARMED), PowerReturned(), NOON).sale

    assert (again.reason, again.fault) == (Reason.NO_ANSWER, "N-06")
    assert (found_armed.reason, found_armed.fault) == (Reason.OTHER, "N-10")


@pytest.mark.parametrize("code", sorted(ACCEPTED))
def test_a_code_that_says_nothing_is_charged_settles_a_reversal(code: str) -> None:
    for refusals in range(MAX_REFUSED_REVERSALS):
        sale = Sale(7, Money(1), MEI, NOON, State.REVERSAL_PENDING, reversal_refusals=refusals)
        assert isinstance(judge_reversal(sale, Answer(code), ACCEPTED, TEMPORARY), ReversalAccepted)


def test_the_third_refusal_of_a_reversal_is_for_people() -> None:
    sale = a_sale(State.REVERSAL_PENDING)
    for expected in (ReversalRefused, ReversalRefused, ReversalGivenUp):
        event = judge_reversal(sale, Answer("58"), ACCEPTED, TEMPORARY)
        assert type(event) is expected
        sale = advance(sale, event, NOON).sale

    assert sale.state is State.MANUAL
    assert (sale.reversal_tries, sale.reversal_refusals, sale.fault) == (3, 3, "N-09")


@pytest.mark.parametrize("line", lines(MONEY))
def test_every_state_says_what_has_become_of_the_money(line: str) -> None:
    state, moved = line.split(maxsplit=1)
    assert money_moved(a_sale(State(state))) is Moved(moved)


@pytest.mark.parametrize("line", lines(MONEY_BACK))
def test_a_payment_back_says_what_has_become_of_the_money(line: str) -> None:
    state, moved = line.split(maxsplit=1)
    assert money_moved(a_refund(State(state))) is Moved(moved.strip())


def test_the_money_is_told_for_every_state_in_words() -> None:
    assert {line.split()[0] for line in lines(MONEY_BACK)} == set(State)
    told = {line.split()[0] for line in lines(MONEY)} | {"declined"}
    assert told == set(State)
    assert set(MONEY_LINES) == set(Moved)


@pytest.mark.parametrize("code", [*RESPONSE_CODES, "ZZ", ""])
def test_no_declined_sale_claims_that_the_customer_was_charged(code: str) -> None:
    sale = advance(a_sale(State.WAITING), Declined(Answer(code)), NOON).sale
    if meaning_of(code).kind is not Kind.APPROVED:  # the judge never declines with one of those
        assert money_moved(sale) is not Moved.CHARGED


def test_no_answer_is_as_good_as_an_unknown_one_for_the_money() -> None:
    assert money_moved(a_sale(State.DECLINED)) is not Moved.CHARGED


def test_the_faults_that_a_sale_can_carry_are_all_in_the_catalogue() -> None:
    assert {"N-10", "N-09", "X-01", "J-01", "P-01", "R-02"} <= set(CATALOGUE)


NOTES = st.text(max_size=12)
TIMES = st.datetimes(
    min_value=datetime(2020, 1, 1),  # noqa: DTZ001  # hypothesis adds the zone itself
    max_value=datetime(2099, 1, 1),  # noqa: DTZ001
    timezones=st.sampled_from([UTC]),
)
ANSWERS = st.builds(Answer, NOTES, NOTES, NOTES, NOTES, NOTES, NOTES, NOTES)
SALES = st.builds(
    Sale,
    number=st.integers(1, 10**9),
    amount=st.builds(Money, st.integers(0, MAX_MINOR), st.sampled_from(list(CURRENCIES.values()))),
    operator=st.builds(Operator, NOTES, NOTES, st.sampled_from(Role)),
    started_at=TIMES,
    state=st.sampled_from(State),
    card=st.none() | st.builds(RememberedCard, NOTES, NOTES, st.sampled_from(EntryMode)),
    stan=st.none() | st.integers(1, 999_999),
    batch=st.integers(0, 999_999),
    pin_entered=st.booleans(),
    answer=st.none() | ANSWERS,
    fault=NOTES,
    reason=st.none() | st.sampled_from(Reason),
    reversal_tries=st.integers(0, 10**6),
    reversal_refusals=st.integers(0, 3),
    finished_at=st.none() | TIMES,
    history=st.lists(st.builds(Moment, TIMES, NOTES, NOTES), max_size=4).map(tuple),
    kind=st.sampled_from(PaymentKind),
    original=st.none() | st.integers(1, 10**9),
    facts=st.none()
    | st.builds(
        OriginalFacts, st.integers(0, 999_999), st.integers(0, 999_999), NOTES, NOTES, NOTES
    ),
    fingerprint=NOTES,
    given_reason=NOTES,
    tells=st.integers(0, 10**6),
)


@settings(max_examples=80, deadline=None)
@given(SALES)
def test_a_sale_comes_back_from_its_record_exactly(sale: Sale) -> None:
    assert from_record(json.loads(json.dumps(to_record(sale)))) == sale


def test_a_record_from_before_the_kinds_is_a_sale() -> None:
    record = to_record(a_sale(State.APPROVED))
    for name in ("kind", "original", "facts", "fingerprint", "given_reason", "tells"):
        del record[name]
    assert from_record(record) == a_sale(State.APPROVED)


def test_a_record_holds_every_field_of_a_sale() -> None:
    record = to_record(a_sale())
    kept = {"amount_minor" if name == "amount" else name for name in Sale.__slots__}
    assert set(record) == kept | {"currency"}


def test_a_sale_has_nothing_of_a_card_but_what_may_be_kept() -> None:
    sale = a_sale()
    for word in ("captured", "confirmed", "typed", "sent", "approved"):
        sale = advance(sale, WORDS[word](), NOON).sale
        written = json.dumps(to_record(sale)) + json.dumps(sale_entry(sale, NOON).body) + repr(sale)
        assert "6225760008219524" not in written
        assert "0008219524" not in written

    assert sale.card is not None
    assert sale.card.masked == "622576******9524"
    assert sale.amount.currency is CNY


WALKS = st.lists(st.sampled_from(sorted(WORDS)), max_size=40)


@settings(max_examples=150, deadline=None)
@given(WALKS)
def test_no_order_of_events_asks_twice_or_revives_a_sale(walk: list[str]) -> None:
    """Whatever rains down on a sale: one ask at most, and what was final stays."""
    sale, asked, ended = a_sale(), 0, None
    for word in walk:
        try:
            step = advance(sale, WORDS[word](), NOON)
        except NotNow:
            continue
        assert ended is None or (ended, word) == (State.APPROVED, "voided")
        sale = step.sale
        asked += step.errands.count(Errand.ASK)
        if sale.state in FINAL:
            ended = sale.state
        if sale.state is State.APPROVED:
            assert asked == 1
            assert sale.reason is None
    assert asked <= 1
