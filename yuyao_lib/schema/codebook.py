"""The codebook page: every table and column in words, made from the declarations."""

from __future__ import annotations

from pathlib import Path

from yuyao_lib.schema.declaration import Column, Table, tables

__all__ = ["codebook", "write"]

HEAD = """# Codebook 数据字典

Made from the declarations in `yuyao_lib/schema`; a test holds the two equal. Simulated
tables have exactly these columns, and a researcher's own tables are mapped to them.
由 `yuyao_lib/schema` 中的声明生成，由测试保证一致。模拟数据与研究者自备数据使用同样的列。

- **key** 主键: columns that together name one row 共同确定一行的列. `→ table`: holds that
  table's key 引用该表的主键.
- **bold** 加粗: required, no blanks 必填，不得为空.
- `quarter`: text such as `2022Q3`; `date`: `YYYY-MM-DD`; `bool`: True/False or 1/0.
- Identity numbers and credit codes are replaced by keyed hashes on load; the raw number is
  never stored. 身份证号与信用代码在载入时以带密钥散列值替换，原号码从不保存。
"""
COLUMNS = "| column 列 | headers 中文表头 | type 类型 | unit 单位 | allowed 允许值 | note 说明 |"
RULE = "|---|---|---|---|---|---|"


def codebook() -> str:
    """Return the whole page as Markdown.

    Examples
    --------
    >>> page = codebook()
    >>> page.splitlines()[0], page.count("## ")
    ('# Codebook 数据字典', 25)
    """
    parts = [HEAD, _contents(), *(_section(table) for table in tables().values())]
    return "\n".join(parts)


def write(path: Path) -> None:
    """Write the page to `path`, in the project ``data/codebook.md``."""
    path.write_text(codebook(), encoding="utf-8")


def _contents() -> str:
    """List the tables with what one row is."""
    lines = ["## Tables 表", "", "| table 表 | one row 一行 | columns 列数 |", "|---|---|---|"]
    for table in tables().values():
        row = f"{table.row.en} {table.row.zh}"
        lines.append(
            f"| [{table.name}](#{table.name}) {table.text.zh} | {row} | {len(table.columns)} |"
        )
    return "\n".join([*lines, ""])


def _section(table: Table) -> str:
    """Describe one table."""
    key = ", ".join(table.key)
    lines = [
        f"## {table.name}",
        "",
        f"{table.text.en} {table.text.zh}: {table.row.en} {table.row.zh}. Key 主键: {key}.",
        "",
        COLUMNS,
        RULE,
    ]
    return "\n".join([*lines, *(_line(column) for column in table.columns), ""])


def _line(column: Column) -> str:
    """Describe one column."""
    name = f"**{column.name}**" if column.required else column.name
    if column.references:
        name += f" → {column.references}"
    note = f"{column.text.en} {column.text.zh}" if column.text else ""
    allowed = column.pattern.replace("|", "\\|") or column.expected
    cells = (name, "、".join(column.zh_aliases), column.dtype, column.unit, allowed, note)
    return "| " + " | ".join(cells) + " |"
