"""What people must be able to rely on: the first word, a steady language, a followed switch, no surprise."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from translation.language import Evidence, State, candidates, choose, decode, detect, encode, exact

PORTUGUESE = [
    "Boa tarde, tudo bem?",
    "Comprei um relógio na semana passada e ele ainda não chegou.",
    "Podem ajudar-me?",
]
ENGLISH = ["Sorry, I would rather go on in English.", "Could you tell me where my parcel is at the moment?"]


def replay(*messages: str, **context: object) -> list[str]:
    state, out = None, []
    for message in messages:
        state, found = detect(Evidence(message, **context), state)  # type: ignore[arg-type]
        out.append(found.language)
    return out


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Oi", "pt"),
        ("Obrigada!", "pt"),
        ("nao chegou ainda", "pt"),
        ("danke", "de"),
        ("merci", "fr"),
        ("HOLA", "es"),
        ("grazie mille", "it"),
        ("dank je wel", "nl"),
        ("thanks a lot", "en"),
        ("dziękuję bardzo", "pl"),
        ("갤럭시 Watch Ultra Sport Band 배송 언제 와요?", "ko"),
        ("Windows 11 Home をアンインストールしたい", "ja"),
        ("我的 iPhone 坏了", "zh"),
        ("Где мой заказ?", "ru"),
        ("Де моє замовлення?", "uk"),
        ("Που είναι η παραγγελία μου;", "el"),
        ("أين طلبي؟", "ar"),
        ("Onde está o meu Pixel Watch Active Band Large Edition?", "pt"),
        ("Das Paket LP0012CN mit https://shop.example/where/is/my/order ist weg", "de"),
    ],
)
def test_text_alone(text: str, language: str) -> None:
    assert detect(Evidence(text))[1].language == language


@pytest.mark.parametrize(
    "text", ["", " ", "ok", "OK!", "😭😭", "12345", "LP00123456789CN", "?!", "a@b.example", "\ud800"]
)
def test_what_says_nothing_leaves_page_and_state_alone(text: str) -> None:
    state, found = detect(Evidence(text, page_locale="nl"))
    assert found.language == "nl"
    assert "nothing-to-read" in found.why
    settled, _ = detect(Evidence(PORTUGUESE[1]))
    after, found = detect(Evidence(text, page_locale="nl"), settled)
    assert found.language == "pt"
    assert after.weights == settled.weights
    assert state.messages == 0


def test_one_borrowed_phrase_changes_nothing() -> None:
    assert replay(*PORTUGUESE, "thank you!", "Até amanhã") == ["pt"] * 5


def test_a_pasted_quote_changes_nothing() -> None:
    quote = '"Your order could not be delivered because nobody was at home"'
    assert replay(*PORTUGUESE, quote, "O que faço?")[-2:] == ["pt", "pt"]
    assert replay(*PORTUGUESE, f"O e-mail diz {quote} mas eu estava em casa")[-1] == "pt"


def test_a_long_clear_message_is_followed_at_once() -> None:
    assert replay(*PORTUGUESE, ENGLISH[1], page_locale="pt-BR")[-1] == "en"


def test_two_short_ones_are_followed_too() -> None:
    assert replay(*PORTUGUESE, "wait a minute", "where is my parcel?", page_locale="pt-BR")[-1] == "en"


def test_another_script_is_followed_at_once() -> None:
    assert replay(*PORTUGUESE, "제 주문은 어디에 있나요?", page_locale="pt-BR")[-1] == "ko"


def test_a_wrong_page_costs_at_most_one_message() -> None:
    assert replay("hi", "my order has not arrived yet", page_locale="ko-KR")[1] == "en"


def test_context_without_text() -> None:
    assert detect(Evidence("", accept_language="fr-CA,fr;q=0.9,en;q=0.8"))[1].language == "fr"
    assert detect(Evidence("", country="JP"))[1].language == "ja"
    assert detect(Evidence("", earlier_languages=("it", "en")))[1].language == "it"


def test_who_comes_back_is_expected_to_write_as_before_until_she_does_not() -> None:
    def found(text: str, page: str | None = None) -> str:
        return detect(Evidence(text, page_locale=page, earlier_languages=("de",)))[1].language

    assert [found(text) for text in ("ok", "LP123", "hi", "hallo", "super")] == ["de"] * 5
    assert found("ok", "ko-KR") == "de"  # the person counts more than the page
    assert found("Where is my order, please?") == "en"
    assert found("Onde está o meu pedido?", "de-DE") == "pt"
    assert "earlier-conversation" in detect(Evidence("ok", earlier_languages=("de",)))[1].why


def test_her_last_conversation_outweighs_an_english_page_in_an_english_browser() -> None:
    """Both most likely were as English when she wrote Portuguese there."""

    def found(text: str, page: str) -> str:
        context = Evidence(text, page_locale=page, accept_language="en-US,en;q=0.9", earlier_languages=("pt",))
        return detect(context)[1].language

    assert [found(text, page) for text in ("ok", "12345") for page in ("en", "en-US")] == ["pt"] * 4
    assert [found(text, "en") for text in ("hi", "hello, where is it?")] == ["en"] * 2


def test_whatever_speaks_for_another_language_costs_at_most_one_message() -> None:
    context = {
        "page_locale": "ko-KR",
        "accept_language": "ko-KR,ko;q=0.9",
        "country": "KR",
        "earlier_languages": ("ko",),
    }
    state, _ = detect(Evidence("hi", **context))
    assert detect(Evidence("my order has not arrived yet", **context), state)[1].language == "en"
    assert detect(Evidence("my order has not arrived yet, please help", **context))[1].language == "en"


def test_names_say_nothing() -> None:
    name = "Where The Wild Things Are"
    assert detect(Evidence(f"tem {name}?", names=(name,)))[1].language == "pt"


def test_reasons() -> None:
    state, found = detect(Evidence("Bom dia, preciso de ajuda com a entrega", page_locale="pt-BR"))
    assert {"words", "models", "page-locale:pt-BR", "variant:pt-BR"} <= set(found.why)
    assert "earlier-messages:1" in detect(Evidence("ok"), state)[1].why


def test_variants() -> None:
    assert detect(Evidence("Você tem o código de rastreio?"))[0].language == "pt-BR"
    assert detect(Evidence("O meu telemóvel não funciona"))[0].language == "pt-PT"
    assert detect(Evidence("请问我的订单在哪里"))[0].language == "zh-Hans"
    assert detect(Evidence("請問我的訂單在哪裡"))[0].language == "zh-Hant"
    assert detect(Evidence("Где је моја поруџбина?"))[0].language == "sr-Cyrl"
    assert detect(Evidence("", page_locale="zh-TW"))[0].language == "zh-Hant"


def test_only_a_variant_of_the_language_makes_it_exact() -> None:
    assert exact("pt", "pt-BR") == "pt-BR"
    assert [exact("en", "pt-BR"), exact("pt", None), exact("pt", "pt"), exact("pt", "pt-x-a")] == ["en", *3 * ["pt"]]
    assert exact("pt-PT", "pt-BR") == "pt-PT"


def test_a_choice_holds_against_one_message_but_not_for_ever() -> None:
    state = choose(None, "pt-BR")
    assert state.language == "pt-BR"
    state, found = detect(Evidence("where is my parcel?"), state)
    assert (found.language, state.chosen) == ("pt", "pt-BR")
    for text in (*ENGLISH, *ENGLISH):
        state, found = detect(Evidence(text), state)
    assert (found.language, state.chosen) == ("en", None)


def test_candidates_for_asking() -> None:
    state, found = detect(Evidence("hola"))
    assert candidates(state)[0] == found.language
    assert len(candidates(state)) <= 3
    assert candidates(None) == ()


texts = st.text(st.characters(), max_size=60) | st.lists(
    st.sampled_from([*PORTUGUESE, *ENGLISH, "ok", "😀", "\ud83d", "안녕하세요", "<b>", '"', "@", "https://x.example"]),
    max_size=4,
).map(" ".join)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(texts, min_size=1, max_size=4),
    st.none() | st.sampled_from(["pt-BR", "zh_TW.UTF-8", "C", "xx-klingon", "sr-Latn-RS"]) | st.text(max_size=12),
    st.none() | st.text(max_size=30),
)
@example(["x" * 20_000], None, None)
@example(["Onde está o meu pedido? " * 900], "en", None)
@example(["\n>" * 10_000, '"' * 20_000, "a-" * 10_000], None, "en;q=,;;q=1")
def test_same_input_same_answer_and_state_survives_json(
    messages: list[str], page: str | None, accept: str | None
) -> None:
    once: State | None = None
    again: State | None = None
    for message in messages:
        evidence = Evidence(message, page_locale=page, accept_language=accept)
        once, found = detect(evidence, once)
        again, second = detect(evidence, decode(encode(again)) if again else None)
        assert (once, found) == (again, second)
        assert 0 <= found.confidence <= 1
        assert found.language == found.language.lower()
        assert "-" not in found.language
        assert found.why
        assert len(encode(once)) < 400
        assert decode(encode(once)) == once


def test_a_state_is_not_changed() -> None:
    state, _ = detect(Evidence(PORTUGUESE[1]))
    before = encode(state)
    detect(Evidence(ENGLISH[1]), state)
    assert encode(state) == before


@pytest.mark.parametrize("payload", [b"", b"{", b"[]", b'{"v":99}', b'{"weights":{"en":"much"}}', "nothing"])
def test_a_broken_state_is_none(payload: bytes | str) -> None:
    assert decode(payload) is None
