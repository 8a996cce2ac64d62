"""Older word processors' files (.doc, .wps): by LibreOffice's converter where it is installed, else refused with what to do."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from pathlib import PurePosixPath

from index.errors import SourceError
from index.text.loaders import word
from index.text.loaders.loaded import Loaded
from index.text.scratch import scratch

MOST_SECONDS = 90.0
_CONVERTERS = ("soffice", "libreoffice")


def load(name: str, data: bytes) -> Loaded:
    """The text of a file that another program makes a .docx of. Raises SourceError where there is none."""
    suffix = PurePosixPath(name).suffix.lower()
    program = next((found for each in _CONVERTERS if (found := shutil.which(each))), None)
    if program is None:
        raise SourceError(
            name,
            f"{suffix} is an older format: save it as .docx, or install LibreOffice, whose converter (soffice) is then used",
        )
    with scratch("convert") as folder:
        given = folder / f"report{suffix}"
        given.write_bytes(data)
        # A profile of its own: the converter refuses to run beside an open window of the same user.
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        command = [program, profile, "--headless", "--convert-to", "docx", "--outdir", str(folder), str(given)]
        try:
            subprocess.run(command, timeout=MOST_SECONDS, check=True, capture_output=True, stdin=subprocess.DEVNULL)
            made = given.with_suffix(".docx").read_bytes()
        except subprocess.TimeoutExpired as error:
            raise SourceError(name, f"LibreOffice did not convert it in {MOST_SECONDS:g} s") from error
        except (subprocess.CalledProcessError, OSError) as error:
            raise SourceError(name, "LibreOffice could not convert it: save it as .docx") from error
    loaded = word.load(name, made)
    return replace(loaded, notes=(*loaded.notes, "converted by LibreOffice"))
