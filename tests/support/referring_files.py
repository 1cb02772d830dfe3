"""Files that refer to other files and addresses, and a detector of whether one of these is opened."""

from __future__ import annotations

import os
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.recordings import tone, write


class OpeningDetector:
    """A file and a local address that must not be opened; `opened` lists those that were.

    The file is a named pipe: who opens it for reading can be seen by a writer.
    """

    def __init__(self, folder: Path) -> None:
        self.file = folder / "canary.wav"
        os.mkfifo(self.file)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.setblocking(False)
        self.host = f"127.0.0.1:{self._listener.getsockname()[1]}"
        self.opened: list[str] = []
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._listen)
        self._thread.start()

    def close(self) -> None:
        """Stop listening."""
        self._ended.set()
        self._thread.join()
        self._listener.close()

    def _listen(self) -> None:
        last = False
        while not last:
            last = self._ended.wait(0.005)
            try:
                os.close(os.open(self.file, os.O_WRONLY | os.O_NONBLOCK))
                self.opened.append("file")
            except OSError:  # nobody reads
                pass
            try:
                self._listener.accept()[0].close()
                self.opened.append("address")
            except BlockingIOError:
                pass


@contextmanager
def opening_detector(folder: Path) -> Iterator[OpeningDetector]:
    """Detect in the meantime whether the file or the address is opened."""
    one = OpeningDetector(folder)
    try:
        yield one
    finally:
        one.close()


def lists(file: str, host: str) -> dict[str, str]:
    """Return texts by file name, which refer to a file and to http://host."""
    return {
        "hls.m3u8": f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:3,\n{file}\n#EXT-X-ENDLIST\n",
        "hls-address.m3u8": f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:3,\nhttp://{host}/a.ts\n#EXT-X-ENDLIST\n",
        "hls.mp3": f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:3,\nhttp://{host}/a.mp3\n#EXT-X-ENDLIST\n",
        "hls-key.m3u8": f'#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI="http://{host}/k"\n#EXTINF:3,\n{file}\n',
        "hls-map.m3u8": f'#EXTM3U\n#EXT-X-MAP:URI="{file}"\n#EXTINF:3,\nhttp://{host}/a.mp4\n',
        "hls-concat.m3u8": f"#EXTM3U\n#EXTINF:3,\nconcat:http://{host}/head|file://{file}\n#EXT-X-ENDLIST\n",
        "concat.wav": f"ffconcat version 1.0\nfile '{file}'\n",
        "concat-address.wav": f"ffconcat version 1.0\nfile http://{host}/a.wav\n",
        "concat-option.wav": f"ffconcat version 1.0\nfile {file}\noption protocol_whitelist file,http,tcp\n",
        "session.sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 5004 RTP/AVP 0\n",
        "dash.mpd": '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static"><Period>'
        f'<AdaptationSet><Representation id="1"><BaseURL>http://{host}/a.mp4</BaseURL></Representation>'
        "</AdaptationSet></Period></MPD>",
        "smil.mp4": f'<smil><body><audio src="http://{host}/a.mp3"/></body></smil>',
        "list.pls": f"[playlist]\nFile1=http://{host}/a.mp3\nNumberOfEntries=1\n",
        "list.asx": f'<asx version="3.0"><entry><ref href="http://{host}/a.mp3"/></entry></asx>',
        "reference.asf": f"[Reference]\nRef1=http://{host}/a.asf?MSWMExt=.asf\nRef2=http://{host}/b.asf\n",
        "meta.mp3": f";FFMETADATA1\ntitle=x\n[STREAM]\nfile={file}\n",
        "vobsub.idx": "# VobSub index file, v7\nid: en, index: 0\ntimestamp: 00:00:00:000, filepos: 000000000\n",
        "subtitle.srt": f"1\n00:00:00,000 --> 00:00:09,000\n<img src='http://{host}/a.png'>\n",
        "subtitle.ass": f"[Script Info]\nAudio URI: http://{host}/a.wav\n[Events]\nDialogue: 0,0:00:00.00,x\n",
        "pictures%d.png": f"{file}\n",
        "graph.wav": f"amovie={file},asetpts=N\n",
        "live.ivr": f".R1M\nURL=http://{host}/a\n",
        "rtsp.mp3": f"rtsp://{host}/a\n",
        "entity.mp4": f'<!DOCTYPE a [<!ENTITY b SYSTEM "file://{file}">]><MPD xmlns="x">&b;</MPD>',
        "drawing.wav": f'<svg xmlns="http://www.w3.org/2000/svg"><image href="file://{file}"/></svg>',
    }


def external_sound(folder: Path, target: str) -> Path:
    """Write a QuickTime film that refers to another file for its sound, by an alias in its data references."""
    path = write(folder / "alias.mov", tone(16_000, 1, 1.0), "pcm_s16le")
    data = path.read_bytes()
    name = target.encode()
    paths = b"".join(
        struct.pack(">HH", kind, len(text)) + text + b"\0" * (len(text) % 2)
        for kind, text in ((0, b"/"), (2, name), (18, name))
    )
    alias = bytes(10) + b"\x01/" + bytes(26) + bytes(12) + b"\x0a" + b"canary.wav" + bytes(53)
    alias += bytes(16) + struct.pack(">hh", 1, 1) + bytes(16) + paths + struct.pack(">hh", -1, 0)
    entry = struct.pack(">I4sI", 12 + len(alias), b"alis", 0) + alias
    path.write_bytes(_replaced(data, struct.pack(">II", 0, 1) + entry))
    return path


def _replaced(boxes: bytes, references: bytes) -> bytes:
    """Return the boxes of a QuickTime file with other data references; the sound before them does not move."""
    out, place = b"", 0
    while place < len(boxes):
        size, kind = struct.unpack_from(">I4s", boxes, place)
        inside = boxes[place + 8 : place + size]
        if kind in (b"moov", b"trak", b"mdia", b"minf", b"dinf"):
            inside = _replaced(inside, references)
        elif kind == b"dref":
            inside = references
        out += struct.pack(">I4s", 8 + len(inside), kind) + inside
        place += size
    return out
