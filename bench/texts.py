"""Support chat to measure with: sentences of our own, or those of an evaluation folder."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from pathlib import Path

VISITOR = (
    "Olá, tudo bem?",
    "Minha encomenda ainda não chegou.",
    "O código de rastreio é LP{n}CN, pode verificar por favor?",
    "Comprei um par de sapatos na semana passada e o tamanho está errado.",
    "Posso trocar por um tamanho maior?",
    "Já paguei o pedido {n}, mas o site diz que o pagamento está pendente.",
    "Quanto tempo demora o reembolso?",
    "Não recebi nenhum e-mail de confirmação até agora.",
    "O produto veio com um defeito na tampa, está rachada.",
    "Vocês entregam no sábado?",
    "Obrigado pela ajuda!",
    "Quero cancelar a minha compra porque encontrei um preço melhor em outra loja.",
    "Ok",
    "Sim, o endereço está correto.",
    "Ainda estou esperando uma resposta desde ontem, isso é muito frustrante.",
    "Qual é o prazo para devolver?",
)
AGENT = (
    "Hello, thank you for contacting us. How can I help you today?",
    "I am sorry to hear that.",
    "Could you please give me the number of your order?",
    "Thank you, I am checking this for you right now.",
    "Your parcel {n} left our warehouse on Monday and should arrive within two days.",
    "I have asked the carrier to look into it, and you will receive an e-mail with the result.",
    "You can return the shoes free of charge within 30 days.",
    "The refund takes three to five working days, depending on your bank.",
    "Is there anything else I can do for you?",
    "Please send us a photo of the damaged part so that we can replace it.",
    "Yes, we deliver on Saturdays between 9 and 13.",
    "The order {n} has been cancelled, and the amount will be paid back to your card.",
    "One moment, please.",
    "Have a nice day!",
)


def chat(eval_folder: Path | None) -> tuple[Iterator[str], Iterator[str]]:
    """Endless texts of visitors (Portuguese) and of agents (English)."""
    if eval_folder is None:
        numbers = itertools.count(100_000_001)
        return (
            (text.replace("{n}", str(next(numbers))) for text in itertools.cycle(VISITOR)),
            (text.replace("{n}", str(next(numbers))) for text in itertools.cycle(AGENT)),
        )
    rows = [json.loads(line) for line in (eval_folder / "chat.en-pt.jsonl").read_text("utf-8").splitlines()]
    by_language = {code: [row["text"] for row in rows if row["from"] == code] for code in ("pt", "en")}
    return itertools.cycle(by_language["pt"]), itertools.cycle(by_language["en"])
