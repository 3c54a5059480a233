"""A small clothes shop and its slots."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal
from typing import Any

from studio.brand import Brand, Fact, Persona, Product, Segment
from studio.planning.calendar import Slot
from studio.vocabulary import Channel, Pillar, ProductType, Stage

CLOTHES = Brand(
    name="素布",
    industry="服装",
    product_type=ProductType.FASHION,
    persona=Persona(name="小周", value_line="把衣服的料子讲明白", calls_readers="各位"),
    products=(
        Product(
            id="shirt",
            name="亚麻衬衫",
            price=Decimal("199.00"),
            unit="件",
            facts=(
                Fact(text="面料是100%亚麻,洗水标上写着。", source="洗水标", topic="面料写在哪", pillar=Pillar.PRODUCT),
                Fact(text="门襟六粒贝壳扣,备用扣缝在里侧。", source="样衣", topic="备用扣", pillar=Pillar.PRODUCT),
            ),
        ),
    ),
    facts=(
        Fact(text="亚麻第一次洗用凉水,别拧,挂着滴干。", source="洗护说明", topic="亚麻怎么洗", pillar=Pillar.VALUE),
        Fact(text="周二早上去布行,车堵了40分钟。", source="店主记录", topic="去布行", pillar=Pillar.LIFESTYLE),
    ),
    segments=(Segment(id="office", name="上班族", need="想知道怎么打理省事", all_tags=("上班族",)),),
)


def make_slot(number: int = 1, **changes: Any) -> Slot:
    return Slot(
        **{
            "id": f"2026-W48-{number:02d}",
            "date": date(2026, 11, 25),
            "time": time(20, 0),
            "channel": Channel.MOMENTS,
            "pillar": Pillar.PRODUCT,
            "stage": Stage.AWARENESS,
            "segment": None,
            "theme": "面料写在哪",
            "occasion": None,
            "product": "shirt",
            "why": "",
            **changes,
        }
    )
