"""Documents in the chat: staff and volunteers look up what is in force, the office keeps them."""

from handlers.documents.desk import open_documents, press_document
from handlers.documents.keeping import FORM
from handlers.topic import Topic

TOPIC = Topic(
    commands={"documents": open_documents},
    presses={"document": press_document},
    forms=(FORM,),
)
