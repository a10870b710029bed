"""Files that the bot sends and fetches."""

from __future__ import annotations

from sandbox.errors import ApiError, bad_request
from sandbox.files import MOST_FOR_PHOTO, MOST_TO_DOWNLOAD, MOST_TO_UPLOAD, StoredFile, attachment
from sandbox.messages import Json
from sandbox.methods import wording
from sandbox.methods.registry import Registry
from sandbox.parameters import Parameters, Upload
from sandbox.world import World

METHODS = Registry()
MOST_IN_ALBUM = 10


@METHODS("sendDocument")
def send_document(world: World, parameters: Parameters) -> Json:
    """Send a file."""
    return _send(world, parameters, "document")


@METHODS("sendPhoto")
def send_photo(world: World, parameters: Parameters) -> Json:
    """Send a photo."""
    return _send(world, parameters, "photo")


@METHODS("sendVoice")
def send_voice(world: World, parameters: Parameters) -> Json:
    """Send a voice message."""
    return _send(world, parameters, "voice")


@METHODS("sendVideo")
def send_video(world: World, parameters: Parameters) -> Json:
    """Send a video."""
    return _send(world, parameters, "video")


@METHODS("sendMediaGroup")
def send_media_group(world: World, parameters: Parameters) -> list[Json]:
    """Send two to ten photos, videos or documents as one album."""
    world.writable(parameters.text("chat_id"))
    items = [_item(world, parameters, one) for one in parameters.sequence("media")]
    if not 2 <= len(items) <= MOST_IN_ALBUM:
        raise bad_request("media group must include 2-10 items")
    album = f"{world.now():%Y%m%d%H%M%S}{len(world.transcript):06d}"
    return [wording.send(world, parameters, words, content, album=album).json() for words, content in items]


@METHODS("getFile")
def get_file(world: World, parameters: Parameters) -> Json:
    """Where a file can be fetched, if it is not too big."""
    try:
        stored = world.files.find(parameters.text("file_id"))
    except ApiError:
        raise bad_request("invalid file_id") from None
    if stored.size > MOST_TO_DOWNLOAD:
        raise bad_request("file is too big")
    return {**stored.json(), "file_path": stored.path}


def _item(world: World, parameters: Parameters, one: Json) -> tuple[wording.Words, Json]:
    kind = str(one.get("type"))
    if kind not in ("photo", "video", "document"):
        raise bad_request("can't parse InputMedia: Wrong InputMedia type")
    own = Parameters({**one, kind: one.get("media", "")}, parameters.uploads)
    return wording.caption_of(own), attachment(kind, _stored(world, own, kind))


def _send(world: World, parameters: Parameters, kind: str) -> Json:
    world.writable(parameters.text("chat_id"))
    words = wording.caption_of(parameters)
    stored = _stored(world, parameters, kind)
    return wording.send(world, parameters, words, attachment(kind, stored)).json()


def _stored(world: World, parameters: Parameters, kind: str) -> StoredFile:
    given = parameters.text(kind)
    upload = parameters.uploads.get(given.removeprefix("attach://") if given else kind)
    if upload is not None:
        return _kept(world, kind, upload)
    if not given or given.startswith("attach://"):
        raise bad_request(f"there is no {kind} in the request")
    if given.startswith(("http://", "https://")):
        raise bad_request("failed to get HTTP URL content")
    return world.files.find(given)


def _kept(world: World, kind: str, upload: Upload) -> StoredFile:
    if not upload.data:
        raise bad_request("file must be non-empty")
    if len(upload.data) > MOST_TO_UPLOAD:
        raise ApiError(413, "Request Entity Too Large")
    if kind == "photo" and len(upload.data) > MOST_FOR_PHOTO:
        raise bad_request("file is too big")
    return world.files.keep(kind, upload.data, name=upload.name, mime=upload.mime)
