"""What each tick does, in a few words of each language, for whoever reads the health page."""

from collections.abc import Mapping
from types import MappingProxyType

NAMES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "alarms": {"zh": "警报催人接手", "en": "Alarms ring"},
        "outages": {"zh": "停机漏掉的事告诉值班", "en": "What an outage swallowed is told"},
        "media": {"zh": "语音和照片", "en": "Voices and photos"},
        "ladder": {"zh": "没打通的问候接着找人", "en": "Calls that did not go through"},
        "mails": {"zh": "警报邮件", "en": "Alarms by e-mail"},
        "pauses": {"zh": "暂停到期", "en": "Pauses end"},
        "call_rounds": {"zh": "高温、寒冷、风雨、节日加打", "en": "Extra rounds of calls"},
        "festivals": {"zh": "节日前提醒加打", "en": "Rounds for festivals proposed"},
        "call_buttons": {"zh": "“我很好”按钮", "en": "“I'm fine” buttons"},
        "stand_ins": {"zh": "请人替打，没回音的", "en": "Stand-ins who did not answer"},
        "calls": {"zh": "到时间的问候", "en": "Calls that are due"},
        "call_thanks": {"zh": "谢谢打电话的人", "en": "Thanks to callers"},
        "visits": {"zh": "定期上门", "en": "Recurring visits"},
        "out_safe": {"zh": "上门的人平安离开没有", "en": "Whether visitors are out safe"},
        "needs": {"zh": "需求找人帮忙", "en": "Needs look for helpers"},
        "overdue": {"zh": "过了时限的需求上报", "en": "Needs that are overdue"},
        "complaints": {"zh": "投诉和意见提醒", "en": "Complaints"},
        "questions": {"zh": "没回答的提问", "en": "Questions without an answer"},
        "consents": {"zh": "同意书", "en": "Consents"},
        "home_visits": {"zh": "机构上门前提醒", "en": "Home visits of institutions"},
        "pairs": {"zh": "邻里结对", "en": "Pairs of neighbours"},
        "pair_tellings": {"zh": "结对变动先由人告诉", "en": "Changes of pairs, told by a person"},
        "registers": {"zh": "证件到期提醒", "en": "Certificates that run out"},
        "days": {"zh": "纪念日提醒", "en": "Commemorative days"},
        "call_backs": {"zh": "帮过忙后回访", "en": "Calls back after help"},
        "door_cards": {"zh": "上门卡片到时收起", "en": "Door cards are hidden again"},
        "rotas": {"zh": "值班表空缺", "en": "Holes in the duty rota"},
        "duty_weeks": {"zh": "本周谁值班", "en": "Who is on duty this week"},
        "digests": {"zh": "每日小结", "en": "Daily summaries"},
        "duplicates": {"zh": "找重复登记的人", "en": "People registered twice"},
        "retention": {"zh": "过期资料清除", "en": "Data past its time"},
        "journal": {"zh": "记录加封", "en": "The journal is sealed"},
        "journal_head": {"zh": "记录封号告诉办公室", "en": "The journal's seal is posted"},
        "surveys": {"zh": "摸底调研", "en": "Surveys"},
        "notices": {"zh": "通知发送", "en": "Notices"},
        "housekeeping": {"zh": "用过的内容清掉", "en": "What has served is wiped"},
    }
)


def name_of(tick: str, *, language: str) -> str:
    """The name of a tick; one without a name is shown by its key."""
    return NAMES.get(tick, {}).get(language, tick)
