"""The QR code: what is looked up is what the encoder would have made."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.certificates.document.qr import drawn, encoder, qr_codes

PREFIX = "https://certificates.example.gov.in/certificates/"


@given(st.uuids())
def test_a_code_is_the_encoders_own(number):
    code = qr_codes(PREFIX).code(number)
    expected = encoder(f"{PREFIX}{number}", (len(code) - 17) // 4)
    same = 0
    for mask in range(8):
        expected.makeImpl(False, mask)
        same += np.array_equal(np.array(expected.modules, np.uint8), code)
    assert same == 1


def test_every_dark_module_is_filled_once():
    modules = np.array([[1, 1, 0], [0, 1, 0], [1, 0, 1]], np.uint8)
    bars = drawn(modules, 10, 20, 30).split("cm ")[1]
    assert bars == "0 2 2 1.04 re 1 1 1 1.04 re 0 0 1 1.04 re 2 0 1 1.04 re f Q"


def test_an_address_that_makes_a_code_too_dense_for_paper_is_refused():
    with pytest.raises(ValueError, match="Shorten the public address"):
        qr_codes("https://" + "a" * 400 + "/")
