"""Keys that people give for their archives: which are too weak to lock personal data with."""

from __future__ import annotations

from jobs.errors import RequestError

SHORTEST = 12
# Fewer different characters than this are guessed by pattern.
FEWEST_CHARACTERS = 5
# Of published lists of leaked passwords, those long enough; compared without case, blanks, signs.
COMMON = frozenset(
    """
    123456789012 1234567890123 12345678901234 123456789012345 1234567890123456 0123456789012
    012345678910 098765432109 987654321098 112233445566 121212121212 123123123123 123412341234
    123456123456 123456654321 1234567891011 12345678910111 1q2w3e4r5t6y 1q2w3e4r5t6y7u
    1qaz2wsx3edc 1qaz2wsx3edc4rfv 1q2w3e4r5t6y7u8i qwertyuiop12 qwertyuiop123 qwertyuiopas
    qwertyuiopasdf qwertyuiopasdfghjkl qwertyuiop1234567890 qwertyqwerty qwerty123456 qwerty12345678
    qwerty1234567 qwerty123456789 asdfghjkl123 asdfghjklzxcvbnm zxcvbnmasdfghjkl zaq12wsxcde3
    qazwsxedcrfv qazwsxedcrfvtgb abcdefghijkl abcdefghijklm abcdefghijklmnop
    abcdefghijklmnopqrstuvwxyz abcd12345678 abcd123456789 abc123456789 abcabcabcabc abcdabcdabcd
    a1b2c3d4e5f6 aa123456789 a123456789012 password1234 password12345 password123456
    password12345678 password123456789 passwordpassword mypassword123 newpassword123
    changeme1234 changemenow1 changemeplease letmein12345 letmein123456 welcome12345
    welcome123456 welcometoindia iloveyou1234 iloveyou12345 iloveyouforever administrator
    administrator1 admin1234567 admin12345678 admin123456789 adminadmin123 adminadminadmin
    superadmin123 rootroot1234 testtesttest test12345678 test123456789 testing12345 guestguest12
    defaultpassword temporarypassword secretpassword supersecret1 topsecret1234 trustno1trustno1
    monkeymonkey dragondragon football1234 baseball1234 cricket12345 cricket123456 sunshine1234
    princess1234 superman1234 india1234567 india12345678 india123456789 indiaindia123
    bharatmatakijai jaihind12345 jaihind123456 jaishriram108 jaishreeram108 omnamahshivaya
    diksha123456 diksha1234567 diksha12345678 dikshadiksha sunbird12345 sunbird123456
    sunbirdsunbird teacher12345 teacher123456 student12345 student123456 school123456 education123
    education1234 training1234 governmentofindia
    """.split()  # noqa: SIM905 -- a page of them reads better than a list
)


def refuse_weak(key: str) -> None:
    """RequestError, for the requester, where the key would not keep anybody out."""
    plain = "".join(character for character in key.casefold() if character.isalnum())
    if len(key) < SHORTEST:
        problem = f"has fewer than {SHORTEST} characters"
    elif plain in COMMON or key.casefold() in COMMON:
        problem = "is one of those that are tried first"
    elif len(set(key)) < FEWEST_CHARACTERS:
        problem = f"has fewer than {FEWEST_CHARACTERS} different characters"
    else:
        return
    raise RequestError(
        f"The key that the request gave {problem}, and the file would hold names and addresses, so"
        f" no file was made. Ask again with a key of at least {SHORTEST} characters that is"
        " nobody's first guess, for example four words that have nothing to do with each other."
    )
