"""Small reports of invented towns, each version of one with figures of its own, and a check of what an index holds of them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from index.errors import WenjuError
from index.store.snapshot import current_id, verify
from index.store.tables.manifest import read_manifest

_TEXT = """2024年{town}镇政府工作报告
——2024年1月16日在{town}镇第十七届人民代表大会第三次会议上
{town}镇镇长 林远山
各位代表:
现在,我代表{town}镇人民政府,向大会报告工作,请予审议。
一、2023年工作回顾
过去一年,全镇上下团结奋斗。地区生产总值完成{one}.6亿元,同比增长6.1%。固定资产投资完成{two}.2亿元,增长9.4%。
(一)产业发展稳中有进。规模以上工业总产值完成{three}.5亿元,下降2.3%。新增规上企业46家。
(二)民生福祉持续改善。城镇登记失业率控制在3.5%以内。居民人均可支配收入达到41236元,增长5.8%。
二、2024年工作安排
2024年经济社会发展的主要预期目标是:地区生产总值增长6%左右,一般公共预算收入增长5%。
(一)全力扩大有效投资。固定资产投资力争增长8%以上。
"""

_TOWNS = "青石白水黄沙红山金河银桥铜岭铁林玉泉石门云台雨花雪原风口"

Held = dict[str, str]
"""Hashes of files by their names."""


def report(town: int, version: int = 0) -> bytes:
    """A report of the town of that number; every version has figures of its own."""
    name = _TOWNS[2 * (town % 14) : 2 * (town % 14) + 2]
    return _TEXT.format(town=name, one=100 + version, two=300 + town, three=1000 + version).encode()


def question(town: int) -> str:
    return f"2023年{_TOWNS[2 * (town % 14) : 2 * (town % 14) + 2]}镇地区生产总值是多少？"


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def written(folder: Path, files: Mapping[str, bytes]) -> Path:
    """The folder with these files in it and no others."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return folder


def held(root: Path) -> Held:
    """The sources of the serving snapshot. Raises WenjuError where there is none that can be read."""
    identity = current_id(root)
    if identity is None:
        return {}
    return {entry.name: entry.sha256 for entry in read_manifest(root / "snapshots" / identity).sources}


def whole(root: Path) -> str:
    """What is wrong with the serving snapshot, every file and span of it looked at; empty where nothing is."""
    try:
        return "; ".join(verify(root))
    except WenjuError as error:
        return str(error)


def left_over(root: Path) -> list[str]:
    """What a writer that has ended leaves behind, if it does."""
    return [
        path.name
        for place in (root, root / "snapshots")
        for path in place.iterdir()
        if path.name.startswith(".") or path.name == "HOLDER"
    ]
