"""What each soft rule is worth, in penalty points; a plan's objective is their sum.

A rule of a higher group beats any usual number of breaches of a lower one; inside a group the numbers say how
many breaches of one rule a merchant would take for one of another.
"""

from __future__ import annotations

# Promises: somebody asked for this post by name.
REQUEST_LEFT_OUT = 60000
"""A playbook without one of its steps makes no sense."""
SLOT_REMOVED = 40000
"""A re-plan takes a slot away only when no place is left for it."""
EVENT_LEFT_OUT = 30000
"""Readers wait for a weekly event."""
SLOT_MOVED = 4000
"""A re-plan touches a slot the merchant has seen only for what he would have done himself."""
EVENT_MOVED = 20000
"""A weekly event has its hour."""
OTHER_DAY = 400
"""Moved within its day a slot costs the merchant less thought than moved to another."""

# What readers feel.
OCCASION_UNTOLD = 4500
"""A lead-in or main day without any fitting post is lost for a year; worth moving one slot of a week."""
PRODUCT_IN_A_ROW = 800
"""Two ads without anything between them are what makes people mute a shop."""
SHARE = 600
"""A post too many for one channel or segment is a post too few for another."""
DAY_LOAD = 400
"""A silent day and a crowded one."""
OFF_HOUR = 300
"""A post when nobody looks; below a share, because a post at a poor hour is still read by some."""

# How even it is.
PRODUCT_SAME_DAY = 150
SEGMENT_SAME_DAY = 120
PILLAR_SAME_DAY = 80
CHANNEL_SAME_DAY = 60
CLOSE_BY = 20
"""For each stretch of three hours with two posts in it: people scroll past the second."""
HOUR_AWAY = 30
"""For each hour between an off-hour post and the nearest hour anybody reads, six at most."""
HOUR_RANK = 20
"""For each hour a segment reads more at than this one."""

TASTE = 3
"""The seed's own taste, up to this for a choice: it decides between plans that are about equally good."""
