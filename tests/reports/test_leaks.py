"""The scan finds what must not leave, wherever it hides, and nothing else."""

import base64
import hashlib
import struct
import zlib
from pathlib import Path

import pytest

from yuyao_lib.errors import DisclosureError
from yuyao_lib.paths import ROOT
from yuyao_lib.reports import leaks as leaks_module
from yuyao_lib.reports.gate import look_at
from yuyao_lib.reports.leak_markup import parts_of_html
from yuyao_lib.reports.leak_parts import Parts, parts_of_csv, parts_of_table
from yuyao_lib.reports.leaks import drop_secrets, redacted, scan
from yuyao_lib.sources.own.raw_marks import RawMarks, raw_marks

IDENTITY, CREDIT = "11010519491231002X", "91350100M000100Y43"
PSEUDONYM = "W-626c98c89392b9ba9175"


def leaks(html: str, **options) -> list[str]:
    return [v.rule.removeprefix("leak: ") for v in scan("p.html", parts_of_html(html), **options)]


def coded(text: str, way: str) -> str:
    return "".join(way.format(ord(c)) for c in text)


def uri(kind: str, data: bytes) -> str:
    return f'<a href="data:{kind};base64,{base64.b64encode(data).decode()}">x</a>'


def png(text: str) -> bytes:
    body = b"Comment\0" + text.encode()
    chunk = struct.pack(">I", len(body)) + b"tEXt" + body
    return b"\x89PNG\r\n\x1a\n" + chunk + struct.pack(">I", zlib.crc32(b"tEXt" + body))


@pytest.mark.parametrize(
    ("html", "kind"),
    [
        (f"<td>{IDENTITY}</td>", "identity number"),
        ("<td>110105 19491231 002x</td>", "identity number"),
        ("<p>１１０１０５１９４９１２３１００２Ｘ</p>", "identity number"),
        (f"<p>1101051949<b></b>{IDENTITY}</p>", "identity number"),
        (f'<img alt="{IDENTITY}">', "identity number"),
        (f"<!-- {IDENTITY} -->", "identity number"),
        (f"<script>var a = '{IDENTITY}'</script>", "identity number"),
        ("<p>110105491231002</p>", "identity number of 15 digits"),
        (f"<p>{CREDIT}</p>", "credit code"),
        ("<p>+86 138 0013 8000</p>", "telephone number"),
        (f"<p>{PSEUDONYM}</p>", "pseudonym of a person or employer"),
        ("<pre>/home/li/pay.xlsx</pre>", "place on the machine"),
        ("<pre>C:\\Users\\li\\pay.xlsx</pre>", "place on the machine"),
        ("<pre>postgres://li:pw12345@host/db</pre>", "secret"),
        ("<code>api_token = 'abcdef123456'</code>", "secret"),
        ("<pre>Traceback (most recent call last)</pre>", "traceback"),
        (uri("text/csv", f"id\n{IDENTITY}\n".encode()), "identity number"),
        (uri("text/csv", b"a\n=cmd|' /C calc'!A0\n"), "formula in a CSV file"),
        (uri("image/svg+xml", f"<svg><title>{IDENTITY}</title></svg>".encode()), "identity number"),
        (uri("image/png", png(IDENTITY)), "identity number"),
        ("<p>110105<br>19491231<br>002X</p>", "identity number"),
        ("<div>110105</div><div>19491231</div><div>002X</div>", "identity number"),
        ("<p>110105，19491231，002X</p>", "identity number"),
        ("<p>110105\t19491231  002x</p>", "identity number"),
        ("<p>110105 - 491231 - 002</p>", "identity number of 15 digits"),
        (
            "<table><tr><td>9135</td><td>0100</td><td>M000</td><td>100Y</td><td>43</td></tr></table>",
            "credit code",
        ),
        ("<p>138  0013\n8000</p>", "telephone number"),
        (f"<p>{coded(IDENTITY, '&amp;#{};')}</p>", "identity number"),
        (f"<script>'{coded(IDENTITY, chr(92) + 'u{{{:x}}}')}'</script>", "identity number"),
        (f"<script>'{coded(IDENTITY, chr(92) + '{:o}')}'</script>", "identity number"),
        (
            f"<style>p:after{{content:'{coded(IDENTITY, chr(92) + '{:06x}')}'}}</style>",
            "identity number",
        ),
        (f"<p>{IDENTITY.encode().hex()}</p>", "identity number"),
        (f"<p>{base64.b64encode(IDENTITY.encode('utf-16-le')).decode()}</p>", "identity number"),
        (
            f"<p>{base64.b64encode(zlib.compress(IDENTITY.encode())).decode()}</p>",
            "identity number",
        ),
        (f'<bdo dir="rtl">{IDENTITY[::-1]}</bdo>', "marks that turn the order of reading"),
        (f"<p>{IDENTITY[:9]}\x1b[1m{IDENTITY[9:]}\x07</p>", "identity number"),
        ("<p>6222021234567890128</p>", "bank card"),
        ("<p>622202 1234567890128</p>", "bank card"),
        ("<p>4111111111111111</p>", "bank card"),
        ("<pre>~/payroll/2022.xlsx</pre>", "place on the machine"),
        ("<pre>D:/pay/2022.xlsx</pre>", "place on the machine"),
        ("<pre>c:\\users\\li\\pay</pre>", "place on the machine"),
        ("<pre>//server/share/pay.xlsx</pre>", "place on the machine"),
        ("<pre>smb://server/share</pre>", "place on the machine"),
        ("<pre>cwd:/home/li/x</pre>", "place on the machine"),
        ("<pre>/hpc/project/li/pay.csv</pre>", "place on the machine"),
        ("<pre>%USERPROFILE%\\pay</pre>", "place on the machine"),
        ('<pre>{"password": "Tr0ub4dor3x"}</pre>', "secret"),
        ("<pre>aws_secret_access_key = wJalrXUtnFEMI/K7MDENG</pre>", "secret"),
        ("<pre>PGPASSWORD=abcdefgh</pre>", "secret"),
        ("<pre>Server=db;Uid=li;Pwd=geheim123;</pre>", "secret"),
        ("<pre>Authorization: Bearer abcdefghijklmnopqrst</pre>", "secret"),
        (f"<pre>github_pat_{'a1' * 12}</pre>", "secret"),
        ("<pre>密码：abc12345</pre>", "secret"),
        ("<pre>Cell In[3], line 1</pre>", "traceback"),
        (uri("application/json", b"[1]"), "embedded data of the kind application/json"),
    ],
)
def test_a_leak_is_found_where_it_hides(html, kind) -> None:
    assert kind in leaks(html)


@pytest.mark.parametrize(
    "html",
    [
        "<p>0.110105194912310021 and 13,800,138,000 rows; 2022-07-01</p>",
        "<p>110105194912310021 has a wrong check digit</p>",
        "<p>91350100M000100Y44 too; SHA-256 626c98c89392b9ba9175aa</p>",
        "<p>1980 1987 1545; 110,105 194,912 310,021; 4021 3321 4101 2233</p>",
        "<p>9d3e53af94ce5a41949349c2b5108670017000068d685cf47e3aa896</p>",  # a card's check digit
        "<p>1.1.0.1.0.5.1; a secret: two votes; Token: nobody; 1e-16</p>",
        "<p>The password is never a parameter. E: ratio; and/or; n/a.csv; 4111111111111112</p>",
        "<style>@font-face{src:url(data:font/woff2;base64,AAAA)}</style><p>https://a.b/home/x</p>",
        uri("text/csv", b"a,b\n-0.5,+3%\n'=1+1,x\n"),
        uri("image/png", b"\x89PNG\r\n\x1a\n"),
    ],
)
def test_ordinary_pages_hold_none(html) -> None:
    assert leaks(html) == []


def test_own_pages_hold_no_hash_header_word_row_or_hover_of_their_files() -> None:
    marks = RawMarks(frozenset({"197911122010"}), frozenset({"姓名"}), frozenset({"虚构甲"}))
    own = {"own": True, "marks": marks, "known_hashes": ["A" * 64]}
    assert leaks(f"<p>{'a' * 64} <td>其他</td></p>", **own) == []
    assert leaks(f"<p>{'b' * 32}</p>", **own) == ["hash of unknown origin"]
    assert leaks("<p>no 197911122010</p>", **own) == ["raw identifier"]
    assert leaks("<th>姓名</th>", **own) == ["column that the mapping leaves out"]
    assert leaks("<td>虚构甲</td>", **own) == ["value of a column that the mapping leaves out"]
    assert leaks("<p>names (姓名) are left out</p>", **own) == []
    assert leaks("<pre>ValueError: could not convert string to float</pre>", **own) == ["traceback"]
    assert leaks("<pre>0  3170  x\n1  6216  y\n2  3842  z\n</pre>", **own) == [
        "printed rows of a table"
    ]
    assert leaks('<table class="dataframe"></table>', **own) == ["printed rows of a table"]
    assert leaks("<p>row197911122010 or 197911.122010</p>", **own) == ["raw identifier"]
    for way in (hashlib.md5, hashlib.sha1, hashlib.sha256):
        digest = way(b"197911122010")
        packed = base64.b64encode(digest.digest()).decode()
        for said in (digest.hexdigest().upper(), "0x" + digest.hexdigest(), packed,
                     packed.rstrip("="), base64.b32encode(digest.digest()).decode(),
                     digest.hexdigest()[:9], str(int(digest.hexdigest(), 16))):  # fmt: skip
            assert "hash of unknown origin" in leaks(f"<p>{said}</p>", **own), said
    assert leaks("<p>1f77b4ff and aaaaaaaa, " + "a" * 9 + "</p>", **own) == []
    assert leaks("<li>姓名</li>", **own) == ["column that the mapping leaves out"]
    assert leaks("<p>li (at) example.com</p>", **own) == ["mail address"]
    for rows in ("W1,3170\nW2,6216\nW3,3842", "| 1 | 3170 |\n| 2 | 3180 |\n| 3 | 3190 |",
                 "array([3170.25, 3171.5, 3172., 3173., 3174.])"):  # fmt: skip
        assert leaks(f"<pre>{rows}</pre>", **own) == ["printed rows of a table"]
    assert leaks("<pre>a, b = 1, 2\nrows = made(a, 3)\n</pre>", **own) == []
    hover = uri("image/svg+xml", b"<svg><g><title>12 persons</title></g></svg>")
    assert leaks(hover, **own) == ["data in a picture that is not drawn"]


def test_what_must_not_leave_is_read_from_the_files_themselves() -> None:
    from yuyao_lib.paths import DATA

    marks = raw_marks([DATA / "example_payrolls"])
    assert "197911122010" in marks.ids
    assert "实发工资" in marks.headers
    assert "姓名" in marks.headers
    assert not marks.headers & {"工种", "出勤天数", "身份证号"}
    assert len(marks.words) > 50


def test_a_verdict_names_the_file_and_never_the_value() -> None:
    (verdict,) = scan("p.en.html", parts_of_html(f"<p>{IDENTITY}</p>"))
    assert verdict.id == "p.en.html"
    assert IDENTITY not in verdict.why.en + verdict.why.zh


def test_a_folder_of_this_machine_says_how_to_name_it(monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("YUYAO_ROOT", str(ROOT))
    verdicts = scan("p.en.html", parts_of_html(f"<p>{ROOT}/data/own</p>"))
    (verdict,) = [v for v in verdicts if v.rule == "leak: folder of this machine"]
    assert "name folders from the project's folder, such as data/own/payrolls" in verdict.why.en


def test_csv_files_are_scanned_like_pages(monkeypatch) -> None:
    monkeypatch.setenv("YUYAO_KEY", "k" * 32)
    parts = parts_of_csv(f"a,b\n{'k' * 32},@x\n", Parts())
    assert [v.rule for v in scan("f.csv", parts)] == [
        "leak: secret of this machine", "leak: formula in a CSV file",
    ]  # fmt: skip


def test_what_the_surroundings_keep_secret_does_not_leave(monkeypatch) -> None:
    monkeypatch.setenv("PAYROLL_DB_PASSWORD", "right horse 7")
    monkeypatch.setenv("FORCE_TOKEN", "disabled")
    assert leaks("<p>joined by right horse 7</p>") == ["secret of this machine"]
    assert leaks("<p>disabled</p>") == []
    assert "right horse" not in redacted("OperationalError: right horse 7")


def test_the_name_of_this_machine_does_not_leave(monkeypatch) -> None:
    monkeypatch.setattr("platform.node", lambda: "li-thinkpad.local")
    leaks_module._host.cache_clear()
    try:
        assert leaks("<p>made on LI-THINKPAD</p>") == ["name of this machine"]
        assert leaks("<p>thinkpad</p>") == []
    finally:
        leaks_module._host.cache_clear()


@pytest.mark.parametrize(
    "column", [[IDENTITY], [[IDENTITY]], [{"k": IDENTITY}], [IDENTITY.encode()], [110105491231002]]
)
def test_tables_are_scanned_whatever_their_columns_hold(column) -> None:
    import pyarrow as pa

    rules = [v.rule for v in scan("t", parts_of_table(pa.table({"x": column})))]
    assert [rule.partition(" of 15")[0] for rule in rules] == ["leak: identity number"]
    assert scan("t", parts_of_table(pa.table({"n": [13800138000]}))) == []


@pytest.mark.parametrize(
    "html",
    [f"<!-- {IDENTITY} -->", f"<p data-x={IDENTITY}>a</p>", f"<style>/*{IDENTITY}*/</style>"],
)
def test_the_last_gate_looks_beside_what_is_shown(html) -> None:
    with pytest.raises(DisclosureError, match="identity number"):
        look_at(Path("index.html"), html)


def test_logs_lose_values_and_keep_their_sense() -> None:
    said = redacted(f"line 3: got '{IDENTITY}', phone 13800138000, in /home/li/pay.xlsx")
    assert said == (
        "line 3: got '[identity number removed]', phone [telephone number removed],"
        " in [place on the machine removed]/pay.xlsx"
    )


@pytest.mark.parametrize("kept", ["as a variable", "in the file named", "where it lies unasked"])
def test_the_key_is_found_wherever_it_is_kept_and_taken_out(kept, monkeypatch, tmp_path) -> None:
    key, home = "0f" * 32, tmp_path / "home"
    for name in ("YUYAO_KEY", "YUYAO_KEY_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    place = home / ".config" / "yuyao" / "key"
    if kept == "as a variable":
        monkeypatch.setenv("YUYAO_KEY", key)
    else:
        place = tmp_path / "other" if kept == "in the file named" else place
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(key + "\n", encoding="ascii")
        if kept == "in the file named":
            monkeypatch.setenv("YUYAO_KEY_FILE", str(place))
    (verdict,) = scan("p", parts_of_html(f"<p>{key}</p>"))
    assert verdict.rule == "leak: secret of this machine"
    assert key not in redacted(f"ValueError: {key}")
    failed = tmp_path / "a.ipynb"
    failed.write_text(f'{{"traceback": ["ValueError: {key}"]}}', encoding="utf-8")
    drop_secrets(failed)
    assert failed.read_text(encoding="utf-8") == '{"traceback": ["ValueError: [secret removed]"]}'
