"""What is found to be wrong with a translation, and what is let pass."""

from __future__ import annotations

import pytest

from translation.edits import Edit, Edited
from translation.prepare import Held, Prepared
from translation.restore import Fixed
from translation.verify import Expected, check, copied_in_parts


def warnings(source: str, target: str, expected: Expected | None = None, score: float = -0.1) -> tuple[str, ...]:
    prepared = Prepared((0, len(source)), source, Edited(source, ()), (), ())
    return check(prepared, target, (), (), expected or Expected(), score=score)


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("Where is my parcel?", "Onde está minha encomenda?"),
        ("ok", "ok"),
        ("Maria João Pereira da Silva", "Maria João Pereira da Silva"),
        ("no, no, no, no, no, no, no, no", "não, não, não, não, não, não, não, não"),
        ("the total is fine, the final total", "o total é bom, o total final"),
        ("three of them", "3 deles"),
    ],
)
def test_lets_pass(source: str, target: str) -> None:
    assert warnings(source, target, Expected({"three": 3})) == ()


@pytest.mark.parametrize(
    ("source", "target", "found"),
    [
        ("where is my parcel now", "where is my parcel now", "untranslated"),
        ("wo ist denn meine neue bestellung", "Wo ist denn meine neu bestellung", "untranslated"),
        ("where is my parcel", "где посылка моя", "language"),
        ("where is my parcel", "onde onde onde onde onde onde onde onde", "repetition"),
        ("where is the parcel that I ordered", "sim", "length"),
        ("it costs nothing", "custa 47", "number-changed"),
        ("where is my parcel", "", "length"),
    ],
)
def test_finds(source: str, target: str, found: str) -> None:
    assert found in warnings(source, target)


def test_what_the_source_repeats_may_be_repeated_though_codes_stood_for_it() -> None:
    source, target = "size 42 size 42 size 42 or size 42", "tamanho 42 tamanho 42 tamanho 42 ou tamanho 42"
    sizes = (5, 13, 21, 32)
    edited = Edited(source, [Edit(at, at + 2, f"QZ{number}") for number, at in enumerate(sizes)])
    held = tuple(Held(at, at + 2, "42", f"QZ{number}", "number") for number, at in enumerate(sizes))
    fixed = [Fixed(at, at + 2, "42") for at in (8, 19, 30, 44)]
    assert check(Prepared((0, len(source)), source, edited, held, ()), target, fixed, (), Expected()) == ()


def test_a_language_of_another_script_has_to_be_written_in_it() -> None:
    korean = Expected(scripts="Hangul Han Latin")
    assert warnings("where is my parcel of the week", "내 소포는 지금 어디에 있습니까 AB", korean) == ()
    assert warnings("where is my parcel of the week", "donde esta mi paquete hoy", korean) == ("language",)
    assert warnings("where is my parcel", "주문 посылка", korean) == ("language",)
    assert warnings("call it мир", "chame-o de мир") == ()  # it stood in the source


def test_protected_spans_say_nothing_of_the_language() -> None:
    source, text = "the name is QZ1 as you said", "o nome é мир como disse"
    held = Held(12, 15, "мир", "QZ1", "foreign")
    prepared = Prepared((0, len(source)), source, Edited(source, ()), (held,), ())
    assert check(prepared, text, (Fixed(9, 12, "мир"),), (), Expected()) == ()


def test_a_half_copied_text_is_looked_at_by_its_language() -> None:
    source = "where is my parcel that was ordered last week by me"
    half = "where is my pacote that was ordered na semana by mim"
    asked: list[str] = []

    def elsewhere(text: str) -> bool:
        asked.append(text)
        return True

    assert warnings(source, half, Expected(elsewhere=elsewhere)) == ("language",)
    assert warnings(source, half, Expected(elsewhere=lambda text: False)) == ()
    assert warnings(source, half) == ()
    assert asked == [half]


def test_a_model_may_doubt_its_own_words() -> None:
    assert warnings("fine then", "bom então", Expected(doubtful=-0.36), score=-0.4) == ("low-score",)
    assert warnings("fine then", "bom então", Expected(doubtful=-0.36), score=-0.3) == ()
    assert warnings("fine then", "bom então", score=-9.0) == ()


def test_a_copy_in_parts_is_one_all_the_same() -> None:
    assert copied_in_parts(
        [("Wo ist meine Bestellung?", "Wo ist meine Bestellung?"), ("Ich warte seit", "Ich warte seit")]
    )
    assert not copied_in_parts([("where is my order", "onde está meu pedido"), ("ok then", "ok then")])
