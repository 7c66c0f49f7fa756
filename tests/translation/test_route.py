"""Which way a message takes, going by the models that are there and what is known of them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from translation.route import Figures, Route, routes

CODES = st.sampled_from(["de", "en", "es", "fr", "ko", "pt"])


def test_one_language_needs_no_model() -> None:
    assert routes("pt-BR", "pt", []) == (Route(()),)


def test_direct_is_best_and_ways_around_follow() -> None:
    found = routes("de", "pt-BR", [("de", "pt"), ("de", "en"), ("en", "pt"), ("de", "fr")])
    assert found == (Route((("de", "pt"),)), Route((("de", "en"), ("en", "pt"))))
    assert [route.pivot for route in found] == [None, "en"]


def test_without_models_there_is_no_way() -> None:
    assert routes("de", "pt", [("pt", "de"), ("de", "en"), ("fr", "pt")]) == ()


def test_english_is_the_usual_pivot_and_figures_choose_another() -> None:
    ways = {("ko", "en"): Figures(), ("en", "de"): Figures(), ("ko", "bg"): Figures(), ("bg", "de"): Figures()}
    assert [route.pivot for route in routes("ko", "de", ways)] == ["en", "bg"]
    ways["bg", "de"] = Figures(quality=0.75)
    assert [route.pivot for route in routes("ko", "de", ways)] == ["bg", "en"]


def test_of_two_as_good_the_faster_one() -> None:
    ways = {("ko", "en"): Figures(0.6, 10), ("en", "de"): Figures(0.6, 10)}
    ways |= {("ko", "fr"): Figures(0.6, 300), ("fr", "de"): Figures(0.6, 300)}
    assert routes("ko", "de", ways)[0].pivot == "fr"


def test_a_way_around_goes_first_only_where_it_was_measured_to_be_clearly_better() -> None:
    ways = {("ko", "de"): Figures(0.3), ("ko", "en"): Figures(0.7), ("en", "de"): Figures(0.7)}
    assert [route.pivot for route in routes("ko", "de", ways)] == ["en", None]
    ways["ko", "de"] = Figures(0.45)
    assert [route.pivot for route in routes("ko", "de", ways)] == [None, "en"]
    ways["ko", "de"] = Figures()
    assert [route.pivot for route in routes("ko", "de", ways)] == [None, "en"]


@given(CODES, CODES, st.sets(st.tuples(CODES, CODES)))
def test_every_way_leads_from_source_to_target_over_models_that_are_there(
    source: str, target: str, models: set[tuple[str, str]]
) -> None:
    found = routes(source, target, models)
    assert len(set(found)) == len(found)
    for route in found:
        at = source
        for leg in route.legs:
            assert leg in models
            assert leg[0] == at
            at = leg[1]
        assert at == target
