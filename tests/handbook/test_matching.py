"""Diseases, cities and names of services."""

from __future__ import annotations

import pytest

from shared.handbook import Edition
from shared.handbook.cities import advance_city, prefecture_of, province_of, same_city, same_province
from shared.handbook.diseases import bare_number, match_disease, normalised
from shared.handbook.services import resolve_service, resolve_services


@pytest.mark.parametrize(
    ("text", "match", "code"),
    [
        ("尿毒症", "listed", "A-06"),
        ("肺腺癌", "listed", "A-01"),
        ("A-09", "listed", "A-09"),
        ("恶性肿瘤——重度", "listed", "A-01"),
        ("较重急性心肌梗死;", "listed", "A-02"),
        ("冠状动脉搭桥术", "listed", "A-05"),
        ("帕金森病", "broader", "A-19"),
        ("甲状腺癌", "broader", "A-01"),
        ("右肺上叶浸润性腺癌", "unclear", None),
        ("甲状腺乳头状癌 TNM II期", "unclear", "A-01"),
        ("严重哮喘", "none", None),
        ("肺结节", "none", None),
        ("2型糖尿病", "none", None),
        ("范可尼贫血", "none", None),
        ("面瘫", "none", None),
        ("common cold", "none", None),
    ],
)
def test_REF_D04_what_the_list_of_A_makes_of_a_diagnosis(a: Edition, text: str, match: str, code: str | None) -> None:
    found = match_disease(a, text)
    assert (found.match, found.code) == (match, code)


@pytest.mark.parametrize(
    ("text", "match", "code"),
    [
        ("严重哮喘", "listed", "B-104"),
        ("严重面部烧伤", "listed", "B-093"),
        ("系统性红斑狼疮-（并发）Ⅲ型或以上狼疮性肾炎", "listed", "B-030"),
        ("甲状腺癌", "listed", "B-001"),
        ("乳腺原位癌", "broader", "B-001"),
        ("肺结节", "none", None),
        ("骨折", "none", None),
    ],
)
def test_REF_D04_what_the_list_of_B_makes_of_a_diagnosis(b: Edition, text: str, match: str, code: str | None) -> None:
    found = match_disease(b, text)
    assert (found.match, found.code) == (match, code)


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("乳腺原位癌", "carcinoma_in_situ"),
        ("甲状腺乳头状癌 TNM I期", "tnm_stage_1"),
        ("甲状腺癌Ⅰ期", "tnm_stage_1"),
        ("建议行冠状动脉搭桥术", "operation_only_indicated"),
        ("等待肾移植", "operation_only_indicated"),
    ],
)
def test_ENT_D18_a_borderline_finding_goes_to_a_person_in_A(a: Edition, text: str, finding: str) -> None:
    found = match_disease(a, text)
    assert (found.match, found.finding) == ("borderline", finding)


def test_ENT_D18_the_papers_may_state_the_finding_apart_from_the_name(a: Edition, b: Edition) -> None:
    assert match_disease(a, "冠状动脉搭桥术", "operation_only_indicated").match == "borderline"
    assert match_disease(a, "甲状腺癌", "tnm_stage_1").match == "borderline"
    assert match_disease(a, "乳腺癌", "carcinoma_in_situ").match == "borderline"
    assert match_disease(a, "肺腺癌", "tnm_stage_1").match == "listed"
    assert match_disease(a, "尿毒症", "operation_only_indicated").match == "listed"
    assert match_disease(b, "甲状腺癌", "tnm_stage_1").match == "listed"


def test_ENT_D18_every_printed_name_and_alias_of_A_but_carcinomas_in_situ_is_not_borderline(a: Edition) -> None:
    for disease in a.diseases.by_code.values():
        for name in (disease.name, *disease.aliases):
            assert match_disease(a, name).match == "listed", name


def test_ENT_19_every_disease_of_A_is_found_in_B_too(a: Edition, b: Edition) -> None:
    for disease in a.diseases.by_code.values():
        assert match_disease(b, disease.name).match == "listed"


def test_REF_D02_a_bare_number_names_no_disease(a: Edition) -> None:
    assert all(bare_number(text) for text in ("no. 30", "30", "第30号", "NO.30"))
    assert not any(bare_number(text) for text in ("A-30", "B-030", "尿毒症"))
    assert match_disease(a, "no. 30").match == "none"


def test_REF_D04_normalisation_folds_width_dashes_blanks_and_variants() -> None:
    assert normalised(" 麻痺——Ａ；") == "麻痹-A"


@pytest.mark.parametrize(
    ("code", "answer"),
    [
        ("330106", "covered"),  # 杭州市西湖区
        ("330100", "covered"),
        ("530402", "not_covered"),  # 玉溪市
        ("340800", "covered"),  # 安庆市
        ("370116", "covered"),  # 济南市莱芜区
        ("371202", "covered"),  # the former 莱芜市莱城区
        ("340181", "covered"),  # 巢湖市, now of 合肥市
        ("341400", "covered"),  # the former prefecture of 巢湖, split among three listed cities
        ("420602", "covered"),  # 襄阳市, printed as 襄樊市
        ("653101", "covered"),  # 喀什市
        ("653125", "not_covered"),  # 莎车县
        ("653100", "review"),  # 喀什地区, county unknown
        ("654002", "covered"),  # 伊宁市
        ("654000", "covered"),  # 伊犁哈萨克自治州
        ("654201", "review"),  # 塔城市
        ("654301", "review"),  # 阿勒泰市
        ("419001", "covered"),  # 济源市
        ("429005", "covered"),  # 潜江市
        ("429004", "not_covered"),  # 仙桃市
        ("429000", "review"),
        ("659001", "covered"),  # 石河子市
        ("659008", "not_covered"),  # 可克达拉市
        ("110108", "covered"),
        ("500243", "covered"),
        ("320583", "covered"),  # 昆山市 → 苏州市
        ("nowhere", "review"),
    ],
)
def test_REF_D01_which_hospital_cities_the_advance_covers(a: Edition, b: Edition, code: str, answer: str) -> None:
    assert advance_city(a, code) == advance_city(b, code) == answer


def test_REF_D01_every_printed_city_is_covered(a: Edition) -> None:
    assert a.advance_cities is not None
    assert [c.raw for c in a.advance_cities.entries if advance_city(a, c.code) != "covered"] == []


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("320583", "320508", True),  # 昆山, 苏州
        ("320583", "320200", False),  # 昆山, 无锡
        ("110119", "110108", True),  # 延庆, 海淀
        ("429005", "421000", False),  # 潜江, 荆州
        ("429005", "429006", False),  # 潜江, 天门
        ("500101", "500243", True),
        ("653101", "653125", True),  # 喀什市 and 莎车县 are of one prefecture for the subsidy
        ("371202", "370102", True),  # the former 莱芜, 济南
        ("341402", "340100", True),  # the former 居巢区, 合肥
    ],
)
def test_SUB_D07_cities_are_compared_at_prefecture_level(one: str, other: str, same: bool) -> None:
    assert same_city(one, other) is same
    assert same_city(other, one) is same


def test_SUB_D02_the_pool_follows_the_province() -> None:
    assert same_province("320583", "320200")
    assert not same_province("310101", "340104")
    assert province_of("510213") == "500000"  # a Chongqing code from the time before the municipality
    assert prefecture_of("429005") == "429005"


def test_a_text_that_is_no_code_has_no_prefecture() -> None:
    for text in ("", "12345", "abcdef", "0123456", "012345"):
        with pytest.raises(ValueError, match="no GB/T 2260 code"):
            prefecture_of(text)


@pytest.mark.parametrize(
    ("names", "code"),
    [
        (("重疾门诊安排", "专家门诊预约", "OUTP", "outp"), "OUTP"),
        (("重疾住院安排", "住院安排"), "INP"),
        (("重疾手术安排", "手术安排"), "SURG"),
        (("重疾检查加急", "检查加急"), "EXAM"),
        (("专业陪诊", "全程导医陪诊", "陪诊"), "ESCORT"),
        (("质子重离子绿通", "质子重离子绿色通道"), "PROTON"),
        (("重疾心理咨询", "心理咨询", "重疾心理关爱"), "PSYCH"),
        (("异地就诊补贴", "异地就医补贴"), "SUBSIDY"),
        (("住院医疗费用垫付", "住院垫付", "住院押金垫付", "重疾住院押金垫付", "住院医疗费 用垫付"), "ADVANCE"),
    ],
)
def test_CAT_D01_names_of_table_and_prose_are_one_service(names: tuple[str, ...], code: str) -> None:
    assert {resolve_service(name) for name in names} == {code}


def test_CAT_D01_one_heading_of_B_names_two_services() -> None:
    assert resolve_services("专家住院及手术协调") == ("INP", "SURG")


def test_CAT_D03_what_has_no_paragraph_is_not_in_the_catalog() -> None:
    assert resolve_service("国外就医陪同") == "UNLISTED"
    assert resolve_services("等服务") == ()
