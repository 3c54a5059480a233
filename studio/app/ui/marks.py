"""How pillars, severities and statuses look: always a colour, an icon and a word together."""

from __future__ import annotations

from typing import Literal

from studio.vocabulary import Channel, Pillar, Severity, Status, Verdict

Colour = Literal["red", "orange", "yellow", "blue", "green", "gray"]

PILLAR_COLOUR: dict[Pillar, Colour] = {Pillar.PRODUCT: "orange", Pillar.VALUE: "blue", Pillar.LIFESTYLE: "yellow"}
PILLAR_ICON = {
    Pillar.PRODUCT: ":material/shopping_bag:",
    Pillar.VALUE: ":material/lightbulb:",
    Pillar.LIFESTYLE: ":material/potted_plant:",
}
CHANNEL_ICON = {
    Channel.MOMENTS: ":material/camera:",
    Channel.GROUP: ":material/groups:",
    Channel.DIRECT: ":material/chat:",
    Channel.OFFICIAL: ":material/article:",
    Channel.VIDEO: ":material/videocam:",
}
SEVERITY_MARK = {Severity.BLOCK: "■", Severity.WARN: "▲", Severity.INFO: "●"}
SEVERITY_COLOUR: dict[Severity, Colour] = {Severity.BLOCK: "red", Severity.WARN: "yellow", Severity.INFO: "gray"}
VERDICT_COLOUR: dict[Verdict, Colour] = {Verdict.PASS: "green", Verdict.REVISE: "yellow", Verdict.BLOCK: "red"}
VERDICT_ICON = {
    Verdict.PASS: ":material/check_circle:",
    Verdict.REVISE: ":material/change_history:",
    Verdict.BLOCK: ":material/block:",
}
STATUS_COLOUR: dict[Status, Colour] = {
    Status.PLANNED: "gray",
    Status.DRAFTED: "gray",
    Status.IN_REVIEW: "yellow",
    Status.CHANGES_REQUESTED: "yellow",
    Status.APPROVED: "green",
    Status.POSTED: "green",
    Status.SKIPPED: "gray",
}
WEEKDAYS = "一二三四五六日"


def severity_text(severity: Severity) -> str:
    """Return a severity as Markdown: mark and word in its colour."""
    return f":{SEVERITY_COLOUR[severity]}[{SEVERITY_MARK[severity]} {severity.label}]"
