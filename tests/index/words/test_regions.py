from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text.folding import fold
from index.words.regions import Gazetteer

GAZETTEER = Gazetteer.load()
SHANGHAI = "黄浦 徐汇 长宁 静安 普陀 虹口 杨浦 闵行 宝山 嘉定 浦东 金山 松江 青浦 奉贤 崇明"


def named(text: str, *, known: tuple[str, ...] = ()) -> list[tuple[str, str | None]]:
    """Full name and parent of the likeliest region of each mention."""
    mentions = GAZETTEER.mentions(text, known=known)
    return [(mention.region_name, mention.candidates[0].parent if mention.candidates else None) for mention in mentions]


def names(text: str, *, known: tuple[str, ...] = ()) -> list[str]:
    return [name for name, _ in named(text, known=known)]


@pytest.mark.parametrize(
    ("name", "short", "level", "parent", "english"),
    [
        ("全国", "中国", "country", None, "China"),
        ("陕西省", "陕西", "province", "全国", "Shaanxi"),
        ("内蒙古自治区", "内蒙古", "province", "全国", "Inner Mongolia"),
        ("广西壮族自治区", "广西", "province", "全国", "Guangxi"),
        ("香港特别行政区", "香港", "province", "全国", "Hong Kong"),
        ("哈尔滨市", "哈尔滨", "city", "黑龙江省", "Harbin"),
        ("六安市", "六安", "city", "安徽省", "Lu'an"),
        ("延边朝鲜族自治州", "延边", "city", "吉林省", "Yanbian"),
        ("嘉定区", "嘉定", "county", "上海市", "Jiading"),
        ("浦东新区", "浦东", "county", "上海市", "Pudong"),
        ("闸北区", "闸北", "county", "上海市", "Zhabei"),
        ("雄安新区", "雄安", "county", "河北省", "Xiong'an"),
        ("神农架林区", "神农架", "county", "湖北省", "Shennongjia"),
        ("赵县", "赵县", "county", "石家庄市", "Zhao"),
    ],
)
def test_a_region_is_held_with_its_names_and_parent(
    name: str, short: str, level: str, parent: str | None, english: str
) -> None:
    """Established English names stand where pinyin would not do, and short names keep two characters."""
    region = GAZETTEER.get(name)
    assert region is not None
    assert (region.short, region.level, region.parent, region.english) == (short, level, parent, english)


def test_the_counts_are_those_of_the_country() -> None:
    """34 regions at province level, and no two regions of one name under one parent."""
    levels = [region.level for region in GAZETTEER.regions]
    assert levels.count("province") == 34
    assert levels.count("city") == 353
    assert levels.count("county") > 2800
    keys = [(region.name, region.parent) for region in GAZETTEER.regions]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2020年嘉定固定资产投资增长多少", ["嘉定区"]),
        ("徐匯區與閔行區的預算收入", ["徐汇区", "闵行区"]),
        ("上海市普陀区", ["上海市", "普陀区"]),
        ("苏州昆山", ["苏州市", "昆山市"]),
        ("2019年昆山GDP", ["昆山市"]),
        ("黔东南州和延边州", ["黔东南苗族侗族自治州", "延边朝鲜族自治州"]),
        ("我市与浦东新区", ["浦东新区"]),
        ("全国、中国", ["全国", "全国"]),
        ("GDP of Jiading District in 2020?", ["嘉定区"]),
        ("pudong new area, JIANGSU PROVINCE and Shaanxi's exports", ["浦东新区", "江苏省", "陕西省"]),
        ("Suzhou Industrial Park", ["苏州工业园区"]),
        ("He County", ["和县"]),
        ("Macau, Xizang", ["澳门特别行政区", "西藏自治区"]),
    ],
)
def test_a_named_region_is_found(text: str, expected: list[str]) -> None:
    """Full and short names, traditional characters and English are read in the order of the text."""
    assert names(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "平安建设和公安机关", "提高青年收入", "上海合作组织", "北京时间", "东风汽车", "长治久安", "真金白银", "全区",
        "创新乡村治理", "老城区改造", "建成县级公路", "he sang a song for you, a long guide", "Jiadinger", "",
    ],
)  # fmt: skip
def test_an_ordinary_word_is_no_region(text: str) -> None:
    """Words, chance meetings of characters and fixed names give no mention."""
    assert names(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("南京市鼓楼区", ("鼓楼区", "南京市")),
        ("徐州鼓楼区", ("鼓楼区", "徐州市")),
        ("舟山普陀区", ("普陀区", "舟山市")),
        ("普陀区", ("普陀区", "上海市")),
        ("北京朝阳", ("朝阳区", "北京市")),
        ("大连中山区", ("中山区", "大连市")),
        ("Putuo District, Shanghai", ("普陀区", "上海市")),
    ],
)
def test_a_shared_name_is_settled_by_its_parent(text: str, expected: tuple[str, str]) -> None:
    """The wider region beside a name says which of its bearers is meant."""
    assert expected in named(text)


def test_what_the_index_holds_is_read_by_its_short_name() -> None:
    """A weak or shared short name counts when the index holds the region, and so does a name new to the gazetteer."""
    assert names("平安的财政收入") == []
    assert names("平安的财政收入", known=("平安区",)) == ["平安区"]
    assert names("朝阳2024年", known=("朝阳区",))[0] == "朝阳区"
    assert names("洪泉新区的收入", known=("洪泉新区",)) == ["洪泉新区"]
    assert GAZETTEER.mentions("洪泉新区", known=("洪泉新区",))[0].candidates == ()


def test_a_province_is_not_cut_by_the_word_before_it() -> None:
    """美丽江西 is beautiful Jiangxi, not the city of Lijiang."""
    assert names("美丽江西建设") == ["江西省"]
    assert names("吉林市场监管") == ["吉林省"]
    assert names("吉林市的收入") == ["吉林市"]


@pytest.mark.parametrize("short", SHANGHAI.split())
def test_each_district_of_shanghai_goes_by_its_short_name(short: str) -> None:
    """The sixteen districts are read by their short names, though other provinces have some of them too."""
    (mention,) = GAZETTEER.mentions(f"去年{short}的情况")
    assert mention.candidates[0].parent == "上海市"


def test_an_ambiguous_name_gives_all_its_regions() -> None:
    """`get` refuses to choose between equals, `candidates` shows them, and a qualified name chooses."""
    assert GAZETTEER.get("朝阳区") is None
    assert {region.parent for region in GAZETTEER.candidates("朝阳区")} == {"北京市", "长春市"}
    qualified = GAZETTEER.get("上海市普陀区")
    assert qualified is not None
    assert qualified.parent == "上海市"
    assert GAZETTEER.candidates("火星区") == ()
    assert GAZETTEER.get("陝西省") == GAZETTEER.get("陕西")


@pytest.mark.parametrize(
    ("child", "parent", "within"),
    [
        ("嘉定区", "上海市", True),
        ("嘉定", "全国", True),
        ("鼓楼区", "江苏省", True),
        ("嘉定区", "嘉定区", True),
        ("上海市", "嘉定区", False),
        ("嘉定区", "北京市", False),
        ("火星区", "上海市", False),
        ("火星区", "火星区", True),
    ],
)
def test_containment_follows_the_parents(child: str, parent: str, within: bool) -> None:
    """A region lies in itself, its parent and everything above."""
    assert GAZETTEER.is_within(child, parent) is within


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("嘉定区南翔镇2024年财政收入", ["南翔镇"]),
        ("请问洪泉新区的GDP是多少", ["洪泉新区"]),
        ("真新街道和嘉定区", ["真新街道"]),
        ("星河区2023年", ["星河区"]),
        ("全区各区地区社区园区校区城区市区郊区小区辖区片区开发区示范区自贸区", []),
        ("超市、城市、股市、房地产市场、特色小镇、贫困县、家乡、美丽乡村、老旧小区改造", []),
        ("嘉定区和上海市", []),
    ],
)
def test_a_place_unknown_to_the_gazetteer_is_noticed(text: str, expected: list[str]) -> None:
    """Names built like a place are told from ordinary words with the same ending."""
    assert [place.region_name for place in GAZETTEER.unknown_places(text)] == expected


@given(
    st.lists(st.sampled_from("上海嘉定区市县吉林浦东新的在2020年 Jiading,District和镇朝阳"), max_size=30).map("".join)
)
def test_mentions_are_slices_in_order(text: str) -> None:
    """Every surface is the text at its span, spans do not overlap, and the first candidate gives the name."""
    for found in (GAZETTEER.mentions(text), GAZETTEER.unknown_places(text)):
        end = 0
        for mention in found:
            assert mention.start >= end
            assert text[mention.start : mention.end] == mention.surface
            assert mention.region_name == (mention.candidates[0].name if mention.candidates else fold(mention.surface))
            end = mention.end


def test_the_file_loads_quickly() -> None:
    """Start-up can afford the gazetteer: a generous bound, against a change of format that makes it seconds."""
    load = type(GAZETTEER).load
    assert load() is GAZETTEER
    start = time.perf_counter()
    Gazetteer(GAZETTEER.regions)
    assert time.perf_counter() - start < 1


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("湘西自治州", "湘西土家族苗族自治州"),
        ("大理自治州", "大理白族自治州"),
        ("长阳自治县", "长阳土家族自治县"),
        ("宁夏自治区", "宁夏回族自治区"),
    ],
)
def test_a_place_is_known_without_its_peoples(said: str, name: str) -> None:
    assert names(f"{said}2025年国民经济和社会发展统计公报") == [name]


@pytest.mark.parametrize(
    ("text", "surface"),
    [
        ("石家庄市民营经济增加值", "石家庄市"),
        ("石家庄市民用汽车", "石家庄市"),
        ("石家庄市民收入", "石家庄"),
        ("石家庄市民", "石家庄"),
    ],
)
def test_a_city_before_a_word_of_the_people(text: str, surface: str) -> None:
    """市民 are its citizens, and 民营 and 民用 begin behind its name."""
    assert [m.surface for m in GAZETTEER.mentions(text, known=())] == [surface]
