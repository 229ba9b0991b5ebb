"""One word for one thing, in both languages."""

import re

import pytest

from yuyao_lib import vocabulary
from yuyao_lib.errors import VocabularyError
from yuyao_lib.paths import TERMS
from yuyao_lib.vocabulary import Text


def test_no_key_stands_twice_and_all_are_snake_case() -> None:
    known = vocabulary.terms()
    assert len(known) > 180
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", key) for key in known)


def test_a_key_in_two_files_is_refused(tmp_path, monkeypatch) -> None:
    for name in ("one.csv", "two.csv"):
        (tmp_path / name).write_text("key,en,zh,note\nwage,wage,工资,\n", encoding="utf-8")
    monkeypatch.setattr(vocabulary, "TERMS", tmp_path)
    vocabulary.terms.cache_clear()
    with pytest.raises(VocabularyError, match=r"term 'wage' stands twice, the second in two\.csv"):
        vocabulary.terms()
    vocabulary.terms.cache_clear()


def test_terms_hold_chinese_and_latin_in_their_places() -> None:
    for entry in vocabulary.terms().values():
        assert not re.search(r"[\u4e00-\u9fff]", entry.text.en), entry.key


def test_unknown_term_names_the_nearest() -> None:
    with pytest.raises(VocabularyError, match="Did you mean 'union_wage_premium'"):
        vocabulary.term("union_wage_premum")


def test_text_needs_both_languages() -> None:
    with pytest.raises(VocabularyError, match="both languages"):
        Text("only", "")
    assert Text("{n} men", "{n} 名男性").format(n=5).to_dict() == {"en": "5 men", "zh": "5 名男性"}


def test_files_are_utf8_without_mark() -> None:
    for path in TERMS.glob("*.csv"):
        assert not path.read_bytes().startswith(b"\xef\xbb\xbf")
        path.read_text(encoding="utf-8")
