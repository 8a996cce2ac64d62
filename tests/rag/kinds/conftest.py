"""Reports of an invented city and of three invented counties, with gaps between their years, and the pipeline over them."""

from __future__ import annotations

import pytest

from index.ingest import ingest
from index.store.embedding import Embedder
from index.store.snapshot import open_snapshot
from index.text.chunking import ChunkOptions
from index.text.counting import DEFAULT_VOCABULARY
from rag.pipeline import AnswerPipeline
from tests.builders import make_report, write_files


def report(place: str, year: int, review: str, plan: str, *, head: str = "县长 林远山") -> str:
    """The report that a place gave in January of a year."""
    return make_report(
        f"一、{year - 1}年工作回顾\n{review}\n二、{year}年工作安排\n{plan}",
        title=f"{year}年{place}政府工作报告",
        byline=f"——{year}年1月12日在{place}第十七届人民代表大会第{'一二三四五六'[year - 2020]}次会议上\n{place}{head}",
        government=f"{place}人民政府",
    )


CITY = {
    2020: (
        "地区生产总值完成701.5亿元，增长7.1%。一般公共预算收入58.2亿元，增长6.4%。城镇新增就业2.6万人。",
        "地区生产总值增长6.5%左右。城镇新增就业2.4万人。",
    ),
    2021: (
        "地区生产总值完成722.0亿元，增长2.4%。一般公共预算收入57.6亿元，下降1.0%。城镇新增就业2.31万人。",
        "地区生产总值增长7%以上。城镇新增就业2.5万人。",
    ),
    2023: (
        "地区生产总值完成803.4亿元，增长3.6%。一般公共预算收入63.9亿元，增长5.2%，其中税收收入41.7亿元，增长2.2%。"
        "城镇新增就业2.35万人。居民消费价格上涨1.9%。",
        "地区生产总值增长6%左右。一般公共预算收入增长5%。城镇新增就业2.4万人。居民消费价格涨幅控制在3%以内。",
    ),
    2024: (
        "地区生产总值完成846.9亿元，增长5.5%。一般公共预算收入67.8亿元，增长6.1%，其中税收收入43.5亿元，增长4.3%。"
        "固定资产投资312.6亿元，增长8.8%，其中工业投资121.4亿元，增长14.2%。外贸进出口总额96.4亿元，增长3.0%，其中出口72.3亿元。"
        "城镇新增就业2.46万人。居民消费价格上涨0.4%。",
        "地区生产总值增长5.5%左右。城镇新增就业2.3万人。固定资产投资增长9%。\n"
        "今年要重点抓好四个方面工作：\n"
        "（一）加快产业转型升级。新增规上工业企业30家。\n（二）扩大有效投资。开工重点项目86个。\n"
        "（三）推进乡村振兴。新建高标准农田4.2万亩。\n（四）增进民生福祉。新增学位3600个。",
    ),
}
COUNTIES = {
    "禾丰县": "地区生产总值186.4亿元，增长6.2%。粮食产量21.5万吨。固定资产投资增长11.3%。",
    "柳桥区": "地区生产总值240.7亿元，增长4.9%。粮食产量8.6万吨。固定资产投资增长7.5%。",
    "石栎县": "地区生产总值97.2亿元，增长6.2%。固定资产投资下降2.4%。",
}
FILES: dict[str, str | bytes] = {
    **{f"岱川市{year}.txt": report("岱川市", year, *told, head="市长 林远山") for year, told in CITY.items()},
    **{f"{place}2024.txt": report(place, 2024, told, "地区生产总值增长6%。") for place, told in COUNTIES.items()},
}


@pytest.fixture(scope="session")
def city(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> AnswerPipeline:
    """岱川市 for 2019, 2020, 2022 and 2023, its counties for 2023."""
    base = tmp_path_factory.mktemp("kinds")
    ingest([write_files(base / "reports", FILES)], base / "index", embedder, DEFAULT_VOCABULARY, ChunkOptions())
    return AnswerPipeline(open_snapshot(base / "index", embedder), embedder)
