"""The health page in HTML: one column, no script, nothing from elsewhere, words beside colours."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined

from bot.health.names import name_of
from bot.health.report import Report, program_version

WORDS = {
    "zh": {
        "title": "集爱善行 · 运行情况",
        "well": "一切正常",
        "not_well": "有地方不正常",
        "faults": {
            "database": "数据库打不开",
            "ticks": "有定时工作没有按时运行或出错",
            "messenger": "连不上聊天软件，消息收不到也发不出",
            "calls": "有到时间的问候没能开始，请在值班电脑上运行 jiai today，照名单打电话",
            "outbox": "有消息等了很久还没发出",
        },
        "numbers": "现在",
        "alarms": "还没结束的警报",
        "unheld": "其中还没有人接手的",
        "cases": "还没结束的问候",
        "outbox": "等着发出的消息",
        "oldest": "最早的等了",
        "inbox": "等着处理的来信",
        "messenger": "最近一次连上聊天软件",
        "never": "还没有",
        "ticks": "定时工作",
        "tick": "名称",
        "ran": "上次运行",
        "state": "情况",
        "on_time": "按时",
        "late": "迟了",
        "fails": "出错，每分钟重试",
        "version": "版本",
        "at": "时间",
        "again": "每 30 秒自动更新。这里没有任何个人信息。",
    },
    "en": {
        "title": "Jiai · health",
        "well": "All is well",
        "not_well": "Something is not well",
        "faults": {
            "database": "The database cannot be opened",
            "ticks": "Some of the timed work has not run, or fails",
            "messenger": "The messenger cannot be reached: nothing arrives or goes out",
            "calls": "Calls are due and not begun: run jiai today and phone by that list",
            "outbox": "Messages have waited long to go out",
        },
        "numbers": "Now",
        "alarms": "Open alarms",
        "unheld": "of these in nobody's hand",
        "cases": "Open check-ins",
        "outbox": "Messages waiting to go out",
        "oldest": "the oldest for",
        "inbox": "Updates waiting to be handled",
        "messenger": "Messenger last reached",
        "never": "not yet",
        "ticks": "Timed work",
        "tick": "Name",
        "ran": "Last ran",
        "state": "State",
        "on_time": "on time",
        "late": "late",
        "fails": "fails, tried again each minute",
        "version": "Version",
        "at": "Time",
        "again": "Renewed every 30 seconds. There is nothing personal here.",
    },
}

_PAGES = Environment(
    loader=PackageLoader("bot.health", ""),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def as_page(report: Report, *, language: str, zone: ZoneInfo) -> str:
    """Render it."""
    return _PAGES.get_template("page.html").render(
        report=report,
        health=report.health,
        words=WORDS[language],
        language=language,
        name=lambda tick: name_of(tick, language=language),
        version=program_version(),
        clock=lambda moment: f"{moment.astimezone(zone):%H:%M:%S}",
        day=lambda moment: f"{moment.astimezone(zone):%Y-%m-%d %H:%M:%S}",
        span=lambda seconds: _span(seconds, language),
    )


def _span(seconds: int, language: str) -> str:
    """How long, as people say it."""
    if seconds < 60:
        return f"{seconds} 秒" if language == "zh" else f"{seconds} s"
    minutes = int(timedelta(seconds=seconds).total_seconds() // 60)
    hours, rest = divmod(minutes, 60)
    if language == "zh":
        return f"{hours} 小时 {rest} 分" if hours else f"{minutes} 分"
    return f"{hours} h {rest} min" if hours else f"{minutes} min"
