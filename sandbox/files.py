"""Files that people and the bot have sent, each under an id that only this bot can use."""

from __future__ import annotations

import base64
import hashlib
import mimetypes
from dataclasses import dataclass

from sandbox.errors import bad_request
from sandbox.messages import Json

MOST_TO_DOWNLOAD = 20 * 1024 * 1024
MOST_TO_UPLOAD = 50 * 1024 * 1024
MOST_FOR_PHOTO = 10 * 1024 * 1024
_FOLDERS = {"photo": "photos", "voice": "voice", "video": "videos", "sticker": "stickers", "audio": "music"}
_ENDINGS = {"photo": ".jpg", "voice": ".oga", "video": ".mp4", "sticker": ".webp", "audio": ".mp3"}


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """One stored file; a claimed size may be larger than what is really kept."""

    id: str
    unique_id: str
    path: str
    name: str
    mime: str
    data: bytes
    size: int

    def json(self) -> Json:
        """What every kind of attachment says about its file."""
        return {"file_id": self.id, "file_unique_id": self.unique_id, "file_size": self.size}


class Files:
    """Keeps files in memory, found by id or by path."""

    def __init__(self) -> None:
        self._by_id: dict[str, StoredFile] = {}
        self._by_path: dict[str, StoredFile] = {}

    def keep(
        self, kind: str, data: bytes, *, name: str, mime: str | None = None, size: int | None = None
    ) -> StoredFile:
        """Store a file and give it an id and a path."""
        number = len(self._by_id)
        ending = _ENDINGS.get(kind) or "." + name.rpartition(".")[2]
        stored = StoredFile(
            id=base64.urlsafe_b64encode(f"{kind}:{number:012d}:sandbox-file".encode()).decode().rstrip("="),
            unique_id=hashlib.sha256(data + name.encode()).hexdigest()[:16],
            path=f"{_FOLDERS.get(kind, 'documents')}/file_{number}{ending}",
            name=name,
            mime=mime or mimetypes.guess_type(name)[0] or "application/octet-stream",
            data=data,
            size=len(data) if size is None else size,
        )
        self._by_id[stored.id] = stored
        self._by_path[stored.path] = stored
        return stored

    def find(self, file_id: str) -> StoredFile:
        """The file with this id; a foreign id is refused."""
        stored = self._by_id.get(file_id)
        if stored is None:
            raise bad_request("wrong file identifier/HTTP URL specified")
        return stored

    def at(self, path: str) -> StoredFile | None:
        """The file under this path, if it may be downloaded at all."""
        stored = self._by_path.get(path)
        return stored if stored and stored.size <= MOST_TO_DOWNLOAD else None


def attachment(kind: str, stored: StoredFile) -> Json:
    """The file as the field of a message that carries it."""
    base = stored.json()
    if kind == "photo":
        small = {**base, "width": 320, "height": 240, "file_size": min(stored.size, 20_000)}
        return {"photo": [small, {**base, "width": 1280, "height": 960}]}
    if kind == "voice":
        return {"voice": {**base, "duration": 5, "mime_type": stored.mime}}
    if kind == "video":
        details: Json = {"width": 1280, "height": 720, "duration": 10}
        return {"video": {**base, **details, "mime_type": stored.mime, "file_name": stored.name}}
    if kind == "sticker":
        details = {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False}
        return {"sticker": {**base, **details}}
    return {"document": {**base, "file_name": stored.name, "mime_type": stored.mime}}
