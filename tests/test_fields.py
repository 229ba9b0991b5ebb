"""Values show themselves in Jupyter: every field a reader needs, escaped, in both languages."""

import yuyao_lib as yuyao
from yuyao_lib.fields import facts_html, told
from yuyao_lib.findings import Design, Estimate, Finding
from yuyao_lib.methods.specifications import Universe
from yuyao_lib.vocabulary import Text

PREMIUM = {
    "key": "ols", "term": "union_wage_premium", "method": "ols", "unit": "log_points",
    "design": Design.OBSERVATIONAL,
}  # fmt: skip


def test_an_estimate_tells_its_number_interval_people_and_caveat() -> None:
    html = Estimate(**PREMIUM, estimate=0.08, low=0.04, high=0.12, n=1545)._repr_html_()
    for words in ("0.08", "0.04 … 0.12", "1,545 persons · 人", "对数点", "observational"):
        assert words in html


def test_an_undefined_estimate_tells_why_and_no_number() -> None:
    why = Text("nobody joins", "无人入会")
    html = Estimate(**PREMIUM, undefined=why)._repr_html_()
    assert "nobody joins · 无人入会" in html and "估计值" not in html


def test_a_finding_tells_whose_data_it_is() -> None:
    origin = yuyao.open("wagepan").origin
    finding = Finding(id="t.ols", estimate=Estimate(**PREMIUM, estimate=0.08), origin=origin)
    html = finding._repr_html_()
    assert "<caption>t.ols</caption>" in html and "公开研究数据" in html and "wagepan" in html


def test_a_specification_and_a_card_list_their_fields() -> None:
    universe = Universe(treatment="covered", outcomes={"pay": "log_wage"}, cluster="firm")
    assert "pay: log_wage" in universe._repr_html_() and "covered" in universe._repr_html_()
    assert "Vella" in yuyao.open("wagepan").card._repr_html_()


def test_values_are_escaped_and_long_lists_cut() -> None:
    assert "<script>" not in facts_html("<script>", [("<script>", "<script>")])
    assert told(list(range(40))).endswith("11 … 40")
    assert told({"a": None, "b": 0.123456}) == "a: , b: 0.1235"
    assert facts_html("t", [("left out", ())]).count("<tr>") == 0
