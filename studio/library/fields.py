"""The fields a post is imported from, and the column names people give them."""

from __future__ import annotations

import re

from studio.library.index import fold
from studio.library.posts import METRICS

FIELDS = {
    "text": "正文",
    "title": "标题",
    "pillar": "类型",
    "channel": "渠道",
    "posted_on": "日期",
    "posted_time": "时刻",
    "segment": "客群",
    "tags": "标签",
    **METRICS,
    "source": "来源",
    "is_example": "反面例子",
}
"""Field codes in the order a form shows them, with the word for each."""

_NAMES = {
    "text": "text content body copy caption 正文 内容 文案 文字 朋友圈内容 朋友圈文案 发布内容 文案内容 正文内容 话术",
    "title": "title 标题 主题 题目",
    "pillar": "pillar 类型 支柱 内容类型 类别 分类 栏目 category type",
    "channel": "channel 渠道 平台 发布渠道 发布平台 platform",
    "posted_on": "posted_on date posted_at publish_date 日期 发布日期 发布时间 时间 发布日 发送时间 created_at",
    "posted_time": "posted_time 时刻 发布时刻 发送时刻",
    "segment": "segment 客群 人群 受众 目标人群 目标客群 audience",
    "tags": "tags tag 标签 属性 关键词 话题 attributes keywords",
    "views": "views view 浏览 浏览量 阅读 阅读量 阅读数 曝光 曝光量 播放 播放量 浏览数",
    "likes": "likes like 点赞 点赞数 点赞量 赞 获赞",
    "comments": "comments comment 评论 评论数 评论量 留言 留言数",
    "inquiries": "inquiries inquiry 咨询 咨询数 咨询量 私聊 询单",
    "orders": "orders order 下单 订单 订单数 成交 成交数 下单数 销量",
    "source": "source 来源 出处 文件",
    "is_example": "is_example 反面例子 反例",
}
_FIELD_OF = {name: field for field, names in _NAMES.items() for name in names.split()}


def field_of(column: str) -> str | None:
    """Return the field a column name stands for (Chinese or English, units in brackets ignored), or None."""
    name = re.sub(r"[(\[【].*?[)\]】]", "", fold(column)).strip()
    name = name.removeprefix("metrics.")
    return _FIELD_OF.get(name) or _FIELD_OF.get(re.sub(r"[\s_-]+", "_", name))
