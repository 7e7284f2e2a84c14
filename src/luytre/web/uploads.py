"""Uploads that are too large for memory: written to a folder of ours as they come, and no further than a bound."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest


class DiskUpload(UploadedFile):  # type: ignore[type-arg]
    """A file that was uploaded: where it lies, and whether it was larger than the bound (then it is cut off, and of no use)."""

    def __init__(self, path: Path, name: str, size: int, *, too_large: bool) -> None:
        super().__init__(None, name, "", size)
        self.path, self.too_large = path, too_large


class BoundedDiskHandler(FileUploadHandler):
    """`request.upload_handlers = [BoundedDiskHandler(request, folder, most)]`, before anybody reads `request.POST`."""

    chunk_size = 256 * 1024

    def __init__(self, request: HttpRequest, folder: Path, most_bytes: int) -> None:
        super().__init__(request)
        self._folder, self._most, self._size = folder, most_bytes, 0
        self._descriptor, self._path = -1, Path()

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._descriptor, path = tempfile.mkstemp(prefix="upload-", dir=self._folder)
        self._path, self._size = Path(path), 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self._size += len(raw_data)
        if self._size <= self._most:
            os.write(self._descriptor, raw_data)

    def file_complete(self, file_size: int) -> DiskUpload:
        self._close()
        return DiskUpload(self._path, self.file_name or "", self._size, too_large=self._size > self._most)

    def upload_interrupted(self) -> None:
        self._close()
        if self._path != Path():
            self._path.unlink(missing_ok=True)

    def _close(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1
