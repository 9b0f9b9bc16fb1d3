"""Personal columns that a source holds in plain text, encrypted before they are written."""

from __future__ import annotations

import pandas as pd
from pyspark.sql import DataFrame
from pyspark.sql import functions as F
from pyspark.sql.pandas.functions import pandas_udf

from jobs.settings import Settings, load_settings
from jobs.sources.cipher import encrypt as encrypt_text

# Ciphertext is base64 of whole AES blocks: it holds no @ and is never as short as a phone number.
PLAIN = {"email": r"@", "phone": r"^\s*\+?[0-9][0-9 ()-]{3,18}$"}


def encrypted(users: DataFrame, settings: Settings, *columns: str) -> DataFrame:
    """The same rows, with plain e-mails and phones under the platform's cipher.

    Raises SettingsError when there is plain text and no key to encrypt it with.
    """
    plain = [F.col(name).rlike(PLAIN[name]) for name in columns]
    # Most platforms hold ciphertext only: then no Python worker is started at all.
    any_plain = users.where(plain[0] | plain[1] if len(plain) > 1 else plain[0])
    if any_plain.limit(1).count() == 0:
        return users
    # Refuses here, in one sentence, rather than in a worker.
    settings.platform_secrets()
    encrypt = pandas_udf(_encrypt_series, "string")  # type: ignore[call-overload]
    return users.withColumns(
        {
            name: F.coalesce(encrypt(F.when(is_plain, F.trim(name))), F.col(name))
            for name, is_plain in zip(columns, plain, strict=True)
        }
    )


def _encrypt_series(values: pd.Series) -> pd.Series:
    # The worker reads the key itself: in a plan it would stand in logs and event files.
    key, salt = load_settings().platform_secrets()
    return values.map(lambda text: None if text is None else encrypt_text(text, key=key, salt=salt))
