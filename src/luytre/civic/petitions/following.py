"""What whoever has the code may do: read where the petition stands, and withdraw it."""

from __future__ import annotations

from luytre.civic.petitions.models import Petition
from luytre.civic.petitions.taking import petitions_key
from luytre.civic.tips.code import BadCode, digest_of, read_code


def find(typed: str, tips_key: bytes) -> Petition | None:
    """None where no petition has this code. Errors: BadCode where none can have it."""
    code = read_code(typed)
    return Petition.objects.select_related("hamlet").filter(code_digest=digest_of(petitions_key(tips_key), code)).first()


__all__ = ["BadCode", "find"]
