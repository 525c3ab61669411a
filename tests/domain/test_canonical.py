import json
import unicodedata
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qihua_desktop.domain.canonical import (
    canonical_text,
    fingerprint,
    parse_canonical,
    short_fingerprint,
    text_fingerprint,
)
from qihua_desktop.domain.errors import InputError

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
KEYS = st.text(st.characters(max_codepoint=127), max_size=8)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63) + 1, 2**63 - 1) | TEXTS,
    lambda children: st.lists(children, max_size=4) | st.dictionaries(KEYS, children, max_size=4),
    max_leaves=20,
)


def nfc(value):
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, list):
        return [nfc(item) for item in value]
    if isinstance(value, dict):
        return {key: nfc(item) for key, item in value.items()}
    return value


@given(VALUES)
def test_canonical_text_reads_back_as_the_same_value(value):
    text = canonical_text(value)
    assert parse_canonical(text) == nfc(value)
    assert parse_canonical(text.encode()) == nfc(value)
    assert canonical_text(parse_canonical(text)) == text


@given(st.dictionaries(KEYS, VALUES, max_size=6), st.randoms(use_true_random=False))
def test_order_of_keys_does_not_change_the_fingerprint(value, random):
    shuffled = list(value.items())
    random.shuffle(shuffled)
    assert fingerprint(dict(shuffled)) == fingerprint(value)


@given(VALUES, VALUES)
def test_fingerprints_are_equal_exactly_for_equal_content(one, other):
    same = canonical_text(one) == canonical_text(other)
    assert (fingerprint(one) == fingerprint(other)) == same


def test_the_spelling_is_fixed():
    value = {"b": [1, True, None], "a": "e\u0301 场地"}
    assert canonical_text(value) == '{"a":"é 场地","b":[1,true,null]}'
    assert fingerprint(value) == sha256('{"a":"é 场地","b":[1,true,null]}'.encode()).hexdigest()
    assert fingerprint(value) == text_fingerprint(canonical_text(value))


@pytest.mark.parametrize(
    "value",
    [1.0, float("nan"), {"é": 1}, {1: 2}, 2**63, "\ud800", b"x", {"a": {1, 2}}],
)
def test_values_without_one_spelling_are_refused(value):
    with pytest.raises(ValueError):
        canonical_text(value)


def test_too_deep_nesting_is_refused():
    value = []
    for _level in range(200):
        value = [value]
    with pytest.raises(ValueError, match="deep"):
        canonical_text(value)
    with pytest.raises(InputError):
        parse_canonical("[" * 100_000 + "]" * 100_000)


@pytest.mark.parametrize(
    "text",
    [
        '{"a":1,"a":1}',
        '{"b":1,"a":2}',
        '{"a": 1}',
        '{"a":1.0}',
        '{"a":1e3}',
        "NaN",
        "Infinity",
        "-0",
        '"e\u0301"',
        '"\\u573a"',
        "[1,]",
        "",
        "\ufeff1",
        " 1",
        "9" * 5000,
        b"\xff",
        '{"é":1}',
    ],
)
def test_other_spellings_are_refused_when_read(text):
    with pytest.raises(InputError):
        parse_canonical(text)


@given(TEXTS)
def test_any_text_is_read_faithfully_or_refused(text):
    try:
        value = parse_canonical(text)
    except InputError:
        return
    assert canonical_text(value) == text
    assert json.loads(text) == value


def test_short_fingerprints_are_labels():
    assert short_fingerprint("9f3c" + "0" * 56 + "a71e") == "9f3c…a71e"
