"""The shop's document as a file: YAML or JSON in, YAML out."""

from __future__ import annotations

import yaml

from studio.brand import Brand, read_brand
from studio.errors import ImportFailed

MAX_BYTES = 1_000_000
"""A shop's document has a few thousand lines at most."""

_KEPT = "没有导入，原来的资料没动。"


def as_yaml(brand: Brand) -> str:
    """Return the brand as YAML that reads back as the same brand."""
    document = brand.model_dump(mode="json", exclude_defaults=True)
    return yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=120)


def parse(content: bytes, source: str) -> Brand:
    """Return the brand in a file's bytes; :class:`ImportFailed` lists everything to mend, all at once."""
    if len(content) > MAX_BYTES:
        raise ImportFailed(f"「{source}」超过 {MAX_BYTES // 1_000_000} MB，不像店铺资料。{_KEPT}")
    try:
        text = content.decode("utf-8-sig")
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, Loader=yaml.SafeLoader)):
            raise ImportFailed(f"「{source}」里不能用 & 和 * 引用，请把内容写全。{_KEPT}")
        data = yaml.safe_load(text)
    except UnicodeDecodeError:
        raise ImportFailed(f"「{source}」要用 UTF-8 保存。{_KEPT}") from None
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        place = f"第 {mark.line + 1} 行附近" if mark else "里面"
        raise ImportFailed(f"「{source}」{place}的写法不对，多半是缩进或标点。{_KEPT}") from None
    brand, problems = read_brand(data, source)
    if brand is None:
        listed = "\n".join(f"- {problem.field} {problem.message}".strip() for problem in problems)
        raise ImportFailed(f"「{source}」有 {len(problems)} 处要改。{_KEPT}\n{listed}")
    return brand
