"""Rules about who somebody is: ID number, phone, name, age. Pure functions; a flaw is a sentence or None."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from operator import mul

from svclib.codes import Sex
from svclib.i18n import gettext as _

# GB 11643-1999 (公民身份号码), clause 5 and annex: ISO 7064 MOD 11-2, weights 2^(17-i) mod 11.
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"
ID_NUMBER = re.compile(r"[0-9]{17}[0-9X]")
"""The shape of a normalised ID number."""
_OLD_ID_NUMBER = re.compile(r"[0-9]{15}")
_SCIENTIFIC = re.compile(r"[0-9](\.[0-9]+)?E\+?[0-9]+", re.IGNORECASE)

MOBILE = re.compile(r"1[3-9][0-9]{9}")
"""The shape of a normalised mobile number."""
PLAIN_NAME = re.compile(r"[\u4e00-\u9fff]{2,6}")
"""What nearly every name looks like: nothing in it can be wrong."""
_LANDLINE = re.compile(r"0[0-9]{2,3}-[1-9][0-9]{6,7}(-[0-9]{1,6})?")
_HOTLINE = re.compile(r"9\d{4,5}|12\d{3}|[48]00-?\d{3}-?\d{4}|\d{7,8}")

NAME_LENGTH_MAX = 30
_FORMULA_STARTS = frozenset("=+-@")
_JOINTS = frozenset(" ·'’-.")
# Unified ideographs with every extension, also those newer than Python's own tables: planes 2 and 3 hold nothing else.
_HAN_RANGES = ((0x3007, 0x3007), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x3FFFF))


def check_digit(first_17_digits: str) -> str:
    """Compute the 18th character of an ID number (GB 11643-1999: ISO 7064 MOD 11-2)."""
    total = sum(map(mul, _WEIGHTS, map(int, first_17_digits)))
    return _CHECK_DIGITS[total % 11]


def id_number_flaw(text: str) -> str | None:
    """Say what is wrong with a normalised ID number: length, characters, date inside, check digit (GB 11643-1999)."""
    if _SCIENTIFIC.fullmatch(text):
        return _(
            "The ID number was damaged by the spreadsheet (scientific notation). "
            "Format the column as text and type it again."
        )
    if _OLD_ID_NUMBER.fullmatch(text):
        return _("This is an old ID number of 15 digits. Enter the one of 18 digits from the present ID card.")
    if len(text) != 18:
        return _("An ID number has 18 characters, this one has {count}.").format(count=len(text))
    if not ID_NUMBER.fullmatch(text):
        return _("An ID number has 17 digits, then a digit or X.")
    if _birth_date(text) is None:
        return _("The ID number holds no real birth date (characters 7 to 14).")
    if check_digit(text[:17]) != text[17]:
        if text.endswith("000"):
            return _(
                "The ID number was rounded by the spreadsheet (its last digits became 0). "
                "Format the column as text and type it again."
            )
        return _("The check digit of the ID number is wrong (GB 11643). Compare it with the ID card.")
    return None


def _birth_date(id_number: str) -> date | None:
    try:
        return date(int(id_number[6:10]), int(id_number[10:12]), int(id_number[12:14]))
    except ValueError:
        return None


def birth_date_of(id_number: str) -> date:
    """Read the birth date out of a flawless ID number. Raises ValueError when it holds none."""
    return date(int(id_number[6:10]), int(id_number[10:12]), int(id_number[12:14]))


def sex_of(id_number: str) -> Sex:
    """Read the sex out of a flawless ID number: the 17th digit is odd for men (GB 11643-1999)."""
    return Sex.MALE if int(id_number[16]) % 2 else Sex.FEMALE


def phone_flaw(text: str) -> str | None:
    """Say what is wrong with a normalised phone number: a mobile of 11 digits, or a landline like 028-1234567."""
    if MOBILE.fullmatch(text) or _LANDLINE.fullmatch(text):
        return None
    if not re.fullmatch(r"[0-9+()#*-]+", text):
        return _("A phone number has only digits and dashes.")
    if re.fullmatch(r"[2-9][0-9]{6,7}", text):
        return _("The area code is missing: write a landline like 028-1234567.")
    if text.startswith("1"):
        digits = sum(character.isdigit() for character in text)
        return _("A mobile number has 11 digits and starts with 13 to 19; this one has {count} digits.").format(
            count=digits
        )
    return _("This is no phone number: a mobile has 11 digits, a landline is written like 028-1234567.")


def supervision_phone_flaw(text: str) -> str | None:
    """Say what is wrong with a number that customers call: a phone number, or a hotline such as 95598."""
    return None if _HOTLINE.fullmatch(text) else phone_flaw(text)


def is_han(character: str) -> bool:
    """Whether a character is a Han ideograph of any block, rare extensions included."""
    code = ord(character)
    return any(first <= code <= last for first, last in _HAN_RANGES)


def name_flaw(text: str) -> str | None:
    """Say why a text can't be a person's name: markup, a formula, digits, control characters, symbols, too long."""
    if not text.strip():
        return _("The name is missing.")
    if len(text) > NAME_LENGTH_MAX:
        return _("A name has at most {limit} characters.").format(limit=NAME_LENGTH_MAX)
    if text[0] in _FORMULA_STARTS:
        return _("A name does not start with = + - or @.")
    if any(unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp") for character in text):
        return _("The name holds invisible control characters. Type it again.")
    if "<" in text or ">" in text:
        return _("A name holds no markup such as < or >.")
    if any(character.isdigit() for character in text):
        return _("A name holds no digits.")
    strange = next((c for c in text if not (c in _JOINTS or is_han(c) or unicodedata.category(c)[0] in "LM")), None)
    if strange is not None:
        return _("A name does not hold the character {character}. Was a rare character lost?").format(
            character=strange if strange.isprintable() else f"U+{ord(strange):04X}"
        )
    if not any(is_han(c) or unicodedata.category(c)[0] == "L" for c in text):
        return _("A name needs at least one letter or character.")
    return None


def age_years(born: date, on: date) -> int:
    """Count completed years of life on a day; who is born on 29 February completes a year on 1 March."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))
