"""Attacks on the scan: the same secret in every place and writing it could hide in."""

import base64
import hashlib
import io
import struct
import zlib

import nbformat
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from yuyao_lib import display
from yuyao_lib.errors import DisclosureError
from yuyao_lib.reports.gate import let_in, look_at
from yuyao_lib.reports.leak_markup import parts_of_html, parts_of_notebook
from yuyao_lib.reports.leak_parts import Parts, parts_of_csv
from yuyao_lib.reports.leaks import scan, without_values
from yuyao_lib.sources.own.raw_marks import RawMarks, raw_marks

ID, CREDIT, PHONE = "11010519491231002X", "91350100M000100Y43", "13800138000"
PSEUDONYM = "W-626c98c89392b9ba9175"
MARKS = RawMarks(
    ids=frozenset({"GH00123", "10234", "10235", "10236", "622202123456789"}),
    headers=frozenset({"姓名", "Salary note"}), words=frozenset({"虚构甲", "Li Wei"}),
    names=frozenset({"虚构甲", "li wei"}),
)  # fmt: skip
IN_CHINESE = str.maketrans("0123456789", "〇一二三四五六七八九")


def found_in(parts: Parts, **more) -> set[str]:
    verdicts = scan("p", parts, own=True, marks=MARKS, **more)
    return {v.rule.removeprefix("leak: ") for v in verdicts}


def leaks(html: str, **more) -> set[str]:
    return found_in(parts_of_html(html), **more)


def uri(kind: str, data: bytes | str) -> str:
    data = data.encode() if isinstance(data, str) else data
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"


def link(kind: str, data: bytes | str) -> str:
    return f'<a href="{uri(kind, data)}">x</a>'


def svg(inside: str) -> str:
    return f'<img alt="a" src="{uri("image/svg+xml", f"<svg>{inside}</svg>")}">'


def png(kind: bytes, body: bytes, tail: bytes = b"") -> str:
    chunk = struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
    whole = uri("image/png", b"\x89PNG\r\n\x1a\n" + chunk + tail)
    return f'<img alt="a" src="{whole}">'


@pytest.mark.parametrize(
    "inside",
    [
        "<title>3170, 3171</title>", "<desc><b>3170 3171</b></desc>",
        "<metadata><rdf>3170 3171</rdf></metadata>", "<g data-rows='[[1,3170],[2,3171]]'/>",
        "<!-- 3170 3171 -->", "<text><![CDATA[3170]]></text>", "<script>var a=[3170]</script>",
        "<text style='display:none'>3170</text>", "<text visibility='hidden'>3170</text>",
        "<text opacity='0'>3170</text>", "<foreignObject><p>3170</p></foreignObject>",
        "<?pay 3170?>", "<g onclick='3170'/>",
    ],
)  # fmt: skip
def test_a_picture_holds_nothing_but_what_is_drawn(inside) -> None:
    assert "data in a picture that is not drawn" in leaks(svg(inside))
    drawn = (
        "<svg viewBox='0 0 1 1'><style>@media (a:b){svg{--i:#fff}}</style><g style='fill: none'>"
    )
    assert leaks(f"{drawn}<path d='M0 0'/><use href='#n1' transform='x'/></g></svg>") == set()


@pytest.mark.parametrize(
    "html",
    [
        svg(f"<text>{ID}</text>"), svg(f"<g aria-label='{ID}'/>"), svg(f"<g id='a{ID}'/>"),
        svg("<text>" + "".join(f"<tspan x='1'>{c}</tspan>" for c in ID) + "</text>"),
        svg("<text>" + "".join(f"&#{ord(c)};" for c in ID) + "</text>"),
        svg(f"<style>/* {ID} */</style>"), svg(f"<g style='--x:{ID}'/>"), svg(f"<?x {ID}?>"),
        png(b"tEXt", b"C\0" + ID.encode()), png(b"zTXt", b"C\0\0" + zlib.compress(ID.encode())),
        png(b"iTXt", b"C\0\1\0\0\0" + zlib.compress(ID.encode())), png(b"prVt", ID.encode()),
        png(b"eXIf", b"MM\0*" + ID.encode("utf-16le")), png(b"IEND", b"", ID.encode()),
        f"<style>p:after{{content:'{ID}'}}</style>", f"<style>/*{ID}*/</style>",
        f"<!-- {ID} -->", f"<?x {ID}?>", f"<p data-a{ID}=''></p>", f"<x{ID}></x{ID}>",
        f"<script>var a='{base64.b64encode(ID.encode()).decode()}'</script>",
        "<script>var a='" + "".join(f"\\u{ord(c):04x}" for c in ID) + "'</script>",
        f"<a download='{ID}.csv' href='{uri('text/csv', 'a')}'>x</a>",
        link("text/csv", f"a\n{ID}\n"),
        "<tr><td>110105</td><td>19491231</td><td>002X</td></tr>",
        link("text/csv", "a,b,c\n110105,19491231,002X\n"), f"<input type=hidden value='{ID}'>",
    ],
)  # fmt: skip
def test_an_identity_number_is_found_in_every_part_of_a_page(html) -> None:
    assert leaks(html) & {"identity number", "data in a picture that is not drawn"}


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        *((text, "identity number") for text in (
            "\u200b".join(ID), "\u00ad".join(ID), "-".join(ID), "110105.19491231.002X",
            "110105–19491231–002X", "110105/1949/1231/002X", "1101 0519 4912 3100 2X",
            "11010519491231002Х", "11010519491231002×", ID.translate(IN_CHINESE), f"ID{ID}",
            f"No.{ID}", "".join(chr(0x660 + int(c)) if c.isdigit() else c for c in ID),
        )),
        *((text, "telephone number") for text in (
            "138.0013.8000", "(138)00138000", "00861380013 8000", "138–0013–8000", "138 001 38000",
            "1 3 8 0 0 1 3 8 0 0 0", "一三八〇〇一三八〇〇〇", "Tel.13800138000", "13800138000.0",
            "0574-62700000", "１３８－００１３－８０００",
        )),
        *((text, "credit code") for text in (
            CREDIT.lower(), "91 350100 M000100Y4 3", "91-350100-M000100Y4-3",
        )),
        *((text, "pseudonym of a person or employer") for text in (
            PSEUDONYM.upper(), PSEUDONYM.replace("-", "–"), PSEUDONYM.replace("-", "_"),
            PSEUDONYM[:14],
        )),
        *((text, "hash of unknown origin") for text in (
            hashlib.sha256(ID.encode()).hexdigest(), hashlib.md5(ID.encode()).hexdigest()[:16],
            hashlib.sha512(ID.encode()).hexdigest().upper(),
            hashlib.sha1(ID.encode()).digest().hex(":"),
            base64.b64encode(hashlib.sha256(ID.encode()).digest()).decode(),
        )),
        *((text, "raw identifier") for text in (
            "GH-00123", "gh00123", "w_GH00123_x", "GH 00123", "10234, 10235 and 10236",
            "622202123456789",
        )),
        ("li.wei@example.org", "mail address"), ("6222 0212 3456 7890 128", "bank card"),
        ("见虚构甲一例", "value of a column that the mapping leaves out"),
        ("as Li Wei was paid", "value of a column that the mapping leaves out"),
        ("D:\\data\\pay.xlsx", "place on the machine"),
        ("/data/own/pay.csv", "place on the machine"),
        ("\\\\server\\share\\pay.xlsx", "place on the machine"),
        ('  File "a.py", line 3, in f\nValueError: 3170', "traceback"),
        (f"a\u202e{ID[::-1]}", "marks that turn the order of reading"),
    ],
)  # fmt: skip
def test_a_secret_is_found_however_it_is_written(said, kind) -> None:
    shown = said.replace("&", "&amp;").replace("<", "&lt;")
    assert kind in leaks(f"<p>{shown}</p>")


@pytest.mark.parametrize("header", ["Sаlary note", "SALARY_NOTE", "姓\u200b名", "姓 名"])
def test_a_column_left_out_is_known_by_look_alike_letters(header) -> None:
    for html in (f"<th>{header}</th>", svg(f"<text>{header}</text>"), f"<img alt='{header}'>"):
        assert "column that the mapping leaves out" in leaks(html)


@pytest.mark.parametrize(
    "html",
    [
        "<p>1990 1995 2000 2005 2010 2015, 545 men, 1980-1987, 13,800,138,000 yuan</p>",
        "<td>2022-07-01</td><td>20220701</td><td>10234.5</td><td>1,023,410,235</td>",
        "<p>n = 10234 and 10235; doi 10.1016/0304-4076(95)01763-1; ISSN 0034-6535</p>",
        "<p>heteroskedasticity-robust difference-in-differences, p = 0.110105194912310021</p>",
        "<p>names (姓名) are left out; Wei Li is another; deadbeef is a word</p>",
        link("text/csv", "key,n,share\nols,10234,0.18765432101\niv,10235,-1.5e-05\n"),
        "<p>α β γ ×  Δ 二〇二二年第三季度 三十一家</p>",
    ],
)  # fmt: skip
def test_ordinary_numbers_and_words_are_none(html) -> None:
    assert leaks(html) == set()


def test_known_digests_may_stand_there_whole_or_cut() -> None:
    digest = hashlib.sha256(b"pay.csv").hexdigest()
    html = f"<p>{digest} {digest[:16]} {digest[:12].upper()}</p>"
    assert leaks(html, known_hashes=[digest]) == set()
    assert leaks("<p>10234 10235 10236 10234</p>", known_counts=[10234]) == set()


def test_a_notebook_is_read_in_all_its_corners() -> None:
    def of(**cell) -> set[str]:
        book = nbformat.v4.new_notebook(metadata=cell.pop("book", {}))
        made = nbformat.v4.new_code_cell("x", **cell.pop("code", {}))
        made.metadata.update(cell.pop("metadata", {}))
        book.cells = [made, nbformat.v4.new_markdown_cell("x", **cell)]
        return found_in(parts_of_notebook(book))

    widgets = {"application/vnd.jupyter.widget-state+json": {"state": {"a": {"value": ID}}}}
    error = nbformat.v4.new_output("error", ename="E", evalue=f"got {ID}", traceback=[])
    noted = nbformat.v4.new_output("display_data", data={}, metadata={"a": {"b": ID}})
    shown = {"application/vnd.yuyao.display+json": {"html": {"en": "a", "zh": "a"}, "drawn": [ID]}}
    drawn = nbformat.v4.new_output("display_data", data=shown)
    for hidden in (
        of(book={"widgets": widgets}), of(metadata={"note": ID}),
        of(attachments={"a.txt": {"text/plain": ID}}), of(code={"outputs": [error]}),
        of(code={"outputs": [noted]}), of(code={"outputs": [drawn]}),
    ):  # fmt: skip
        assert "identity number" in hidden
    jpeg = {"a.jpg": {"image/jpeg": "aaaa"}}
    assert "embedded data of the kind image/jpeg" in of(attachments=jpeg)


@pytest.mark.parametrize("cell", ["=1+1", "+cmd|' /C calc'!A0", "@SUM(A1)", "\t=1", " =1", "＝1"])
def test_a_spreadsheet_runs_no_cell(cell) -> None:
    assert parts_of_csv(f'a\n"{cell}"\n').formulas == 1
    written = display.tables.csv_text(["a"], [[cell]])
    assert parts_of_csv(written).formulas == 0


def test_tables_of_findings_carry_no_notes_and_no_other_kind_of_file_is_let_in(tmp_path) -> None:
    def parquet(table: pa.Table) -> bytes:
        out = io.BytesIO()
        pq.write_table(table, out)
        return out.getvalue()

    plain = pa.table({"id": ["pay.mean"], "n": [200]})
    let_in(tmp_path / "findings.parquet", parquet(plain))
    noted = plain.replace_schema_metadata({"pandas": f"rows of {ID}"})
    column = pa.table(
        [plain["id"]], schema=pa.schema([pa.field("id", pa.string(), metadata={"a": ID})])
    )
    for table in (noted, column, pa.table({ID: [1]}), pa.table({"id": [PHONE]})):
        with pytest.raises(DisclosureError):
            look_at(tmp_path / "findings.parquet", parquet(table))
    for name in ("rows.xlsx", "report.docx", "rows.dta", "page.pdf", "picture.png"):
        with pytest.raises(DisclosureError, match="its kind cannot be scanned"):
            let_in(tmp_path / name, b"PK")
        assert not (tmp_path / name).exists()


@pytest.mark.parametrize(
    "name", ["index.html", "summary.json", "findings.csv", "history/a.en.html"]
)
def test_what_is_refused_at_the_last_gate_leaves_the_file_before(name, tmp_path) -> None:
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    clean = '{"a": "b"}' if path.suffix == ".json" else "<p>a</p>"
    let_in(path, clean)
    with pytest.raises(DisclosureError, match="telephone number"):
        let_in(path, clean.replace("a", PHONE))
    assert path.read_text(encoding="utf-8") == clean


def test_words_of_an_error_on_own_data_lose_the_values() -> None:
    told = without_values("cell 4 failed: KeyError: \"虚构甲 of '王村'\"; wage 4321.5 of 20180301")
    assert not any(value in told for value in ("虚构甲", "王村", "4321", "20180301"))
    assert "'gross_wage'" in without_values("there is no column 'gross_wage'.")


def test_marks_of_own_files_leave_out_what_is_on_every_page(tmp_path) -> None:
    (tmp_path / "mapping.yaml").write_text(
        "title: {en: a, zh: 甲}\npublisher: a\nvintage: '2022'\ninvented: true\n"
        "tables:\n  employers:\n    - file: a.csv\n"
        "      columns: {employer_id: 工号, town_id: 行业}\n",
        encoding="utf-8",
    )
    rows = [f"{10000 + i},纺织,纺织,虚构{i:03d},persons,62220212345678{i:02d}" for i in range(12)]
    text = "\n".join(["工号,行业,旧行业,姓名,单位,卡号", *rows])
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    marks = raw_marks([tmp_path])
    assert {"10003", "6222021234567803"} <= marks.ids
    assert "虚构003" in marks.words & marks.names
    assert not marks.words & {"纺织", "persons"}
