"""Sources of live audio: PCM blocks, files, standard input, TCP, microphones, and streamed containers."""

from __future__ import annotations

from meetscribe.live.sources.blocks import BlockSource
from meetscribe.live.sources.byte_streams import byte_source
from meetscribe.live.sources.containers import ContainerSource
from meetscribe.live.sources.files import FileSource
from meetscribe.live.sources.microphones import Microphone, MicrophoneSource, find_microphone, list_microphones
from meetscribe.live.sources.tcp import TcpClient, TcpListener, parse_address

__all__ = [
    "BlockSource",
    "ContainerSource",
    "FileSource",
    "Microphone",
    "MicrophoneSource",
    "TcpClient",
    "TcpListener",
    "byte_source",
    "find_microphone",
    "list_microphones",
    "parse_address",
]
