"""The ladder and the chat client against a server that misbehaves."""

from __future__ import annotations

import json
import socket
import threading
import time

import pytest
from misbehaving_server import KEY, cuts, fails, raw, says
from pydantic import SecretStr

from studio.drafting.faults import BadRequest
from studio.drafting.ladder import Dialect, Ladder, Rung
from studio.drafting.llm import Chat, Endpoint
from studio.drafting.presets import PRESETS
from studio.drafting.probe import probe
from studio.errors import (
    Cancelled,
    ModelAnswerError,
    ModelAuthError,
    ModelBusy,
    ModelRefused,
    ModelTimeout,
    ModelUnreachable,
    SettingsError,
)

MESSAGES = [{"role": "system", "content": "你是店主。"}, {"role": "user", "content": "写一条。"}]
GOOD_TEXT = '{"hook": "开头一句。", "body": "正文一段。", "cta": "", "comment": "", "image_brief": ""}'


@pytest.fixture
def ask(server, quick):
    def ask_server(memory=None, **settings):
        ladder = Ladder(Chat(server.endpoint(**settings), patience=quick), {} if memory is None else memory)
        return ladder.ask(MESSAGES, temperature=0.5, max_tokens=300)

    return ask_server


def test_a_good_answer_comes_back_with_its_tokens_and_parameters(server, ask):
    server.script(says())
    answer = ask()
    assert (answer.sections.hook, answer.tokens_in, answer.tokens_out) == ("开头一句。", 100, 20)
    assert answer.parameters == {"temperature": 0.5, "max_tokens": 300}
    assert server.bodies[0]["response_format"]["json_schema"]["strict"] is True
    assert server.headers[0]["authorization"] == f"Bearer {KEY}"


def test_an_endpoint_without_json_schema_is_asked_one_rung_lower_and_remembered(server, ask):
    memory = {}
    server.script(fails(400, "response_format type is unavailable now"), says(), says())
    assert ask(memory).dialect.rung is Rung.JSON_OBJECT
    ask(memory)
    formats = [body.get("response_format", {}).get("type") for body in server.bodies]
    assert formats == ["json_schema", "json_object", "json_object"]
    assert "JSON Schema" in server.bodies[1]["messages"][0]["content"]
    assert list(memory.values()) == ["json_object"]


def test_an_endpoint_without_any_json_mode_is_asked_in_plain_text(server, ask):
    server.script(fails(400), fails(422), says("```json\n" + GOOD_TEXT + "\n```"))
    assert ask().dialect.rung is Rung.TEXT
    assert "response_format" not in server.bodies[2]


def test_a_request_that_every_rung_rejects_fails_with_what_to_check(server, ask):
    server.script(fails(400), fails(400), fails(400, "context too long"))
    with pytest.raises(BadRequest, match="模型名和参数") as caught:
        ask()
    assert "context too long" in caught.value.raw


def test_parameters_a_model_rejects_are_left_out_and_remembered(server, ask):
    memory = {}
    server.script(
        fails(400, "Unsupported parameter", param="max_tokens"),
        fails(400, "temperature does not support 0.5 with this model"),
        says(),
        says(),
    )
    answer = ask(memory)
    assert answer.parameters == {"max_completion_tokens": 300}
    assert answer.dialect.rung is Rung.JSON_SCHEMA
    ask(memory)
    assert "temperature" not in server.bodies[3]


@pytest.mark.parametrize("rung", list(Rung))
@pytest.mark.parametrize("without", [(), ("temperature",), ("max_tokens", "temperature")])
def test_a_remembered_dialect_reads_back(rung, without):
    assert Dialect.parse(str(Dialect(rung, without))) == Dialect(rung, without)


@pytest.mark.parametrize("memory", ["", "nonsense", "json_object -rm", "JSON_OBJECT"])
def test_a_damaged_memory_only_drops_what_is_unknown(memory):
    assert Dialect.parse(memory).without == ()


@pytest.mark.parametrize("status", [401, 403])
def test_a_wrong_key_says_so_without_showing_it(server, ask, status, caplog):
    caplog.set_level("DEBUG")
    server.script(fails(status, f"Incorrect API key provided: {KEY}"))
    with pytest.raises(ModelAuthError, match="密钥不对") as caught:
        ask()
    assert KEY not in f"{caught.value} {caught.value.raw} {caught.value!r} {caught.value.__cause__}"
    assert KEY not in caplog.text
    assert len(server.bodies) == 1


def test_the_key_is_not_in_the_endpoint_s_repr(server):
    assert KEY not in repr(server.endpoint())


def test_a_busy_server_is_asked_again_after_the_time_it_names(server, ask):
    server.script(fails(429, headers={"Retry-After": "0.2"}), says())
    started = time.monotonic()
    ask()
    assert time.monotonic() - started >= 0.2


def test_a_long_retry_after_is_reported_instead_of_slept(server, ask):
    server.script(fails(429, headers={"Retry-After": "90"}))
    with pytest.raises(ModelBusy, match="90 秒后") as caught:
        ask()
    assert caught.value.retry_after == 90
    assert len(server.bodies) == 1


def test_a_retry_after_date_is_understood(server, ask):
    dates = {"Retry-After": "Wed, 25 Nov 2026 10:01:00 GMT", "Date": "Wed, 25 Nov 2026 10:00:00 GMT"}

    def busy(handler):
        body = b"{}"
        handler.send_response_only(429)
        for name, value in {**dates, "Content-Length": str(len(body))}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)

    server.script(busy)
    with pytest.raises(ModelBusy) as caught:
        ask()
    assert caught.value.retry_after == 60


@pytest.mark.parametrize("value", ["nan", "inf", "-5", "soon", "1e9"])
def test_a_nonsense_retry_after_counts_as_none(server, ask, value):
    server.script(*[fails(429, headers={"Retry-After": value})] * 3)
    with pytest.raises(ModelBusy) as caught:
        ask()
    assert caught.value.retry_after is None
    assert len(server.bodies) == 3


def test_an_empty_account_is_not_asked_again(server, ask):
    server.script(fails(429, "You exceeded your current quota", code="insufficient_quota"))
    with pytest.raises(ModelBusy, match="余额"):
        ask()


def test_a_failing_server_is_given_up_after_three_attempts(server, ask):
    server.script(*[fails(500)] * 3)
    with pytest.raises(ModelUnreachable, match="500"):
        ask()
    assert len(server.bodies) == 3


def test_a_server_that_recovers_is_used(server, ask):
    server.script(fails(503), cuts, says())
    assert ask().sections.body == "正文一段。"


def test_a_hanging_server_ends_in_a_timeout_that_is_not_repeated(server, ask):
    server.script(server.hangs)
    started = time.monotonic()
    with pytest.raises(ModelTimeout, match=r"0\.3 秒没有回应"):
        ask(timeout=0.3)
    assert time.monotonic() - started < 3
    assert len(server.bodies) == 1


def test_an_answer_that_drips_for_ever_ends_in_a_timeout(server, ask):
    server.script(server.drips)
    with pytest.raises(ModelTimeout, match="没有写完"):
        ask(timeout=0.4)


def test_a_connection_cut_every_time_says_so(server, ask):
    server.script(*[cuts] * 3)
    with pytest.raises(ModelUnreachable, match="断了线"):
        ask()


def test_nobody_listening_names_the_host(quick):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    endpoint = Endpoint("ollama", f"http://127.0.0.1:{port}/v1", "m", timeout=2)
    with pytest.raises(ModelUnreachable, match=f"连不上 127.0.0.1:{port}"):
        Ladder(Chat(endpoint, patience=quick), {}).ask(MESSAGES, temperature=0, max_tokens=100)


def test_a_page_instead_of_an_answer_points_to_the_address(server, ask):
    server.script(raw("<html>登录</html>"))
    with pytest.raises(ModelAnswerError, match="/v1") as caught:
        ask()
    assert "登录" in caught.value.raw


@pytest.mark.parametrize(
    "body", ["", "null", "[]", "{}", '{"choices": []}', '{"choices": [{}]}', '{"choices": [null]}']
)
def test_an_answer_without_a_message_is_no_answer(server, ask, body):
    server.script(raw(body))
    with pytest.raises(ModelAnswerError):
        ask()


def test_a_giant_answer_is_not_read_to_its_end(server, ask):
    server.script(says("x" * 3_000_000))
    with pytest.raises(ModelAnswerError, match="大得不正常"):
        ask()


def test_a_wrong_model_name_is_named(server, ask):
    server.script(fails(404, "model not found"))
    with pytest.raises(ModelUnreachable, match="test-model"):
        ask()
    assert len(server.bodies) == 1


def test_text_instead_of_json_is_repaired_in_one_turn(server, ask):
    server.script(says("好的,我来写:今天摘了枸杞。"), says())
    answer = ask()
    assert answer.sections.hook == "开头一句。"
    assert (answer.tokens_in, answer.tokens_out) == (200, 40)
    roles = [message["role"] for message in server.bodies[1]["messages"]]
    assert roles == ["system", "user", "assistant", "user"]


def test_text_twice_fails_and_keeps_what_was_written(server, ask):
    server.script(says("第一次乱写"), says("第二次乱写"))
    with pytest.raises(ModelAnswerError, match="原文留着") as caught:
        ask()
    assert caught.value.raw == "第二次乱写"


@pytest.mark.parametrize(
    "answer",
    [
        "```json\n" + GOOD_TEXT + "\n```",
        "```\n" + GOOD_TEXT + "\n```",
        "好的:\n```JSON\n" + GOOD_TEXT + "```\n希望你喜欢",
        "<think>想一想</think>" + GOOD_TEXT,
        "开头:开头一句。\n正文:正文一段。",
    ],
)
def test_json_in_wrapping_needs_no_repair(server, ask, answer):
    server.script(says(answer))
    assert ask().sections.body == "正文一段。"
    assert len(server.bodies) == 1


@pytest.mark.parametrize("refusal", [{"refusal": "I can't help"}, {"finish": "content_filter"}])
def test_a_refusal_is_told_apart(server, ask, refusal):
    server.script(says(None, **refusal))
    with pytest.raises(ModelRefused):
        ask()


def test_a_refusal_in_words_is_told_apart_without_asking_again(server, ask):
    server.script(says("抱歉,我不能写这个内容。"))
    with pytest.raises(ModelRefused) as caught:
        ask()
    assert "抱歉" in caught.value.raw


def test_a_refusal_of_the_operator_is_told_apart(server, ask):
    server.script(fails(400, "Input data may contain inappropriate content", code="data_inspection_failed"))
    with pytest.raises(ModelRefused):
        ask()


def test_an_answer_cut_by_its_length_is_not_taken(server, ask):
    server.script(says('{"hook": "开', finish="length"))
    with pytest.raises(ModelAnswerError, match="max_tokens") as caught:
        ask()
    assert caught.value.raw == '{"hook": "开'


@pytest.mark.parametrize("content", ["", "  \n", None])
def test_an_empty_answer_says_so(server, ask, content):
    server.script(says(content))
    with pytest.raises(ModelAnswerError, match="空白"):
        ask()


def test_stopping_ends_a_wait_at_once(server):
    stop = threading.Event()
    server.script(fails(429, headers={"Retry-After": "15"}))
    threading.Timer(0.3, stop.set).start()
    started = time.monotonic()
    with pytest.raises(Cancelled, match="已停止"):
        Chat(server.endpoint(), stop=stop).send(MESSAGES, {})
    assert time.monotonic() - started < 5


def test_the_account_named_in_the_environment_is_not_sent(server, ask, monkeypatch):
    monkeypatch.setenv("OPENAI_ORG_ID", "org-private")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "proj-private")
    server.script(says())
    ask()
    assert "private" not in json.dumps(server.headers)


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"base_url": "api.example.com/v1", "model": "m"}, "https://"),
        ({"base_url": "ftp://example.com", "model": "m"}, "https://"),
        ({"base_url": "http://[bad", "model": "m"}, "https://"),
        ({"base_url": "https://me:pw@example.com/v1", "model": "m"}, "密钥一栏"),
        ({"base_url": "https://example.com/v1"}, "模型名"),
        ({"preset": "deepseek"}, "DeepSeek 需要密钥"),
        ({"preset": "nobody"}, "没有「nobody」"),
        ({"preset": "deepseek", "api_key": SecretStr("sk-中文")}, "重新复制"),
        ({"preset": "ollama", "timeout": 0}, "秒"),
    ],
)
def test_an_endpoint_that_cannot_work_is_refused_in_words(settings, sentence):
    with pytest.raises(SettingsError, match=sentence) as caught:
        Endpoint(**settings)
    assert "sk-" not in str(caught.value)


@pytest.mark.parametrize("name", [name for name, preset in PRESETS.items() if preset.base_url])
def test_every_preset_makes_an_endpoint(name):
    endpoint = Endpoint(name, model="m", api_key=SecretStr("k"))
    assert endpoint.base_url.startswith("http")
    assert endpoint.host


def test_a_probe_tells_what_the_endpoint_supports(server, quick):
    memory = {}
    server.script(fails(400), says())
    result = probe(server.endpoint(), memory=memory)
    assert (result.ok, result.rung, result.problem) == (True, "json_object", "")
    assert list(memory.values()) == ["json_object"]


def test_a_probe_of_a_broken_endpoint_is_a_result_with_a_sentence(server):
    server.script(fails(401))
    result = probe(server.endpoint())
    assert not result.ok
    assert "密钥" in result.problem
    assert KEY not in json.dumps(result.to_json())
