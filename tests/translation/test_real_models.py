"""The whole pipeline with the models that come with the packages: what must not change does not, and it reads well."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from pathlib import Path
from time import process_time

import pytest
import sacrebleu

from glossary.matcher import Matcher
from glossary.term import Term, Wording
from tests.translation.hostile import HOSTILE
from translation.engines.provider import installed_engines
from translation.engines.student import Student
from translation.pipeline import Done, Failed, Outcome, Pipeline, Request
from translation.protect import find


@pytest.fixture(scope="module")
def pipeline() -> Pipeline:
    return Pipeline(installed_engines(), lambda: None)


def translate(pipeline: Pipeline, text: str, source: str) -> Done:
    outcome: Outcome = pipeline.translate([Request(text, source, "en" if source == "pt" else "pt")])[0]
    assert isinstance(outcome, Done), outcome
    return outcome


def test_the_story_of_the_lost_parcel(pipeline: Pipeline) -> None:
    done = translate(
        pipeline,
        "Olá, minha encomenda ainda não chegou 😭 o código é LP00123456789CN, meu e-mail é ana@loja.com.br",
        "pt",
    )
    for kept in ("😭", "LP00123456789CN", "ana@loja.com.br"):
        assert done.text.count(kept) == 1
    for said in ("order", "not", "arrived", "code is LP", "email is ana@"):
        assert said in done.text
    assert done.text.index("arrived") < done.text.index("😭") < done.text.index("code")
    assert done.receipt.protected == 3
    assert done.receipt.warnings == ()


def test_a_poor_translation_gives_way_to_a_freer_one(pipeline: Pipeline) -> None:
    done = translate(pipeline, "a minha colcha encravou", "pt")
    engine = installed_engines().get("pt", "en")
    assert isinstance(engine, Student)
    [usual] = engine.translate(["a minha colcha encravou."])
    assert usual.score < engine.doubtful_score
    assert "ingrown" in usual.text
    assert "stuck" in done.text
    assert done.receipt.warnings == ()
    assert done.receipt.repairs == ("retried",)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("pt", "Paguei R$ 1.234,56 no dia 12/05/2026 às 14h30 👍🏽"),
        ("pt", "O link https://loja.com.br/p?id=77&x=1 não abre no meu celular"),
        ("pt", "Meu telefone é +55 11 91234-5678 e o pedido é #889123"),
        ("pt", "Podem devolver para PT50 0002 0123 1234 5678 9015 4 por favor?"),
        ("pt", "Comprei 2 camisas por 19,90 € cada, mas veio só 1"),
        ("pt", "{nome}, seu cupom **PROMO10** vale até 31/12"),
        ("pt", "🇧🇷 Sou do Brasil e não falo inglês 😅 me ajuda aí"),
        ("pt", "ERRO 0x80070005 AO INSTALAR O PROGRAMA NO MEU COMPUTADOR"),
        ("pt", "Uso `pip install loja` e dá erro em config.json"),
        ("pt", "@suporte o #cupom não funciona"),
        ("pt", "Linha um\n\n  - item 12\n  - item 13\n\nTchau 👋"),
        ("pt", "chega dia 10/06 ou 11/06, entre 9h00 e 18h00"),
        ("en", "Your order #12345 will arrive on 12/05/2026 at 14:30."),
        ("en", "We sent the invoice to joao.silva@gmail.com yesterday 🎉"),
        ("en", "A refund of $49.99 was issued to card 4111-1111-1111-1111"),
        ("en", "Please open www.shop.com/returns and enter the code AB-12345-X"),
        ("en", "Hello {{name}}, you have %s new messages <b>today</b>"),
        ("en", "Call us at (11) 3456-7890 between 9:00 am and 6:00 pm"),
        ("en", "The parcel LX987654321BR weighs 2.5 kg and costs €15"),
        ("en", "1. Turn it off\n2. Wait 30 seconds\n3. Turn it on again"),
        ("en", "Your coupon is worth £3.50 until 2026-12-31 👨‍👩‍👧‍👦"),
        ("en", "Send $5, €6 and £7 to the same account"),
        ("en", "Müller & Söhne → our partner for 3 years"),
        ("en", "I'm sorry :( we only have 4 left in stock"),
    ],
)
def test_spans_come_out_byte_for_byte(pipeline: Pipeline, source: str, text: str) -> None:
    done = translate(pipeline, text, source)
    for span in find(text):
        wanted = text[span.start : span.end]
        if span.kind != "number":
            assert done.text.count(wanted) >= text.count(wanted), (wanted, done.text)
    assert [line.strip() == "" for line in done.text.split("\n")] == [line.strip() == "" for line in text.split("\n")]
    assert done.text != text
    assert done.receipt.warnings == ()


@pytest.mark.parametrize(
    ("source", "text", "wanted"),
    [
        ("pt", "ONDE ESTÁ O MEU DINHEIRO", "WHERE IS MY MONEY"),
        ("pt", "nao consigo acessar minha conta", "can't access my account"),
        ("pt", "vc pode me ajudar?", "Can you help me"),
        ("pt", "Última pergunta", "Last question"),
        ("pt", "Bom dia! Obrigada 😊", "Good morning! Thank you 😊"),
        ("en", "thx!", "Obrigado!"),
        ("en", "Thank you. Is there anything else I can help you with?", "Obrigado. Há mais alguma coisa"),
        ("en", "It’s the “third” parcel", '"terceira"'),
    ],
)
def test_chat_is_understood(pipeline: Pipeline, source: str, text: str, wanted: str) -> None:
    assert wanted in translate(pipeline, text, source).text


def test_a_batch_gives_what_each_gives_alone(pipeline: Pipeline) -> None:
    texts = [
        "Onde está o pedido #77?",
        "Obrigado!",
        "paguei R$ 5 hoje 😭",
        "",
        "não recebi o e-mail em ana@x.org ainda",
    ]
    together = pipeline.translate([Request(text, "pt", "en") for text in texts])
    assert together == [translate(pipeline, text, "pt") for text in texts]


@pytest.mark.parametrize("source", ["en", "pt"])
def test_rules_do_no_harm_to_sentences_that_they_were_not_made_for(pipeline: Pipeline, source: str) -> None:
    pairs = tomllib.loads((Path(__file__).parents[2] / "bench/sentences.toml").read_text(encoding="utf-8"))["pairs"]
    texts, references = zip(*(pair if source == "en" else pair[::-1] for pair in pairs), strict=True)
    engine = installed_engines().get(source, "pt" if source == "en" else "en")
    assert engine is not None
    bare = [hypothesis.text for hypothesis in engine.translate(texts)]
    whole = [translate(pipeline, text, source).text for text in texts]
    assert chrf(whole, references) > chrf(bare, references) - 0.3


def chrf(outputs: Sequence[str], references: Sequence[str]) -> float:
    return float(sacrebleu.corpus_chrf(list(outputs), [list(references)]).score)


NAMES = ["Glow Cream", "Orange", "Blue Moon Lamp", "Kärcher", "Müller", "Pão Quente"]


@pytest.mark.parametrize(("source", "text"), [("en", "Is {} available in blue?"), ("pt", "O {} que pedi não chegou.")])
@pytest.mark.parametrize("name", NAMES)
def test_names_that_the_shop_keeps_stay_as_they_are(source: str, text: str, name: str) -> None:
    terms = Matcher([Term(id="t", wordings={"en": Wording(name)}, kind="do-not-translate")], 1)
    done = translate(Pipeline(installed_engines(), lambda: terms), text.format(name), source)
    assert done.text.count(name) == 1
    assert done.receipt.warnings == ()


def test_names_with_letters_that_the_model_cannot_read_come_through(pipeline: Pipeline) -> None:
    assert translate(pipeline, "Falei com o Sr. Müller ontem", "pt").text == "I spoke to Mr. Müller yesterday"
    assert "Jürgen Groß" in translate(pipeline, "Meu nome é Jürgen Groß e moro em Tübingen", "pt").text


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_take_bounded_time_and_leave_their_neighbours_alone(pipeline: Pipeline, name: str) -> None:
    neighbours = [Request("good day", "en", "pt"), Request("where is my parcel", "en", "pt")]
    alone = [each.text for each in pipeline.translate(neighbours) if isinstance(each, Done)]
    begun = process_time()
    before, outcome, after = pipeline.translate([neighbours[0], Request(HOSTILE[name], "en", "pt"), neighbours[1]])
    assert process_time() - begun < 10  # 2 s on a quiet machine
    assert isinstance(before, Done)
    assert isinstance(after, Done)
    assert [before.text, after.text] == alone
    assert isinstance(outcome, Done) or outcome == Failed("too-long")
