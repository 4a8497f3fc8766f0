"""People who were erased, and the lines that are about them.

A person is known by a digest alone: HMAC-SHA256 of the id under the key of the stage. A line is about a
person when its value in the contract's subject column is the id; of a line that does not split into columns
nobody knows which value is which, so any of its values counts. In a kept file such a line is replaced by
MARK and the digest: its number and that it was read stay, and nothing of what it said.
"""

import hashlib
import hmac
from functools import reduce
from operator import or_

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from lakehouse.contract import Contract
from lakehouse.documents import Documents
from lakehouse.manifest import Erased
from lakehouse.read import trimmed
from lakehouse.split import text_of

MARK = "erased:"
_BLOCK = 64
SEPARATORS = r"[,;|\t]"


def digest_of(identity: str, key: bytes) -> str:
    """The digest of a person's id, in hex."""
    return hmac.new(key, identity.encode(), hashlib.sha256).hexdigest()


def digest_column(text: Column, key: bytes) -> Column:
    """The digest of each text, in hex, as Spark computes it itself: RFC 2104, without a Python worker."""
    block = (key if len(key) <= _BLOCK else hashlib.sha256(key).digest()).ljust(_BLOCK, b"\0")
    inner, outer = (bytes(byte ^ pad for byte in block) for pad in (0x36, 0x5C))

    def hashed(pad: bytes, message: Column) -> Column:
        return F.sha2(F.concat(F.lit(bytearray(pad)), message), 256)

    return hashed(outer, F.unhex(hashed(inner, F.encode(text, "UTF-8"))))


def has_value(raw: Column, digests: tuple[str, ...], key: bytes) -> Column:
    """Whether any value of a line is one of the people, wherever it stands."""
    values = F.transform(F.split(raw, SEPARATORS), lambda value: trimmed(F.btrim(trimmed(value), F.lit('"'))))
    return F.exists(values, lambda value: digest_column(value, key).isin(*digests))


def is_about(split: DataFrame, contract: Contract, digests: tuple[str, ...], key: bytes) -> Column:
    """Whether a line of `split` (from split_lines) is about one of the people, or stands for such a line."""
    raw = F.col("_raw")
    marked = raw.isin(*(MARK + digest for digest in digests))
    conditions = [marked, ~F.col("_sound") & has_value(raw, digests, key)]
    if contract.subject is not None:
        conditions.append(digest_column(F.col(text_of(contract.subject)), key).isin(*digests))
    return reduce(or_, (F.coalesce(condition, F.lit(False)) for condition in conditions))


def leave_out(
    split: DataFrame, contract: Contract, erased: Erased | None, documents: Documents
) -> tuple[DataFrame, DataFrame | None]:
    """The lines that are about nobody who was erased, and the others (`_file`, `_line`); None: nobody was.

    Raises:
        DocumentMissing: the key is not there.
    """
    if erased is None or contract.subject is None:
        return split, None
    about = is_about(split, contract, erased.digests, documents.get(erased.key_uri))
    return split.where(~about), split.where(about).select("_file", "_line")
