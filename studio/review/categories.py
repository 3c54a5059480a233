"""The kinds of trouble a finding can mean."""

from __future__ import annotations

from studio.vocabulary import Word


class Category(Word):
    """What a rule is about; the code stands in JSON, the label is what the merchant reads."""

    ABSOLUTE = "absolute", "绝对化用语"
    MEDICAL = "medical", "医疗与疾病"
    HEALTH_FOOD = "health_food", "保健食品"
    FOOD = "food", "食品"
    COSMETICS = "cosmetics", "化妆品"
    FALSE_CLAIM = "false_claim", "虚假与无据"
    DATA_SOURCE = "data_source", "数据无出处"
    AUTHORITY = "authority", "背书与名义"
    PRICE = "price", "价格与促销"
    DISPARAGEMENT = "disparagement", "贬低他人"
    INDUCEMENT = "inducement", "诱导互动"
    REVIEW_BRIBE = "review_bribe", "好评与刷单"
    BLACKLIST = "blacklist", "平台禁发"
    DIVERSION = "diversion", "引流与联系方式"
    BROADCAST = "broadcast", "群发与打扰"
    URGENCY = "urgency", "催促"
    HYPE = "hype", "夸张"
    ALCOHOL = "alcohol", "酒类"
    FINANCE = "finance", "金融与招商"
    EDUCATION = "education", "教育培训"
    PROPERTY = "property", "房产"
    MINORS = "minors", "未成年人"
    STATE = "state", "国家标志与名义"
    MORALS = "morals", "公序良俗"
    PRIVACY = "privacy", "个人信息"
    DISCLOSURE = "disclosure", "应当标明"
    STYLE = "style", "AI 腔"
    GROUNDING = "grounding", "没有依据"
    CALENDAR = "calendar", "排期与重复"
    SYSTEM = "system", "审稿本身"
