"""Hostile files: a clear sentence each, and nothing lost."""

import os
import warnings

import duckdb
import numpy as np
import pandas as pd
import pyreadstat
import pytest
from openpyxl import Workbook

import yuyao_lib as yuyao
from yuyao_lib.errors import DataError, InputError, ModeError
from yuyao_lib.findings import Mode
from yuyao_lib.paths import DATA
from yuyao_lib.sources.own import check_own, propose_mapping, read_mapping
from yuyao_lib.sources.own.keys import KEY_FILE, KEY_VARIABLE, find_key, new_key
from yuyao_lib.sources.own.text_files import decode

HEAD = "职工编号,企业代码,季度,应发工资,技能等级"
ROWS = ["A1,E1,2022Q1,5000,高级工", "A2,E1,2022Q1,4000,", "A1,E1,2022Q2,5100,高级工"]
COLUMNS = """
        worker_id: 职工编号
        employer_id: 企业代码
        quarter: 季度
        gross_wage: 应发工资
        grade: {from: 技能等级, blank: none}
"""
TOP = "title: {en: Test, zh: 测试}\npublisher: us\nvintage: '2022'\ntables:\n  worker_quarters:\n"


@pytest.fixture(autouse=True)
def key(monkeypatch) -> None:
    monkeypatch.setenv(KEY_VARIABLE, "0123456789abcdef" * 4)


def mapped(folder, *, file="pay.csv", columns=COLUMNS, more="") -> None:
    text = f"{TOP}    - file: {file}\n{more}      columns:{columns}"
    (folder / "mapping.yaml").write_text(text, encoding="utf-8")


def payroll(folder, content: str | bytes, *, file="pay.csv", **how):
    raw = content if isinstance(content, bytes) else content.encode()
    (folder / file).write_bytes(raw)
    mapped(folder, file=file, **how)
    return check_own(folder)


def text_of(rows=ROWS, head=HEAD, end="\n") -> str:
    return end.join([head, *rows]) + end


def said(folder, content, **how) -> str:
    loaded = payroll(folder, content, **how)
    assert not loaded.ok
    return "\n".join(loaded.sentences)


@pytest.mark.parametrize(
    ("encoding", "name"),
    [("utf-8", "utf-8-sig"), ("utf-8-sig", "utf-8-sig"), ("gbk", "gb18030"), ("gb18030", "gb18030"),
     ("utf-16", "utf-16")],
)  # fmt: skip
def test_every_encoding_reads_the_same(tmp_path, encoding, name) -> None:
    loaded = payroll(tmp_path, text_of().encode(encoding))
    assert loaded.ok and loaded.notes[0].en == f"pay.csv read as {name}"
    pay = loaded.frames["worker_quarters"]
    assert pay["gross_wage"].tolist() == [5000, 4000, 5100]
    assert pay["grade"].tolist() == [3, 0, 3]
    assert pay["quarter"].tolist() == ["2022Q1", "2022Q1", "2022Q2"]
    assert set(pay.columns) == {"worker_id", "employer_id", "quarter", "gross_wage", "grade"}
    assert not pay["worker_id"].isin(["A1", "A2"]).any() and pay["worker_id"].nunique() == 2


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_separators_and_line_ends(tmp_path, mark, end) -> None:
    assert payroll(tmp_path, text_of(end=end).replace(",", mark)).ok


def test_quoted_line_breaks_are_one_cell(tmp_path) -> None:
    rows = [*ROWS, '"A\n9",E1,2022Q2,"5,100",高级工']
    pay = payroll(tmp_path, text_of(rows)).frames["worker_quarters"]
    assert len(pay) == 4 and pay["gross_wage"].iloc[-1] == 5100


def test_rare_characters_need_gb18030() -> None:
    text, name = decode("㛃,𬭎".encode("gb18030"), "a.csv")
    assert (text, name) == ("㛃,𬭎", "gb18030")


def test_two_encodings_in_one_file(tmp_path) -> None:
    content = (text_of() + "甲工厂,乙,2022Q1,1,高级工\n").encode() + "张三,李四,2022Q1,1,无".encode(
        "gbk"
    )
    assert "line 6 is not; two encodings" in said(tmp_path, content)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "pay.csv is empty"),
        (HEAD + "\n", "the table holds no rows"),
        (text_of([*ROWS, "A3,E1,2022Q1"]) , "line 5 has 3 of 5 fields: fields are missing"),
        (text_of(ROWS) + "A3,E1,2022", "line 5 has 3 of 5 fields: the file was cut off"),
        (text_of(ROWS) + 'A3,E1,"2022', "ends inside a quoted field: it was cut off"),
        (text_of([*ROWS, "A3,E1,2022Q1,3,500,高级工"]), "line 5 has 6 fields, the header 5"),
        (text_of(head=HEAD.replace("应发工资", "应发")), "no column of this name: got '应发工资'"),
        (text_of(head=HEAD.replace("企业代码", "职工编号")), "2 columns named '职工编号'"),
        (text_of(head=HEAD.replace("技能等级", "应发工资")), "2 columns named '应发工资'"),
        (text_of([*ROWS, "A3,E1,2022Q1,待定,无"]), "cannot be read as one number; row 5; got '待定'"),
        (text_of([*ROWS, "A3,E1,2022Q1,-10,无"]), "below the allowed range; row 5"),
        (text_of([*ROWS, "A3,E1,2022Q1,999999,无"]), "above the allowed range; row 5"),
        (text_of([*ROWS, "A3,E1,2022Q1,,无"]), "gross_wage: blank in a required column; row 5"),
        (text_of([*ROWS, "A3,E1,2099Q1,3000,无"]), "above the allowed range; row 5"),
        (text_of([*ROWS, ROWS[0]]), "same key stands in several rows; rows 2, 5"),
        (text_of([*ROWS, "A3,E1,2022Q1,3000,高级"]), "a skill grade or a professional title"),
        (text_of([*ROWS, "A3,E1,2022Q1,3000,3"]), "grade numbers run both ways"),
        (text_of([*ROWS, "SIM-W1,E1,2022Q1,3000,无"]), "id of a simulated row among real ones"),
        (text_of([*ROWS, "11010519491231002X,E1,2022Q1,3000,无"]), "these are identity numbers"),
        (text_of([*ROWS, "A3,E1,春天,3000,无"]), "cannot be read as a month or quarter; row 5"),
        (b"\xff\x00\xfe\x81\x00", "in no encoding that is known"),
    ],
)  # fmt: skip
def test_each_fault_has_its_sentence(tmp_path, content, sentence) -> None:
    words = said(tmp_path, content)
    assert sentence in words
    assert "11010519491231002X" not in words


def test_the_same_header_far_off_is_guessed(tmp_path) -> None:
    assert "Did you mean '应发工资'" in said(
        tmp_path, text_of(), columns=COLUMNS.replace(": 应发工资", ": 应发工赀")
    )


def test_a_period_that_has_not_come(tmp_path, monkeypatch) -> None:
    from yuyao_lib.sources.own import faults

    class Then(faults.date):
        @classmethod
        def today(cls):
            return cls(2022, 2, 1)

    monkeypatch.setattr(faults, "date", Then)
    assert "a period that has not come yet; row 4; allowed: a quarter up to 2022Q1" in said(
        tmp_path, text_of()
    )


def test_all_problems_are_said_at_once(tmp_path) -> None:
    rows = ["A3,E1,2022Q1,-1,无", "A4,E1,2022Q1,x,无", "A5,E1,never,3,无"]
    words = said(tmp_path, text_of(rows))
    assert words.count("\n") == 2
    with pytest.raises(DataError, match="(?s)cannot be read.*below"):
        yuyao.open(tmp_path)


def test_bad_rows_can_be_set_aside_and_are_counted(tmp_path) -> None:
    rows = [*ROWS, "A3,E1,2022Q1,-1,无", "A4,E1,2022Q1,x,无", "A5,E1,2022Q1,,无"]
    loaded = payroll(tmp_path, text_of(rows), more="      bad_rows: set_aside\n")
    assert loaded.ok and len(loaded.frames["worker_quarters"]) == 3
    assert sum(loaded.set_aside.values()) == 3
    data = yuyao.open(tmp_path)
    assert data.mode is Mode.OWN and dict(data.card.set_aside) == dict(loaded.set_aside)


def test_numbers_as_people_write_them(tmp_path) -> None:
    rows = [
        'A1,E1,2022Q1,"3,500",无',
        "A2,E1,2022Q1,3500元,无",
        "A3,E1,2022Q1,１２３４,无",
        "A4,E1,2022Q1,1.2万,无",
    ]
    pay = payroll(tmp_path, text_of(rows))
    assert pay.frames["worker_quarters"]["gross_wage"].tolist() == [3500, 3500, 1234, 12000]
    assert any("4 numbers read from texts" in note.en for note in pay.notes)


def test_units_of_the_header_and_of_the_mapping(tmp_path) -> None:
    head, rows = HEAD.replace("应发工资", "应发工资(万元)"), ["A1,E1,2022Q1,0.5,无"]
    columns = COLUMNS.replace(": 应发工资", ": 应发工资(万元)")
    pay = payroll(tmp_path, text_of(rows, head), columns=columns).frames["worker_quarters"]
    assert pay["gross_wage"].tolist() == [5000]
    other = COLUMNS.replace(": 应发工资", ": {from: 应发工资(万元), unit: 元}")
    assert "states a unit, and the mapping another: got '元'" in said(
        tmp_path, text_of(rows, head), columns=other
    )


@pytest.mark.parametrize(
    ("header", "sentence"),
    [("实发工资", "pay after deductions (net)"), ("社保缴费基数", "floored and capped by law")],
)
def test_other_kinds_of_pay_are_not_gross_pay(tmp_path, header, sentence) -> None:
    columns = COLUMNS.replace(": 应发工资", f": {header}")
    assert sentence in said(
        tmp_path, text_of(head=HEAD.replace("应发工资", header)), columns=columns
    )


def test_missing_codes_are_said(tmp_path) -> None:
    columns = COLUMNS.replace(": 应发工资", ": {from: 应发工资, missing: [-999]}")
    rows = [*ROWS, "A7,E1,2022Q1,-999,无"]
    assert "blank in a required column; row 5" in said(tmp_path, text_of(rows), columns=columns)
    assert "below the allowed range" in said(tmp_path, text_of(rows))


def test_identity_numbers_are_checked_and_replaced(tmp_path) -> None:
    columns = COLUMNS.replace("worker_id: 职工编号", "worker_id: {from: 职工编号, kind: identity}")
    good = ["11010519491231002X,E1,2022Q1,5000,无", "110105491231002,E1,2022Q2,5000,无"]
    pay = payroll(tmp_path, text_of(good), columns=columns).frames["worker_quarters"]
    assert pay["worker_id"].nunique() == 1 and pay["worker_id"].str.match(r"W-[0-9a-f]{20}$").all()
    bad = [*good, "110105194912310021,E1,2022Q3,5000,无", "3.30281E+17,E1,2022Q3,5000,无",
           "330281199001011000,E1,2022Q3,5000,无"]  # fmt: skip
    words = said(tmp_path, text_of(bad), columns=columns)
    assert "check digit or date of birth is wrong; row 4" in words
    assert (
        "saved as a number in Excel, so the last digits are gone" in words and "rows 5, 6" in words
    )
    assert "330281199001011000" not in words


def test_identity_numbers_saved_as_numbers_in_excel(tmp_path) -> None:
    book = Workbook()
    for row in [HEAD.split(","), [330281199001011234, "E1", "2022Q1", 5000, "无"]]:
        book.active.append(row)
    book.save(tmp_path / "pay.xlsx")
    mapped(
        tmp_path,
        file="pay.xlsx",
        columns=COLUMNS.replace(
            "worker_id: 职工编号", "worker_id: {from: 职工编号, kind: identity}"
        ),
    )
    (problem,) = check_own(tmp_path).sentences
    assert "no repair exists" in problem and "row 2" in problem


def sheet(book, name, rows, *, state="visible"):
    made = book.create_sheet(name)
    made.sheet_state = state
    for row in rows:
        made.append(row)
    return made


def test_workbooks_as_offices_keep_them(tmp_path) -> None:
    book = Workbook()
    book.remove(book.active)
    for month in ("2022.02", "2022.03", "2022.04"):
        made = sheet(book, month, [
            ["某单位工资表"], ["人员", None, None, "工资"], ["部门代码", "编号", "等级", "应发合计"],
            ["D1", "A1", 3, "５，０００"], [None, "A2", 4, 4000], ["合计", None, None, 9000], [], ["D2", "A3", None, 3000],
        ])  # fmt: skip
        made.merge_cells("A4:A5")
    sheet(book, "隐藏", [["x"]], state="hidden")
    book.save(tmp_path / "pay.xlsx")
    columns = """
        employer_id: 人员/部门代码
        worker_id: 人员/编号
        quarter: {from: "@sheet", month_is: pay}
        gross_wage: 工资/应发合计
        grade: {from: 人员/等级, order: national, blank: none}
"""
    mapped(tmp_path, file="pay.xlsx", columns=columns,
           more="      header_row: 2\n      header_rows: 2\n      fill_down: [人员/部门代码]\n")  # fmt: skip
    loaded = check_own(tmp_path)
    assert loaded.ok, loaded.sentences
    pay = loaded.frames["worker_quarters"]
    assert sorted(pay["grade"]) == [0, 2, 3] and set(pay["quarter"]) == {"2022Q1"}
    assert loaded.set_aside == {"worker_quarters: total rows": 3, "worker_quarters: blank lines": 3}
    assert pay["employer_id"].nunique() == 2 and sorted(pay["gross_wage"]) == [3000, 4000, 5000]
    assert any("hidden sheets not read: 隐藏" in note.en for note in loaded.notes)
    assert any("9 paid months averaged to 3" in note.en for note in loaded.notes)


def test_dates_as_serial_numbers_and_a_month_as_a_number(tmp_path) -> None:
    book = Workbook()
    for row in [HEAD.split(","), ["A1", "E1", 44743, 5000, "无"], ["A2", "E1", 2022.1, 5000, "无"]]:
        book.active.append(row)
    book.save(tmp_path / "pay.xlsx")
    mapped(tmp_path, file="pay.xlsx")
    (problem,) = check_own(tmp_path).sentences
    assert "2022.1 may be January or October" in problem and "row 3" in problem


def test_months_become_quarters_of_paid_months(tmp_path) -> None:
    rows = [f"A1,E1,2022.{m:02d},{pay},无,{days}" for m, pay, days in
            [(1, 4000, ""), (2, 1000, 10.875), (3, 0, 0), (4, 6000, 21.75)]]  # fmt: skip
    loaded = payroll(tmp_path, text_of(rows, HEAD + ",天数"), more="      days: 天数\n")
    pay = loaded.frames["worker_quarters"].set_index("quarter")["gross_wage"]
    assert pay.to_dict() == {"2022Q1": 3000.0, "2022Q2": 6000.0}
    assert any("1 months without pay" in note.en for note in loaded.notes)


def test_a_bonus_in_january_and_fen_for_yuan_are_said(tmp_path) -> None:
    rows = [f"A{e},E{e},2022.{m:02d},{(20000 if m == 1 else 4000) * (100 if e == 9 else 1) / 100},无"
            for e in (1, 2, 3, 9) for m in range(1, 13)]  # fmt: skip
    words = " ".join(note.en for note in payroll(tmp_path, text_of(rows)).notes)
    assert "4 person-years pay in January" in words
    assert "pay of 1 employers is over 20 times" in words


def test_fen_for_yuan_is_said_of_quarters_too(tmp_path) -> None:
    rows = [f"A{e},E{e},2022年一季度,{4000 * (100 if e == 9 else 1) / 100},无" for e in (1, 2, 9)]
    words = " ".join(note.en for note in payroll(tmp_path, text_of(rows)).notes)
    assert "pay of 1 employers is over 20 times" in words


def test_stata_with_gbk_bytes_and_value_labels(tmp_path) -> None:
    frame = pd.DataFrame({"id": ["A1", "A2"], "firm": ["E1", "E1"], "q": ["2022年一季度"] * 2,
                          "pay": [5000.0, 4000.0], "grade": [1, 2]})  # fmt: skip
    pyreadstat.write_dta(
        frame,
        str(tmp_path / "new.dta"),
        variable_value_labels={"grade": {1: "初级工", 2: "中级工"}},
    )
    old = frame.assign(q=["2022Q1"] * 2, grade=["x", "y"])
    old["grade"] = [
        "初级工".encode("gb18030").decode("latin-1"),
        "中级工".encode("gb18030").decode("latin-1"),
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        old.to_stata(tmp_path / "old.dta", version=114, write_index=False)
    columns = "\n        worker_id: id\n        employer_id: firm\n        quarter: q\n        gross_wage: pay\n        grade: grade\n"
    for file, encoding in (("new.dta", "utf-8"), ("old.dta", "gb18030")):
        mapped(tmp_path, file=file, columns=columns)
        loaded = check_own(tmp_path)
        assert loaded.ok, loaded.sentences
        assert loaded.frames["worker_quarters"]["grade"].tolist() == [1, 2]
        assert loaded.notes[0].en == f"{file} read as {encoding}"


def test_spss_parquet_and_duckdb(tmp_path) -> None:
    frame = pd.DataFrame({"id": ["A1", "A2"], "firm": ["E1", "E1"], "q": ["2022Q1"] * 2,
                          "pay": [5000.0, 4000.0], "grade": ["高级工", "技师"]})  # fmt: skip
    pyreadstat.write_sav(frame, str(tmp_path / "pay.sav"))
    frame.to_parquet(tmp_path / "pay.parquet")
    with duckdb.connect(str(tmp_path / "pay.duckdb")) as connection:
        connection.execute("create table pay as select * from frame")
    columns = "\n        worker_id: id\n        employer_id: firm\n        quarter: q\n        gross_wage: pay\n        grade: grade\n"
    origins = ["file: pay.sav", "file: pay.parquet", "query: select * from pay\n      database: pay.duckdb",
               "query: select * from 'pay.parquet'", "query: select * from 'p*.parquet'"]  # fmt: skip
    frames = []
    for origin in origins:
        text = f"{TOP}    - {origin}\n      columns:{columns}"
        (tmp_path / "mapping.yaml").write_text(text, encoding="utf-8")
        frames.append(check_own(tmp_path).frames["worker_quarters"])
    assert all(f.equals(frames[0]) for f in frames[1:]) and len(frames[0]) == 2
    for query, words in [
        ("drop table pay", "must be one SELECT"),
        ("select nothing from nowhere", "cannot be run"),
        ("select * from '/etc/passwd.csv'", "cannot be run"),
        ("select * from read_text('/etc/passwd')", "disabled by configuration"),
        ("select * from '../pay.parquet'", "disabled by configuration"),
        ("select * from 'https://example.org/pay.parquet'", "disabled by configuration"),
        ("select * from glob('/etc/*')", "disabled by configuration"),
    ]:
        text = f"{TOP}    - query: {query}\n      database: pay.duckdb\n      columns:{columns}"
        (tmp_path / "mapping.yaml").write_text(text, encoding="utf-8")
        assert words in check_own(tmp_path).sentences[0]
    text = f"{TOP}    - query: select * from pay\n      database: ../pay.duckdb\n      columns:{columns}"
    (tmp_path / "mapping.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="'database' must lie inside the folder"):
        check_own(tmp_path)


@pytest.mark.parametrize("file", ["pay.xlsx", "pay.dta", "pay.sav", "pay.parquet"])
def test_files_that_are_not_what_they_are_called(tmp_path, file) -> None:
    (tmp_path / file).write_bytes(b"not at all")
    mapped(tmp_path, file=file)
    (problem,) = check_own(tmp_path).sentences
    assert file in problem and str(tmp_path) not in problem


def test_a_file_that_may_not_be_read(tmp_path, monkeypatch) -> None:
    from pathlib import Path

    payroll(tmp_path, text_of())
    real = Path.open

    def refuse(self, *args, **kwargs):
        if self.name == "pay.csv":
            raise PermissionError(13, "Permission denied", str(self))
        return real(self, *args, **kwargs)

    monkeypatch.setattr(Path, "open", refuse)
    assert check_own(tmp_path).sentences == [
        "worker_quarters: pay.csv cannot be opened: Permission denied."
    ]


def test_a_missing_file_names_those_there_are(tmp_path) -> None:
    (tmp_path / "pay.csv").write_text(text_of(), encoding="utf-8")
    mapped(tmp_path, file="pays.csv")
    assert "no file of this name: got 'pays.csv'" in check_own(tmp_path).sentences[0]


def test_a_list_of_people_out_of_a_payroll(tmp_path) -> None:
    text = TOP.replace("worker_quarters", "workers") + (
        "    - file: pay.csv\n      distinct: true\n      columns: {worker_id: 编号, birth_year: 出生,"
        " female: 性别, is_member: 会员}\n"
    )
    (tmp_path / "mapping.yaml").write_text(text, encoding="utf-8")
    file = tmp_path / "pay.csv"
    rows = "编号,出生,性别,会员\nA1,1990-02-03,女,是\nA1,1990-02-03,女,是\nA2,1985,男,否\n"
    file.write_text(rows, encoding="utf-8")
    people = check_own(tmp_path).frames["workers"]
    assert people["birth_year"].tolist() == [1990, 1985] and people["female"].tolist() == [
        True,
        False,
    ]
    file.write_text(rows + "A2,1985,男,是\n", encoding="utf-8")
    assert "one key with different values" in check_own(tmp_path).sentences[0]


def test_million_rows(tmp_path) -> None:
    n = 1_000_000
    rng = np.random.default_rng(1)
    frame = pd.DataFrame({
        "职工编号": np.char.add("A", (np.arange(n) % 125_000).astype(str)),
        "企业代码": np.char.add("E", (np.arange(n) % 2_000).astype(str)),
        "季度": np.repeat([f"202{y}Q{q}" for y in (1, 2) for q in (1, 2, 3, 4)], n // 8),
        "应发工资": rng.integers(3000, 9000, n), "技能等级": rng.choice(["无", "初级工", "高级工"], n),
    })  # fmt: skip
    frame.to_csv(tmp_path / "pay.csv", index=False)
    mapped(tmp_path)
    loaded = check_own(tmp_path)
    pay = loaded.frames["worker_quarters"]
    assert loaded.ok and len(pay) == n
    assert pay["gross_wage"].sum() == frame["应发工资"].sum()
    assert pay["worker_id"].nunique() == 125_000


def test_the_example_is_read_whole() -> None:
    data = yuyao.open(DATA / "example_payrolls")
    assert data.mode is Mode.OWN and "no person or firm is real" in data.card.notes.en
    pay, people = data.frame("worker_quarters"), data.frame("workers")
    assert len(pay) == 1872 and len(people) == 234 and pay["employer_id"].nunique() == 12
    assert pay.groupby("worker_id")["quarter"].nunique().eq(8).all()
    assert set(pay["worker_id"]) == set(people["worker_id"])
    panel = data.frame("worker_panel", columns=["log_gross_wage", "grade_wage_covered", "female"])
    assert panel.notna().all().all() and 0 < panel["grade_wage_covered"].mean() < 1
    whole = data.frame("worker_panel")  # the office does not know schooling, so it is not there
    assert "education_years" not in whole and whole["age_years"].between(16, 70).all()
    assert "虚构" not in pay.to_csv() + people.to_csv()


def test_modes_do_not_mix() -> None:
    with pytest.raises(ModeError):
        yuyao.open(DATA / "example_payrolls").join(yuyao.open("wagepan"))


def test_five_lines_from_an_office_file_to_a_dataset(tmp_path) -> None:
    (tmp_path / "pay.csv").write_bytes(text_of().encode("gbk"))
    proposal = yuyao.propose_mapping(tmp_path / "pay.csv")
    data = (
        yuyao.open(tmp_path / "pay.csv", mapping=proposal.mapping.model_copy(deep=True))
        if not proposal.questions
        else None
    )
    assert data is None and proposal.questions == (
        "pay.csv: grade: does an empty cell mean none or unknown (blank)?",
    )
    file = proposal.write(tmp_path)
    file.write_text(
        file.read_text("utf-8").replace("grade: 技能等级", "grade: {from: 技能等级, blank: none}"),
        "utf-8",
    )
    assert len(yuyao.open(tmp_path).frame("worker_quarters")) == 3
    with pytest.raises(DataError, match="there is a mapping.yaml already"):
        proposal.write(tmp_path)


def workbook_of_an_office(folder, *, member: str = "110101198001010010") -> None:
    """A title over the header, numbers of staff beside identity numbers, a sheet a month."""
    book = Workbook()
    book.remove(book.active)
    for month in (1, 2, 4):
        rows = [
            ["某厂工资表"],
            ["工号", "身份证号码", "技能等级", "是否工会会员", "应发工资", "实发"],
        ]
        rows += [[1, member, "高级技工" if month == 2 else "高级工", "是", 6000.5, 5000]]
        rows += [[2, "110101199003071233", "", "否", 5000, 4200]]
        rows += [[3, "110101198506154562", "技师", "是", 7000, 5800]]
        sheet(book, f"2022年{month}月", rows)
    book.save(folder / "pay.xlsx")


def test_a_title_is_no_header_and_identity_numbers_go_before_numbers_of_staff(tmp_path) -> None:
    workbook_of_an_office(tmp_path)
    proposal = propose_mapping(tmp_path)
    pay, people = (proposal.mapping.tables[t][0] for t in ("worker_quarters", "workers"))
    assert (pay.header_row, pay.header_rows, pay.columns["quarter"].from_) == (2, 1, "@sheet")
    assert pay.columns["worker_id"].from_ == "身份证号码" and people.columns["female"].take
    assert proposal.unmapped == {"pay.xlsx": ("工号", "实发")}


def test_what_cannot_be_read_is_answered_with_what_would_be_right(tmp_path) -> None:
    workbook_of_an_office(tmp_path, member="110101198001010011")
    propose_mapping(tmp_path).write(tmp_path)
    said = {p.what.en: p.text.en for p in check_own(tmp_path).problems}
    grade = said["cannot be read as a skill grade"]
    assert "got '高级技工'; allowed: 初级工, 中级工" in grade and "mean '高级工'?" in grade
    blank = said["an empty grade may be none or unknown; say which in 'blank'"]
    assert blank.endswith("allowed: blank: none, or blank: unknown.")
    missing = said["a required column is missing"]
    assert ".employer_id: " in missing and "its header under 'columns', or {value: ...}" in missing
    digits = said["its check digit or date of birth is wrong"]
    assert "an identity number as on the card" in digits and "11010119800101001" not in digits


def test_a_proposal_for_files_that_are_nothing_like_it(tmp_path) -> None:
    (tmp_path / "notes.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(DataError, match="no header of notes.csv is like one of the register's"):
        propose_mapping(tmp_path)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("tables:\n  worker_quarter: []", "unknown table: got 'worker_quarter'.*Did you mean 'worker_quarters'"),
        ("tables:\n  rooms:\n  - {file: a.csv, columns: {roomid: x}}", "unknown column.*Did you mean 'room_id'"),
        ("tables:\n  rooms:\n  - {file: ../a.csv, columns: {room_id: x}}", "must lie inside the folder"),
        ("tables:\n  rooms:\n  - {columns: {room_id: x}}", "give either 'file' or 'query'"),
        ("tables:\n  rooms:\n  - {file: a.csv, headerrow: 2, columns: {room_id: x}}", "unknown key. Did you mean 'header_row'"),
        ("tables:\n  rooms:\n  - {file: a.csv, columns: {room_id: {unit: 元}}}", "give either 'from'"),
        ("tables: [", "cannot be read as YAML"),
        ("tables: {}", "tables"),
    ],
)  # fmt: skip
def test_a_mapping_is_checked(tmp_path, change, sentence) -> None:
    text = "title: {en: a, zh: 甲}\npublisher: p\nvintage: v\n" + change
    (tmp_path / "mapping.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=f"(?s){sentence}"):
        read_mapping(tmp_path)


def test_no_mapping_says_how_to_get_one(tmp_path) -> None:
    with pytest.raises(DataError, match="yuyao check .* --propose"):
        yuyao.open(tmp_path)


def test_the_key_is_kept(tmp_path, monkeypatch) -> None:
    monkeypatch.delenv(KEY_VARIABLE)
    monkeypatch.setenv(KEY_FILE, str(tmp_path / "place" / "key"))
    with pytest.raises(DataError, match="there is none yet; make one with: yuyao key --new"):
        find_key()
    path = new_key()
    assert oct(path.stat().st_mode & 0o777) == "0o600" and len(find_key()) == 64
    with pytest.raises(DataError, match="there is a key already"):
        new_key()
    path.chmod(0o644)
    with pytest.raises(
        DataError, match=r"others may read the key file \(mode 0644\); allowed: 0600"
    ):
        find_key()
    path.chmod(0o600)
    path.write_text("short")
    with pytest.raises(DataError, match="holds 5 characters; allowed: at least 32"):
        find_key()
    monkeypatch.setenv(KEY_FILE, str(DATA / "README.md"))
    with pytest.raises(DataError, match="inside the project"):
        find_key()
    monkeypatch.setenv(KEY_VARIABLE, "secret")
    with pytest.raises(DataError) as caught:
        find_key()
    assert "secret" not in str(caught.value) and os.environ[KEY_VARIABLE] == "secret"
