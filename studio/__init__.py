"""私域内容工作台: plan a week of posts, draft them, review them, remember them."""

__version__ = "0.1.0"
