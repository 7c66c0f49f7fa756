from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway import settings
from gateway.settings import SettingError, Settings, read, table, to_environ, unknown

DOCS = Path(__file__).parents[2] / "docs" / "operations.md"


def test_defaults_need_nothing() -> None:
    found = read({})
    assert found == Settings()
    assert found.host == "127.0.0.1"
    assert found.models_path == Path("var/models")


def test_an_empty_variable_counts_as_not_set() -> None:
    assert read({"DRAGOMAN_PORT": "", "REDIS_URL": "  "}) == Settings()


def test_values_are_parsed_and_normalised() -> None:
    found = read(
        {
            "DRAGOMAN_PORT": "0",
            "DRAGOMAN_ORIGINS": "https://Shop.example:443/, http://[::1]:8000",
            "DRAGOMAN_SHOP_LANGUAGES": "EN, pt-BR,",
            "DRAGOMAN_TRUST_PROXY": "Yes",
            "DRAGOMAN_VISITOR_RATE": "0.5",
            "DRAGOMAN_MODELS_DIR": "/srv/models",
        }
    )
    assert found.port == 0
    assert found.origins == ("https://shop.example", "http://[::1]:8000")
    assert found.shop_languages == ("en", "pt-BR")
    assert found.trust_proxy is True
    assert found.visitor_rate == 0.5
    assert found.models_path == Path("/srv/models")


@pytest.mark.parametrize(
    ("variable", "value", "says"),
    [
        ("DRAGOMAN_PORT", "http", "a whole number from 0 to 65535, not 'http'"),
        ("DRAGOMAN_PORT", "65536", "a whole number from 0 to 65535"),
        ("DRAGOMAN_VISITOR_RATE", "nan", "a number from 0.01"),
        ("DRAGOMAN_VISITOR_RATE", "1,5", "with a dot"),
        ("DRAGOMAN_ORIGINS", "shop.example", "https://shop.example.com"),
        ("DRAGOMAN_ORIGINS", "https://shop.example/chat", "without a path"),
        ("DRAGOMAN_ORIGINS", "https://shop.example:http", "origins such as"),
        ("DRAGOMAN_WORKING_LANGUAGE", "english", "a language code"),
        ("DRAGOMAN_SHOP_LANGUAGES", "en;pt", "a language code"),
        ("DRAGOMAN_SECURE_COOKIES", "maybe", "1 or 0"),
        ("DRAGOMAN_KEY_PREFIX", "a{b}", "letters, digits"),
        ("DRAGOMAN_LOG_LEVEL", "loud", "debug, info"),
        ("DRAGOMAN_HOST", "my host", "an address"),
        ("REDIS_URL", "localhost:6379", "redis://localhost:6379/0"),
        ("DRAGOMAN_MAX_FRAME", "4096", "messages of DRAGOMAN_MAX_TEXT=5000"),
    ],
)
def test_errors_name_the_variable_and_say_what_to_write(variable: str, value: str, says: str) -> None:
    with pytest.raises(SettingError) as caught:
        read({variable: value})
    assert str(caught.value).startswith(f"{variable} must be ")
    assert says in str(caught.value)


def test_secrets_are_shown_nowhere() -> None:
    with pytest.raises(SettingError) as caught:
        read({"DRAGOMAN_SECRET": "hunter2"})
    assert "hunter2" not in str(caught.value)
    with pytest.raises(SettingError) as caught:
        read({"REDIS_URL": "rediss//:hunter2@host"})
    assert "hunter2" not in str(caught.value)
    held = read({"DRAGOMAN_SECRET": "hunter2" * 5, "REDIS_URL": "redis://:hunter2@host"})
    assert "hunter2" not in repr(held)


def test_a_slip_of_the_pen_is_noticed() -> None:
    assert unknown({"DRAGOMAN_PROT": "1", "DRAGOMAN_PORT": "1", "PATH": "/bin"}) == [
        "DRAGOMAN_PROT is not a setting; did you mean DRAGOMAN_PORT?"
    ]


language = st.sampled_from(["en", "pt-BR", "zh-Hant", "de"])


@given(
    st.builds(
        Settings,
        host=st.sampled_from(["127.0.0.1", "0.0.0.0", "::", "gateway"]),
        port=st.integers(0, 65535),
        data_dir=st.sampled_from([Path("var"), Path("/srv/dragoman data")]),
        redis_url=st.sampled_from([None, "redis://h:1/2", "unix:///run/a.sock"]),
        partitions=st.integers(1, 1024),
        workers=st.integers(0, 256),
        origins=st.lists(st.sampled_from(["https://a.example", "http://b.example:81"])).map(tuple),
        working_language=language,
        shop_languages=st.lists(language).map(tuple),
        visitor_rate=st.floats(0.01, 10_000),
        secret=st.sampled_from([None, "x" * 40]),
        secure_cookies=st.booleans(),
        trust_proxy=st.booleans(),
    )
)
def test_children_get_the_same_settings(held: Settings) -> None:
    assert read(to_environ(held)) == held


def test_every_setting_survives_the_way_through_the_environment() -> None:
    """Each field, set to something else than its default, comes back: none is forgotten in either direction."""
    other = {
        "host": "0.0.0.0", "port": 1, "data_dir": Path("/d"), "redis_url": "redis://h:1", "key_prefix": "k",
        "partitions": 2, "workers": 3, "origins": ("https://a.example",), "working_language": "pt",
        "shop_languages": ("de",), "max_text": 10, "visitor_rate": 0.1, "visitor_burst": 3, "feed_length": 1000,
        "models_dir": Path("/m"), "model_mirror": "http://m", "model_memory": 99, "recent": 5, "secret": "s" * 32,
        "log_level": "debug", "max_frame": 65536, "socket_queue": 9,
        "secure_cookies": True, "trust_proxy": True, "translate": False,
    }  # fmt: skip
    assert set(other) == {each.name for each in dataclasses.fields(Settings)}
    held = Settings(**other)  # type: ignore[arg-type]
    assert set(to_environ(held)) == settings.variable_names()
    assert read(to_environ(held)) == held


def test_the_manual_has_the_same_table() -> None:
    assert table() in DOCS.read_text(encoding="utf-8"), "put the output of gateway.settings.table() in operations.md"
