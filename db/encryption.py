"""Keys of encrypted workspaces: from a password, from a recovery code, and back to a code.

The file is encrypted page by page by SQLite3 Multiple Ciphers (ChaCha20-Poly1305: a changed page is noticed). The
32-byte key is Argon2id of the password with the salt that stands in the first 16 bytes of the file, so the file and
the password are enough anywhere, and copies keep both. The recovery code is the key itself, in groups to print: it
opens the file, and every copy made under the same password, without the password. Whoever has it has the file.
"""

from __future__ import annotations

import base64
import hashlib
import os
import unicodedata

from qihua_desktop.domain.errors import InputError
from qihua_desktop.i18n import _

SALT_LENGTH = 16
KEY_LENGTH = 32
# RFC 9106, second recommended setting. Fixed by the file format: another value opens no existing file.
TIME_COST = 3
MEMORY_KIB = 64 * 1024
LANES = 4
SHORTEST_PASSWORD = 8

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: nothing that looks like something else
_STANDARD = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_TO_CROCKFORD = str.maketrans(_STANDARD, _ALPHABET)
_FROM_CROCKFORD = str.maketrans(_ALPHABET, _STANDARD)
_MISREAD = str.maketrans("OIL", "011")
_CHECK_LENGTH = 3
_CODE_LENGTH = (KEY_LENGTH + _CHECK_LENGTH) * 8 // 5
_GROUP = 4


def new_salt() -> bytes:
    """Return a fresh salt."""
    return os.urandom(SALT_LENGTH)


def derive(password: str, salt: bytes) -> bytes:
    """Return the key of a password; takes about 0.15 s on purpose.

    The password is taken in the form NFKC, so that full-width digits of an input method open the file as well.
    """
    from argon2.low_level import Type, hash_secret_raw

    secret = unicodedata.normalize("NFKC", password).encode()
    return hash_secret_raw(
        secret,
        salt,
        time_cost=TIME_COST,
        memory_cost=MEMORY_KIB,
        parallelism=LANES,
        hash_len=KEY_LENGTH,
        type=Type.ID,
    )


def key_text(key: bytes, salt: bytes = b"") -> str:
    """Return a key as the storage engine takes it; the salt is given only when a file is made."""
    return f"raw:{key.hex()}{salt.hex()}"


def raw_key(text: str) -> bytes:
    """Return the key inside the engine's form of it."""
    return bytes.fromhex(text.removeprefix("raw:")[: KEY_LENGTH * 2])


def encode_recovery(key: bytes) -> str:
    """Return the recovery code of a key: 14 groups of four, with a checksum."""
    digits = base64.b32encode(key + _checksum(key)).decode().translate(_TO_CROCKFORD)
    return "-".join(digits[at : at + _GROUP] for at in range(0, len(digits), _GROUP))


def decode_recovery(code: str) -> bytes:
    """Return the key of a recovery code, forgiving case, spaces and look-alikes. Raises InputError."""
    text = unicodedata.normalize("NFKC", code).upper()
    digits = "".join(character for character in text if character.isalnum()).translate(_MISREAD)
    if len(digits) != _CODE_LENGTH:
        raise InputError(
            _("A recovery code has {expected} characters; this one has {found}.").format(
                expected=_CODE_LENGTH, found=len(digits)
            ),
            _("Compare it with the printed code, group by group."),
        )
    if any(character not in _ALPHABET for character in digits):
        raise _mistyped()
    data = base64.b32decode(digits.translate(_FROM_CROCKFORD))
    key = data[:KEY_LENGTH]
    if data[KEY_LENGTH:] != _checksum(key):
        raise _mistyped()
    return key


def password_problem(password: str) -> str | None:
    """Return in words why a password is not accepted, or None."""
    text = unicodedata.normalize("NFKC", password)
    if len(text) < SHORTEST_PASSWORD:
        return _("Use at least {count} characters.").format(count=SHORTEST_PASSWORD)
    if len(set(text)) == 1:
        return _("Use more than one character.")
    if text != text.strip():
        return _("Do not begin or end the password with a space.")
    return None


def forgotten_words() -> str:
    """Return what is said to somebody who forgot the password."""
    return _(
        "Nobody can open the workspace without its password or its recovery code. Enter the recovery code that was "
        "printed when the password was set; you can choose a new password afterwards. Without it, only a backup made "
        "before the password was set can be opened."
    )


def _checksum(key: bytes) -> bytes:
    return hashlib.sha256(b"qihua recovery" + key).digest()[:_CHECK_LENGTH]


def _mistyped() -> InputError:
    return InputError(
        _("The recovery code was not typed correctly."), _("Compare it with the printed code, group by group.")
    )
