"""Word documents from templates. Each office may replace a template: a file of the same name in its data folder.

Templates are ordinary .docx files with placeholders such as {{ 姓名 }} (docxtpl), to be edited in Word or WPS.
They come from an administrator's folder, and are filled in a sandbox all the same; what is filled in is escaped, so a
name with < or & in it stays a name.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from svclib.errors import BadFile
from svclib.i18n import gettext as _
from svclib.tabular.looks import UNREADABLE
from svclib.tabular.writing import writable

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES_FOLDER = "templates"
"""Where an office keeps its own templates, inside the data folder."""
_SHIPPED = Path(__file__).with_name("templates")
_CONTEXT_MAX = 60

Context = Mapping[str, Any]
"""What a template may name: texts, numbers, and lists of further contexts."""


class Template:
    """A template to be filled, the office's own if `folder` has one of this name, else the shipped one.

    Raises BadFile, here or when filling, with the file's name and what to do.
    """

    def __init__(self, name: str, folder: Path | None = None) -> None:
        own = folder / name if folder is not None else None
        self.name = name
        self.path = own if own is not None and own.is_file() else _SHIPPED / name
        try:
            self._content = self.path.read_bytes()
        except OSError as error:
            raise BadFile(
                _("{file} can't be opened: {reason}.").format(file=self.path, reason=error.strerror)
            ) from error

    def fill(self, context: Context) -> bytes:
        """Fill the template and give back the document (.docx). Raises BadFile for a template that can't be filled."""
        # Only who writes a document pays for these.
        from docxtpl import DocxTemplate
        from jinja2 import TemplateError, TemplateSyntaxError, UndefinedError

        out = io.BytesIO()
        try:
            document = DocxTemplate(io.BytesIO(self._content))
            document.init_docx()
        except UNREADABLE as error:
            sentence = _("The template {file} is no Word document (.docx), or damaged. Save it again in Word or WPS.")
            raise BadFile(sentence.format(file=self.name)) from error
        try:
            document.render(_writable(context), _environment(), autoescape=True)
            document.save(out)
        except UndefinedError as error:
            known = "、".join(dict.fromkeys(_names(context)))
            sentence = _("The template {file} asks for “{name}”, which is not known here. Known are: {known}.")
            raise BadFile(sentence.format(file=self.name, name=error.message, known=known)) from error
        except TemplateSyntaxError as error:
            sentence = _(
                "The placeholders of the template {file} can't be understood near “{text}”. Each {{{{ needs its }}}}, "
                "each {{% for %}} its {{% endfor %}}."
            )
            raise BadFile(sentence.format(file=self.name, text=_near(error))) from error
        except (TemplateError, ArithmeticError, *UNREADABLE) as error:
            sentence = _("The template {file} can't be filled: compare its placeholders with those of the shipped one.")
            raise BadFile(sentence.format(file=self.name)) from error
        return out.getvalue()


@cache
def _environment() -> Environment:
    """A sandbox in which an unknown placeholder is a mistake, told by its bare name."""
    from jinja2 import StrictUndefined
    from jinja2.sandbox import SandboxedEnvironment

    class Unknown(StrictUndefined):
        @property
        def _undefined_message(self) -> str:
            return str(self._undefined_name)

    return SandboxedEnvironment(autoescape=True, undefined=Unknown)


def _writable(value: Any) -> Any:
    """The same without characters that XML forbids."""
    if isinstance(value, str):
        return writable(value)
    if isinstance(value, Mapping):
        return {name: _writable(one) for name, one in value.items()}
    if isinstance(value, Sequence):
        return [_writable(one) for one in value]
    return value


def _names(context: Context) -> Iterator[str]:
    """Every name that a template may use, those of a list by its first entry."""
    for name, value in context.items():
        yield name
        if isinstance(value, Sequence) and not isinstance(value, str) and value:
            yield from _names(value[0])


def _near(error: Any) -> str:
    """The words of the template around a mistake."""
    words = " ".join(" ".join(getattr(error, "docx_context", ())).split())
    return words[:_CONTEXT_MAX]
