"""All control routes in one table."""

from aiohttp import web

from bot.sandbox.control import faults, moving, people, presses, seeing, sharing
from bot.sandbox.control.answers import route, waiting_route


def control_routes() -> list[web.RouteDef]:
    plain = {
        "send": people.send,
        "edit": people.edit,
        "forward": people.forward,
        "block": people.block,
        "update": people.raw_update,
        "people": people.add_person,
        "groups": people.add_group,
        "press": presses.press,
        "contact": sharing.contact,
        "location": sharing.location,
        "venue": sharing.venue,
        "photo": sharing.photo,
        "voice": sharing.voice,
        "video": sharing.video,
        "video_note": sharing.video_note,
        "audio": sharing.audio,
        "sticker": sharing.sticker,
        "document": sharing.document,
        "fault": faults.order_fault,
        "expire_links": faults.expire_links,
    }
    waiting = {"clock": moving.clock, "asleep": moving.asleep, "idle": moving.idle}
    return [
        *(web.post(f"/control/{name}", route(act)) for name, act in plain.items()),
        *(web.post(f"/control/{name}", waiting_route(act)) for name, act in waiting.items()),
        web.delete("/control/fault", route(faults.clear_faults)),
        web.get("/control/toast", route(presses.toast)),
        web.get("/control/shown", route(seeing.shown)),
        web.get("/control/calls", route(seeing.calls)),
    ]
