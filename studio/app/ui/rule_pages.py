"""A page for every rule: what it looks for, why, on what basis, what to write instead, and its examples."""

from __future__ import annotations

import streamlit as st

from studio.app.ui import session
from studio.app.ui.allowing import show_allowed
from studio.app.ui.marks import severity_text
from studio.vocabulary import ProductType, Severity

_RULE = "rule"
_CHOSEN = "rule_chosen"


def is_asked_for() -> bool:
    """Tell whether the address names a rule."""
    return _RULE in st.query_params


def link_to_rule(code: str) -> None:
    """Show a link to a rule's page."""
    st.page_link("views/review.py", label=f"规则 {code}", icon=":material/rule:", query_params={_RULE: code})


def _follow() -> None:
    if st.session_state.get(_CHOSEN):
        st.query_params[_RULE] = st.session_state[_CHOSEN]
    else:
        st.query_params.pop(_RULE, None)


def show_rules() -> None:
    """Show the rules with one of them open, and what the shop has allowed."""
    rules = session.workspace().reviewer.rules
    for problem in rules.problems:
        st.warning(session.plain(str(problem)), icon=":material/rule:")
    codes = list(rules.rules)

    def name(code: str) -> str:
        rule = rules.rules[code]
        return f"{rule.category.label} · {rule.title}({code})"

    asked = st.query_params.get(_RULE)
    st.session_state.setdefault(_CHOSEN, asked if asked in rules.rules else None)
    chosen = st.selectbox(
        f"{len(codes)} 条规则，输入字就能找",
        sorted(codes, key=name),
        format_func=name,
        key=_CHOSEN,
        on_change=_follow,
        placeholder="例如：最好、减肥、原价",
    )
    if chosen:
        _show_rule(chosen)
    st.subheader("放行过的", anchor=False)
    show_allowed()


def _show_rule(code: str) -> None:
    rules = session.workspace().reviewer.rules
    rule = rules.rules[code]
    with st.container(border=True, key=f"rule_{code}"):
        st.markdown(f"{severity_text(rule.severity)} **{session.plain(rule.title)}** :gray[{session.plain(code)}]")
        st.markdown(f"**为什么** {session.plain(rule.message)}")
        st.markdown(f"**这样写** {session.plain(rule.suggestion)}")
        stricter = _by_type(code)
        if stricter:
            st.markdown("**按商品类型** " + session.plain("；".join(stricter)))
        for article in rules.articles_of(rule):
            st.markdown(f"**依据** {session.plain(article.law)} {session.plain(article.article)}")
            if article.text:
                st.caption(session.plain(article.text))
        found, clear = st.columns(2)
        found.markdown(":red[会指出]  \n" + "  \n".join(session.plain(text) for text in rule.examples.find))
        clear.markdown(":green[不会指出]  \n" + "  \n".join(session.plain(text) for text in rule.examples.clear))


def _by_type(code: str) -> list[str]:
    """Return, in words, where the severity differs from the rule's own."""
    rule = session.workspace().reviewer.rules.rules[code]
    found: dict[Severity, list[str]] = {}
    for kind in ProductType:
        severity = rule.severity_for(kind, None)
        if severity is not rule.severity:
            found.setdefault(severity, []).append(kind.value)
    return [f"{severity.label}:{'、'.join(kinds)}" for severity, kinds in found.items()]
