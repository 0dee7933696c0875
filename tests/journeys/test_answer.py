"""A question is answered from the office's own texts, or by a person, and nobody waits in vain."""

from tests.journeys.village import COORDINATOR, RESIDENT, Village


async def test_from_the_offices_text_to_a_person_and_back(village: Village) -> None:
    await village.send(RESIDENT, "残疾人两项补贴怎么申请？")
    await village.heard(RESIDENT, "国发〔2015〕52号", "以街道社事办答复为准")
    await village.press(RESIDENT, "请人回答我")
    await village.send(RESIDENT, "我女儿能不能代我去办")
    await village.heard(RESIDENT, "已经转给工作人员")
    await village.heard(COORDINATOR, "陈素芬想问", "代我去办")
    await village.clock(days=2)
    await village.heard(COORDINATOR, "还没有回答")
    await village.send(COORDINATOR, "/office")
    await village.heard(COORDINATOR, "有人在等回答")
    await village.press(COORDINATOR, "看等回答的问题")
    await village.press(COORDINATOR, "回答")
    await village.send(COORDINATOR, "可以，带上您和她的身份证")
    await village.heard(RESIDENT, "王珊回答您", "带上您和她的身份证")
