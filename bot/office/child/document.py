"""Making a document: headings, paragraphs, and tables with boxes to tick, for paper."""

from pathlib import Path
from typing import Any

from docx import Document
from docx.document import Document as Paper
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.styles.style import ParagraphStyle
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from bot.office.child.guard import writable
from bot.office.child.reasons import Reason, Unreadable
from bot.office.child.spec import Spec

BODY, HEADING = "宋体", "黑体"
LATIN = "Times New Roman"
A4_SHORT, A4_LONG, MARGIN = 210, 297, 15
ALIGNMENTS = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
}


def make_document(spec: Spec, path: Path) -> None:
    """Write the document that the lines describe; raises Unreadable when they describe none."""
    paper = Document()
    width = _set_up(paper, spec.head)
    for line in spec.lines:
        if not isinstance(line, dict):
            raise Unreadable(Reason.BAD_SPEC)
        if "heading" in line:
            _add_heading(paper, line)
        elif "paragraph" in line:
            _add_paragraph(paper, line)
        elif "table" in line:
            _add_table(paper, line["table"], width=width)
        elif "page_break" in line:
            paper.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
        else:
            raise Unreadable(Reason.BAD_SPEC)
    paper.save(str(path))


def _set_up(paper: Paper, head: dict[str, Any]) -> float:
    """A4 with its fonts and page numbers; returns the width between the margins in mm."""
    section = paper.sections[0]
    short, long = Mm(A4_SHORT), Mm(A4_LONG)
    is_landscape = bool(head.get("landscape"))
    section.orientation = WD_ORIENT.LANDSCAPE if is_landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (long, short) if is_landscape else (short, long)
    section.left_margin = section.right_margin = Mm(MARGIN)
    section.top_margin = section.bottom_margin = Mm(MARGIN)
    size = float(head.get("font_size", 12))
    _set_font(paper.styles["Normal"], BODY, size)
    for level, larger in ((1, 6), (2, 3), (3, 1)):
        _set_font(paper.styles[f"Heading {level}"], HEADING, size + larger)
    paper.core_properties.title = writable(str(head.get("title", "")))
    paper.core_properties.author = "集爱善行 Jiai"
    footer = section.footer.paragraphs[0]
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if words := head.get("footer"):
        footer.add_run(f"{writable(str(words))}    ")
    _add_field(footer.add_run(), "PAGE")
    footer.add_run(" / ")
    _add_field(footer.add_run(), "NUMPAGES")
    return (A4_LONG if is_landscape else A4_SHORT) - 2 * MARGIN


def _set_font(style: Any, east: str, size: float) -> None:
    """Chinese signs take their font from a setting of their own."""
    if not isinstance(style, ParagraphStyle):
        raise Unreadable(Reason.BAD_SPEC)
    style.font.name, style.font.size = LATIN, Pt(size)
    style.font.color.rgb = None
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    fonts.set(qn("w:eastAsia"), east)


def _add_heading(paper: Paper, line: dict[str, Any]) -> None:
    level = min(max(int(line.get("level", 1)), 1), 3)
    heading = paper.add_heading(writable(str(line["heading"])), level)
    if align := line.get("align"):
        heading.alignment = ALIGNMENTS[align]


def _add_paragraph(paper: Paper, line: dict[str, Any]) -> None:
    paragraph = paper.add_paragraph()
    _write(paragraph, str(line["paragraph"]), bold=bool(line.get("bold")), size=line.get("size"))
    if align := line.get("align"):
        paragraph.alignment = ALIGNMENTS[align]
    if line.get("keep_with_next"):
        paragraph.paragraph_format.keep_with_next = True


def _add_table(paper: Paper, about: dict[str, Any], *, width: float) -> None:
    columns = about["columns"]
    table = paper.add_table(rows=1, cols=len(columns), style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    widths = _widths(columns, width)
    for cell, column in zip(table.rows[0].cells, columns, strict=True):
        _fill(cell, column["header"], bold=True, size=about.get("size"))
    _mark_row(table.rows[0]._tr, "w:tblHeader")
    for cells in about["rows"]:
        row = table.add_row()
        _mark_row(row._tr, "w:cantSplit")
        if height := about.get("row_height"):
            row.height = Mm(float(height))
        for cell, value in zip(row.cells, cells, strict=True):
            _fill(cell, value, size=about.get("size"))
    _set_widths(table, widths)
    paper.add_paragraph()


def _widths(columns: list[dict[str, Any]], width: float) -> list[float]:
    """In mm: what is given, and the rest shared out; all of it fits between the margins."""
    given = [column.get("width") for column in columns]
    free = [one for one in given if one is None]
    rest = max(width - sum(one for one in given if one is not None), 12.0 * len(free))
    shared = [rest / len(free) if one is None else float(one) for one in given]
    scale = min(1.0, width / sum(shared))
    return [one * scale for one in shared]


def _set_widths(table: Table, widths: list[float]) -> None:
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
        for cell in column.cells:
            cell.width = Mm(width)


def _fill(cell: _Cell, value: object, *, bold: bool = False, size: float | None = None) -> None:
    """Text, or boxes to tick, some in one line: {"boxes": [["接通", "没接"], ["说不清"]]}."""
    if isinstance(value, dict):
        boxes = value["boxes"]
        lines = boxes if isinstance(boxes[0], list) else [boxes]
        value = "\n".join("  ".join(f"□{word}" for word in line) for line in lines)
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_after = Pt(0)
    _write(paragraph, "" if value is None else str(value), bold=bold, size=size)


def _write(paragraph: Paragraph, text: str, *, bold: bool, size: float | None) -> None:
    run = paragraph.add_run(writable(text))
    run.bold = bold or None
    if size is not None:
        run.font.size = Pt(float(size))


def _mark_row(row: Any, mark: str) -> None:
    row.get_or_add_trPr().append(OxmlElement(mark))


def _add_field(run: Run, name: str) -> None:
    """A number that the word processor fills in."""
    for kind, text in (("begin", None), (None, name), ("end", None)):
        if kind is not None:
            part = OxmlElement("w:fldChar")
            part.set(qn("w:fldCharType"), kind)
        else:
            part = OxmlElement("w:instrText")
            part.set(qn("xml:space"), "preserve")
            part.text = text
        run._r.append(part)
