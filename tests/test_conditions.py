"""Conditions on the context: AND across fields, any of a list, any in common for a set, unknown where nobody chose."""

import pytest
from hypothesis import given, strategies as st

from vendor_eval.config.models import validate
from vendor_eval.config.yaml12 import parse_document
from vendor_eval.criteria.conditions import Condition, as_list, holds, in_words, unset

FIELDS = st.sampled_from("abcd")
VALUES = st.sampled_from(["x", "y", "z", "true", True, False])
CONDITIONS = st.dictionaries(FIELDS, st.lists(VALUES, min_size=1, max_size=3).map(tuple))
CONTEXTS = st.dictionaries(FIELDS, VALUES | st.lists(st.sampled_from("xyz"), max_size=3).map(tuple))


@pytest.mark.parametrize(
    ("condition", "context", "expected"),
    [
        pytest.param({}, {}, True, id="no-condition"),
        pytest.param({"a": ("x",)}, {"a": "x"}, True, id="met"),
        pytest.param({"a": ("x",)}, {"a": "y"}, False, id="not-met"),
        pytest.param({"a": ("x", "y")}, {"a": "y"}, True, id="any-of-a-list"),
        pytest.param({"a": ("x", "y")}, {"a": ("z", "y")}, True, id="any-in-common"),
        pytest.param({"a": ("x", "y")}, {"a": ("z",)}, False, id="none-in-common"),
        pytest.param({"a": ("x", "y")}, {"a": ()}, False, id="the-empty-set-is-an-answer"),
        pytest.param({"a": ("x",), "b": ("x",)}, {"a": "x", "b": "y"}, False, id="all-fields"),
        pytest.param({"a": ("x",)}, {"b": "x"}, None, id="nobody-chose"),
        pytest.param({"a": ("x",), "b": ("x",)}, {"a": "x"}, None, id="nobody-chose-one"),
        pytest.param({"a": ("x",), "b": ("x",)}, {"a": "y"}, False, id="false-whatever-the-other"),
        pytest.param({"a": (True,)}, {"a": True}, True, id="true"),
        pytest.param({"a": (False,)}, {"a": False}, True, id="false"),
        pytest.param({"a": (True,)}, {"a": "true"}, False, id="text-never-meets-a-boolean"),
        pytest.param({"a": ("true",)}, {"a": True}, False, id="a-boolean-never-meets-text"),
    ],
)
def test_a_condition_holds_fails_or_hangs_on_a_field_that_nobody_set(condition, context, expected):
    assert holds(condition, context) is expected


@given(CONDITIONS, CONTEXTS)
def test_a_condition_is_open_only_where_a_field_is_unset(condition, context):
    missing = {name for name in condition if name not in context}
    assert set(unset(condition, context)) == missing
    assert holds(condition, context) is not None or missing


@given(CONDITIONS, CONTEXTS, CONTEXTS)
def test_setting_a_field_settles_and_never_turns_a_condition(condition, context, more):
    before = holds(condition, context)
    assert before is None or holds(condition, {**more, **context}) is before


@given(CONDITIONS, CONDITIONS, CONTEXTS)
def test_fields_are_joined_by_and(one, other, context):
    other = {name: values for name, values in other.items() if name not in one}
    parts = {holds(one, context), holds(other, context)}
    assert holds({**one, **other}, context) is (False if False in parts else None if None in parts else True)


@given(st.lists(VALUES, min_size=1), st.lists(VALUES, min_size=1), CONTEXTS.filter(lambda context: "a" in context))
def test_values_of_a_list_are_joined_by_or(some, others, context):
    apart = [holds({"a": tuple(values)}, context) for values in (some, others)]
    assert holds({"a": (*some, *others)}, context) is any(apart)


def test_a_condition_is_said_as_a_person_would_set_it():
    condition = {"data_may_leave": ("no",), "type": ("nlp", "audio"), "personal_data": (True,)}
    assert in_words(condition) == "data_may_leave = no and type = nlp or audio and personal_data = true"


def test_a_condition_is_read_with_one_value_or_a_list(tmp_path):
    (tmp_path / "a.yaml").write_text("{a: no, b: [on, off], c: true, d: 'true', e: 2022, f: 1.10}")
    condition, faults = validate(parse_document(tmp_path / "a.yaml")[0], Condition)
    expected = {"a": ("no",), "b": ("on", "off"), "c": (True,), "d": ("true",), "e": ("2022",), "f": ("1.10",)}
    assert (condition, faults) == (expected, ())


@pytest.mark.parametrize("value", ["x", True, None, {"a": 1}])
def test_one_value_is_a_list_of_one(value):
    assert (as_list(value), as_list([value])) == ([value], [value])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("{a: , b: [x, ]}", ["1:5"], id="blank"),
        pytest.param("{a: {b: c}}", ["1:5"], id="keys"),
        pytest.param("{a: [x, [y], {z: 1}]}", ["1:9", "1:14"], id="nested"),
        pytest.param("{a: x, b: []}", ["1:11"], id="empty-list"),
        pytest.param("[a, b]", ["1:1"], id="list"),
    ],
)
def test_what_is_no_value_is_a_fault_in_its_place(tmp_path, text, expected):
    (tmp_path / "a.yaml").write_text(text)
    _, faults = validate(parse_document(tmp_path / "a.yaml")[0], Condition)
    assert [f"{issue.location.line}:{issue.location.column}" for issue in faults] == expected
