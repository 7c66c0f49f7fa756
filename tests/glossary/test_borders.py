"""Where words begin and end in each script."""

from __future__ import annotations

import pytest

from glossary.borders import whole_word


@pytest.mark.parametrize(
    ("text", "word", "language", "right"),
    [
        ("my order, please", "order", "en", True),
        ("border", "order", "en", False),
        ("orders", "order", "en", False),
        ("order_id", "order", "en", False),
        ("the order's box", "order", "en", True),
        ("I can't", "can", "en", False),
        ("an e-mail", "mail", "en", False),
        ("credit-card", "card", "en", True),
        ("l'ordine", "ordine", "it", True),
        ("мой заказ.", "заказ", "ru", True),
        ("заказы", "заказ", "ru", False),
        ("η παραγγελία", "παραγγελία", "el", True),
        ("我的订单在哪里", "订单", "zh", True),
        ("注文はどこ", "注文", "ja", True),
        ("iPhoneを買う", "iPhone", "ja", True),
        ("คำสั่งซื้อของฉัน", "ของ", "th", True),
        ("주문은 어디", "주문", "ko", True),
        ("주문에서는 안", "주문", "ko", True),
        ("주문자 이름", "주문", "ko", False),
        ("재주문", "주문", "ko", False),
        ("iPhone을 샀어요", "iPhone", "ko", True),
        ("والطلب", "طلب", "ar", True),
        ("مطلب", "طلب", "ar", False),
        ("בהזמנה", "הזמנה", "he", True),
        ("तालाब", "ताल", "hi", False),
    ],
)
def test_borders(text: str, word: str, language: str, right: bool) -> None:
    start = text.index(word)
    assert whole_word(text, start, start + len(word), language) is right
