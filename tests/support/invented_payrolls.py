"""Write the invented payrolls of `data/example_payrolls`, as offices keep such files.

Every person and firm is made up: identity numbers and credit codes begin with a region
that does not exist (99), though their check digits are right.
"""

import csv
from datetime import datetime
from pathlib import Path

import numpy as np
from openpyxl import Workbook

from yuyao_lib.sources.own.identity import CHECKS, CREDIT, WEIGHTS

FOLDER = Path(__file__).parents[2] / "data" / "example_payrolls"
SEED = 20230601
LADDER = ["", "五级/初级工", "四级/中级工", "三级/高级工", "二级/技师", "一级/高级技师"]
SHARES = [0.30, 0.25, 0.2, 0.15, 0.07, 0.03]
MONTHS = [(year, month) for year in (2021, 2022) for month in range(1, 13)]
FULL = str.maketrans("0123456789,", "０１２３４５６７８９，")


def identity(rng: np.random.Generator, place: int) -> str:
    day = f"{rng.integers(1962, 2001)}{rng.integers(1, 13):02d}{rng.integers(1, 29):02d}"
    digits = f"990101{day}{place:03d}"
    return digits + CHECKS[sum(int(d) * w for d, w in zip(digits, WEIGHTS, strict=True)) % 11]


def credit_code(place: int) -> str:
    text = f"91990101MA{place:07d}"
    total = sum(CREDIT.index(c) * pow(3, i, 31) for i, c in enumerate(text))
    return text + CREDIT[(31 - total % 31) % 31]


def people(rng: np.random.Generator, first: int, n: int, level: float) -> list[dict]:
    grades = rng.choice(6, size=n, p=SHARES)
    return [
        {
            "id": identity(rng, first + i),
            "name": f"虚构{first + i:03d}",
            "grade": int(grade),
            "member": bool(rng.random() < 0.8),
            "base": level * np.exp(0.06 * grade + rng.normal(0, 0.18)),
            "job": str(rng.choice(["装配", "车工", "质检", "注塑"])),
        }
        for i, grade in enumerate(grades)
    ]


def pay(rng: np.random.Generator, person: dict, month: int, contract_from: int | None) -> dict:
    growth = 1 + 0.0045 * month
    allowance = 0.0
    if contract_from is not None and month >= contract_from:
        allowance = [0, 60, 120, 220, 380, 600][person["grade"]]
    base = round(person["base"] * growth)
    extra = round(base * max(0.0, rng.normal(0.22, 0.05)))
    return {"base": base, "allowance": allowance, "gross": round(base + extra + allowance)}


def firm_a(rng: np.random.Generator, staff: list[dict]) -> None:
    head = ["身份证号", "姓名", "工种", "技能等级", "是否会员", "所属期"]
    head += ["基本工资(元)", "技能津贴(元)", "应发工资(元)", "实发工资", "出勤天数"]
    rows = []
    for month, (year, number) in enumerate(MONTHS):
        for person in staff:
            p = pay(rng, person, month, 12)
            days = 21.75
            if rng.random() < 0.01:
                days = float(rng.integers(8, 20))
                p = {k: round(v * days / 21.75) for k, v in p.items()}
            gross = f"{p['gross']:,}"
            if rng.random() < 0.02:
                gross = gross.translate(FULL)
            member = "是" if person["member"] else "否"
            net = f"{p['gross'] * 0.88:.2f}"
            who = [person["id"], person["name"], person["job"], LADDER[person["grade"]], member]
            rows.append([*who, f"{year}.{number:02d}", p["base"], p["allowance"], gross, net, days])
        rows.append(["合计", *[""] * 7, f"{sum(1 for _ in staff)}人", "", ""])
    with (FOLDER / "firm_a_2021_2022.csv").open("w", encoding="gb18030", newline="") as stream:
        csv.writer(stream).writerows([head, *rows])


def firm_b(rng: np.random.Generator, staff: list[dict]) -> None:
    book = Workbook()
    book.remove(book.active)
    staff = sorted(staff, key=lambda p: p["job"])
    for month, (year, number) in enumerate(MONTHS):
        paid = (year, number + 1) if number < 12 else (year + 1, 1)
        sheet = book.create_sheet(f"{paid[0]}-{paid[1]:02d}")
        sheet.append(["乙单位工资表（虚构，教学用）"])
        sheet.append(["人员", "", "", "", "", "工资（元）", "", ""])
        sheet.append(
            ["工种", "身份证号", "姓名", "职业资格等级", "会员", "基本工资", "技能津贴", "应发合计"]
        )
        start = 4
        for place, person in enumerate(staff):
            p = pay(rng, person, month, None)
            grade = 6 - person["grade"] if person["grade"] else None
            job = person["job"] if place == 0 or staff[place - 1]["job"] != person["job"] else None
            who = [job, person["id"], person["name"], grade, "是" if person["member"] else "否"]
            sheet.append([*who, p["base"], p["allowance"], p["gross"]])
            if job and place:
                sheet.merge_cells(f"A{start}:A{place + 3}")
                start = place + 4
        sheet.append(["合计", "", f"{len(staff)}人"])
    notes = book.create_sheet("草稿")
    notes.append(["不应读取"])
    notes.sheet_state = "hidden"
    book.properties.created = book.properties.modified = datetime(2023, 6, 1)
    book.save(FOLDER / "firm_b_2021_2022.xlsx")


def small_firms(rng: np.random.Generator, firms: list[tuple[str, list[dict], int | None]]) -> None:
    rows = []
    for code, staff, start in firms:
        for quarter in range(8):
            for person in staff:
                p = pay(rng, person, 3 * quarter + 1, start)
                name = f"{2021 + quarter // 4}年{'一二三四'[quarter % 4]}季度"
                grade = LADDER[person["grade"]].split("/")[-1]
                wan = f"{p['gross'] / 1e4:.4f}"
                rows.append([code, person["id"][-12:], name, person["job"], grade, wan])
    head = ["统一社会信用代码", "职工编号", "季度", "工种", "技能等级", "应发工资(万元)"]
    write("small_firms_2021_2022.csv", [head, *rows])
    staff_rows = [
        [p["id"][-12:], p["id"][6:10], "女" if int(p["id"][16]) % 2 == 0 else "男", "是" if p["member"] else "否"]
        for _, staff, _ in firms for p in staff
    ]  # fmt: skip
    write("small_firms_people.csv", [["职工编号", "出生年份", "性别", "是否会员"], *staff_rows])


def write(name: str, rows: list[list]) -> None:
    with (FOLDER / name).open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)


def main() -> None:
    rng = np.random.default_rng(SEED)
    FOLDER.mkdir(exist_ok=True)
    a, b = people(rng, 1, 60, 4300), people(rng, 101, 45, 4600)
    firm_a(rng, a)
    firm_b(rng, b)
    firms, first = [], 201
    for place in range(10):
        n = int(rng.integers(10, 16))
        level = float(rng.normal(4200, 250))
        firms.append(
            (credit_code(10 + place), people(rng, first, n, level), 9 if place < 4 else None)
        )
        first += n
    small_firms(rng, firms)
    sizes = [
        (credit_code(1), len(a)),
        (credit_code(2), len(b)),
        *[(c, len(s)) for c, s, _ in firms],
    ]
    kinds = ["通用设备", "汽车配件", "塑料制品", "纺织"]
    towns = ["T03", "T05", "T05", "T08", "T11", "T03", "T08", "T11", "T14", "T14", "T05", "T03"]
    write("employers.csv", [
        ["统一社会信用代码", "行业", "登记注册类型", "乡镇街道", "职工人数"],
        *[[c, kinds[i % 4], "私营", towns[i], n] for i, (c, n) in enumerate(sizes)],
    ])  # fmt: skip
    treated = [
        (credit_code(1), "2022-01-01", 60),
        *[(c, "2021-10-01", len(s)) for c, s, t in firms if t],
    ]
    write("contracts.csv", [
        ["合同编号", "统一社会信用代码", "合同类型", "轮次", "签订日期", "生效日期", "覆盖人数"],
        *[[f"HT{i:03d}", c, "能级工资专项", 1, day, day, n] for i, (c, day, n) in enumerate(treated, 1)],
    ])  # fmt: skip


if __name__ == "__main__":
    main()
