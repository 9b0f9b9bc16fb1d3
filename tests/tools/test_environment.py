"""Where packages come from, as pip is told, reaches uv."""

from tools.environment import translated

SETTINGS = """\
:env:.find-links='/wheels /more wheels'
global.cert='/etc/ssl/ca.crt'
global.extra-index-url='\\nhttps://one.example/simple\\nfile:///two/simple'
global.find-links='/ignored'
global.index-url='https://index.example/simple'
global.timeout='60'
"""


def test_settings_of_pip_become_variables_of_uv_and_the_environment_wins():
    assert translated(SETTINGS) == {
        "SSL_CERT_FILE": "/etc/ssl/ca.crt",
        "UV_DEFAULT_INDEX": "https://index.example/simple",
        "UV_FIND_LINKS": "/wheels,/more,wheels",
        "UV_INDEX": "https://one.example/simple file:///two/simple",
    }


def test_pip_without_settings_changes_nothing():
    assert translated("") == {}
