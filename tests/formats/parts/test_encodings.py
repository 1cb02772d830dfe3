from __future__ import annotations

import codecs

import pytest

from meetscribe.errors import InputError, SettingsError
from meetscribe.formats import read
from meetscribe.formats.parts.encodings import Encoding, decode, detect_encoding, find_encoding

CUE = "1\n00:00:01,000 --> 00:00:03,000\n"
WESTERN = f"{CUE}Zoë: Grüße, “schön” – 5 €\nJürgen: Ça va très bien."


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1252", WESTERN),
        ("cp1250", f"{CUE}Dzień dobry, zaczynamy spotkanie. Proszę wyłączyć mikrofony, źle słychać."),
        ("cp1251", f"{CUE}Привет, это совещание по бюджету. Давайте начнём."),
        ("cp932", f"{CUE}こんにちは、会議を始めましょう。予算について話します。"),
        ("gb18030", f"{CUE}大家好,我们开始开会吧。今天讨论预算。"),
        ("big5", f"{CUE}大家好,我們開始開會吧。今天討論預算。"),
        ("cp949", f"{CUE}안녕하세요, 회의를 시작하겠습니다. 예산에 대해 이야기합니다."),
        ("cp1253", f"{CUE}Καλημέρα, αρχίζουμε τη συνάντηση για τον προϋπολογισμό."),
    ],
)
def test_encodings_are_guessed(encoding: str, text: str) -> None:
    """Frequent encodings are recognised from a sentence, as guesses that are reported."""
    found = detect_encoding(text.encode(encoding))
    assert found == Encoding(encoding, known=False)
    decoded, (notice,) = decode(text.encode(encoding), found, "a.srt")
    assert decoded == text
    assert notice.text.startswith(f"a.srt: read as {encoding}, which is a guess")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("text", [WESTERN, f"{CUE}大家好,我們開始開會吧。今天討論預算。"])
def test_wide_encodings_without_a_mark(encoding: str, text: str) -> None:
    """UTF-16 and UTF-32 without a byte order mark are known by their zero bytes; nothing needs to be reported."""
    assert detect_encoding(text.encode(encoding)) == Encoding(encoding)
    assert decode(text.encode(encoding), Encoding(encoding), "a.srt") == (text, [])


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"", "utf-8"),
        (codecs.BOM_UTF8 + b"a", "utf-8-sig"),
        ("a".encode("utf-32"), "utf-32"),
        ("a".encode("utf-16"), "utf-16"),
        (b'<?xml version="1.0" encoding="ISO-8859-1"?><tt>\xe4</tt>', "iso8859-1"),
        ("Zoë Grüße".encode() + b" \xff", "utf-8"),
    ],
)
def test_encodings_that_are_stated(data: bytes, name: str) -> None:
    """A byte order mark, the declaration of XML and UTF-8 are no guesses, despite a few damaged bytes."""
    assert detect_encoding(data) == Encoding(name)


def test_damaged_bytes_are_reported() -> None:
    """Damaged bytes are replaced, and the notice counts them and names the first line."""
    text, (notice,) = decode("Zoë\nGrüße ".encode() + b"\xff\xfe!", Encoding("utf-8"), "a.txt")
    assert text == "Zoë\nGrüße \ufffd\ufffd!"
    assert (notice.code, notice.data) == ("formats.damaged-text", {"characters": 2, "line": 2})
    with pytest.raises(InputError, match=r"^a\.txt: not text in punycode"):
        decode(b"\xff-\xff", Encoding("punycode"), "a.txt")


@pytest.mark.parametrize("data", [bytes(range(256)), b"RIFF\x00\x01\x02\x03\xff\xfe\x00\x00", b"\x01\x02\x03\xff"])
def test_binary_files_have_no_encoding(data: bytes) -> None:
    """Control characters show that a file is not text."""
    assert detect_encoding(data) is None


@pytest.mark.parametrize("name", ["nonsense", "hex", "undefined", "a\0b", ""])
def test_unknown_encodings(name: str) -> None:
    """An encoding that Python does not know, or that is not one of text, is refused."""
    with pytest.raises(SettingsError, match="unknown encoding"):
        find_encoding(name)


def test_an_encoding_can_be_given() -> None:
    """A given encoding is not questioned, and without one a file is read with a notice of the guess."""
    data = WESTERN.encode("cp1252")
    assert read(data, "a.srt").meta.notices[0].code == "formats.encoding"
    given = read(data, "a.srt", encoding="latin-1")
    assert given.meta.notices == ()
    assert given.words[0].text == "Grüße,"
