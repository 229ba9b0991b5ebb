"""Industries by section: codes of GB/T 4754 (2017), sections A to T and their divisions."""

from __future__ import annotations

from bisect import bisect_right

from yuyao_lib.vocabulary import Text

__all__ = ["SECTIONS", "section_of"]

SECTIONS = {
    "A": Text("agriculture, forestry, fishing", "农、林、牧、渔业"),
    "B": Text("mining", "采矿业"),
    "C": Text("manufacturing", "制造业"),
    "D": Text("electricity, heat, gas, water", "电力、热力、燃气及水"),
    "E": Text("construction", "建筑业"),
    "F": Text("trade", "批发和零售业"),
    "G": Text("transport, storage, post", "交通运输、仓储和邮政业"),
    "H": Text("hotels and catering", "住宿和餐饮业"),
    "I": Text("information technology", "信息传输、软件和信息技术"),
    "J": Text("finance", "金融业"),
    "K": Text("real estate", "房地产业"),
    "L": Text("leasing and business services", "租赁和商务服务业"),
    "M": Text("research and technical services", "科学研究和技术服务业"),
    "N": Text("water, environment, public facilities", "水利、环境和公共设施"),
    "O": Text("household services and repair", "居民服务、修理业"),
    "P": Text("education", "教育"),
    "Q": Text("health and social work", "卫生和社会工作"),
    "R": Text("culture, sport, entertainment", "文化、体育和娱乐业"),
    "S": Text("public administration", "公共管理和社会组织"),
    "T": Text("international organisations", "国际组织"),
}
FIRST_DIVISIONS = (1, 6, 13, 44, 47, 51, 53, 61, 63, 66, 70, 71, 73, 76, 80, 83, 84, 86, 91, 97)


def section_of(code: str) -> str:
    """Return the section of a section, a division, or both written together.

    Examples
    --------
    >>> section_of("C38"), section_of("38"), section_of("G"), section_of("x")
    ('C', 'C', 'G', '')
    """
    code = str(code).strip().upper()
    if code[:1] in SECTIONS:
        return code[:1]
    if code[:2].isdigit() and 1 <= int(code[:2]) <= 97:
        return "ABCDEFGHIJKLMNOPQRST"[bisect_right(FIRST_DIVISIONS, int(code[:2])) - 1]
    return ""
