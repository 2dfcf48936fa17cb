"""Whatever is wrong with a file is said in one line: where, what, and what to write; nothing is asked of AWS."""

import pytest
from tests.cli.manifests import Folder, bucket, exception, profile
from tests.cli.program import Run

from securebucket_dev.s3.recorder import Recorder

HEAD = "apiVersion: securebucket.io/v1alpha1\nkind: SecureBucket\n"
META = "metadata: {name: acme-invoices}\n"
NAMED = HEAD + META
OURS = "SecureBucket, BucketProfile or BucketException"

TEXTS = {
    f"kind: is required; write {OURS}": "apiVersion: securebucket.io/v1alpha1\nspec: {}\n",
    f"kind: ConfigMap is not a kind of this operator; use files with {OURS} only": "apiVersion: v1\nkind: ConfigMap\n",
    "kind: did you mean SecureBucket?": "kind: securebucket\n",
    "apiVersion: 'v1' is not valid; choose one of: securebucket.io/v1alpha1": "apiVersion: v1\nkind: SecureBucket\n"
    + META,
    "apiVersion: is required; add it": "kind: SecureBucket\n" + META,
    "metadata: is required; add it": HEAD,
    "metadata.name: is required; add it": HEAD + "metadata: {namespace: payments}\n",
    "spec.encrypton: there is no such field; did you mean encryption?": NAMED + "spec: {encrypton: {}}\n",
    "spec.mode: 'enforce' is not valid; choose one of: Enforce, Plan, Observe": NAMED + "spec: {mode: enforce}\n",
    "spec.versioning: must be a mapping (key: value)": NAMED + "spec: {versioning: Enabled}\n",
    "spec.publicAccessBlock.blockPublicAcls: must be true or false, without quotes": NAMED
    + 'spec: {publicAccessBlock: {blockPublicAcls: "true"}}\n',
    "is not a Kubernetes object; write apiVersion: securebucket.io/v1alpha1, kind, metadata and spec": "just words\n",
    "there is no SecureBucket in it; write one with apiVersion: securebucket.io/v1alpha1": "---\n---\n",
}


@pytest.fixture
def failed(s3: Recorder, run: Run) -> object:
    """Runs plan and apply on something wrong, and gives the lines of their complaints."""

    def complaints(*arguments: str, stdin: str = "") -> list[str]:
        planned, applied = (run(command, *arguments, stdin=stdin) for command in ("plan", "apply"))
        assert (planned.code, planned.out) == (applied.code, applied.out) == (1, "")
        assert planned.err == applied.err
        assert s3.calls == ()
        return planned.errors

    return complaints


@pytest.mark.parametrize("message", TEXTS)
def test_a_document_that_is_wrong(message: str, failed, folder: Folder) -> None:
    file = folder.write_text(TEXTS[message])
    assert failed("-f", file) == [f"error: {file}: {message}"]


def test_every_fault_has_a_line_of_its_own(failed, folder: Folder) -> None:
    text = NAMED + "spec: {mode: off, interval: 5, owner: me}\n"
    lines = failed("-f", folder.write_text(text))
    assert [line.split(": ")[2] for line in lines] == ["spec.mode", "spec.interval", "spec.owner"]


def test_the_document_is_numbered_where_there_are_several(failed, folder: Folder) -> None:
    file = folder.write(bucket("acme-uploads"), bucket(versionning={}))
    (line,) = failed("-f", file)
    assert line.startswith(f"error: {file}, document 2: spec.versionning: ")


def test_a_fault_in_one_file_stops_all(failed, folder: Folder) -> None:
    """Half of what was meant would be done otherwise."""
    good, bad = folder.write(bucket()), folder.write(bucket("acme-two", foo=1), name="bad.yaml")
    (line,) = failed("-f", good, "-f", bad)
    assert line.startswith(f"error: {bad}: spec.foo: ")


@pytest.mark.parametrize(
    ("text", "place", "reason"),
    [
        ("a: b: c\n", "line 1, column 5", "is not YAML: mapping values are not allowed here"),
        ("a: [\n", "line 2, column 1", "is not YAML: did not find expected node content"),
        (NAMED + "spec: {mode: Plan}\nspec: {}\n", "line 5, column 1", "spec is there twice; remove one"),
    ],
)
def test_text_that_is_no_yaml(text: str, place: str, reason: str, failed, folder: Folder) -> None:
    file = folder.write_text(text)
    (line,) = failed("-f", file)
    assert line.startswith(f"error: {file}, {place}: ")
    assert line.endswith(reason) or reason.startswith("is not YAML: did not")


def test_a_file_that_is_not_there(failed, folder: Folder) -> None:
    file = str(folder.path / "nowhere.yaml")
    assert failed("-f", file) == [f"error: {file}: there is no such file"]


def test_a_folder_without_manifests(failed, folder: Folder) -> None:
    assert failed("-f", str(folder.path)) == [f"error: {folder.path}: the folder has no .yaml, .yml or .json file"]


def test_a_file_that_is_no_text(failed, folder: Folder) -> None:
    file = folder.path / "picture.yaml"
    file.write_bytes(b"\x89PNG\r\n\xff\x00")
    assert failed("-f", str(file)) == [f"error: {file}: is not UTF-8 text; use a YAML file"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param(
            NAMED + 'spec: {bucketName: "a\\ud800"}\n', "holds half a character; write a whole one", id="half"
        ),
        pytest.param("spec: " + "[" * 3000 + "]" * 3000, "is nested too deep; use a YAML file", id="deep"),
        pytest.param(
            "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12)),
            "expands to more than 1,000,000 values",
            id="aliases of aliases",
        ),
        pytest.param(NAMED + 'spec: {mode: "\\UFFFFFFFF"}\n', "holds a value that cannot be read", id="no character"),
        pytest.param(NAMED + 'spec: {mode: "\\U00110000"}\n', "holds a value that cannot be read", id="beyond Unicode"),
        pytest.param("a: &a [*a]\n", "expands to more than 1,000,000 values", id="an alias of itself"),
        pytest.param(NAMED + "spec: {interval: 2030-99-99}\n", "spec.interval: not an interval", id="no date"),
        pytest.param(NAMED + f"spec: {{interval: {'9' * 5000}}}\n", "spec.interval: is too long", id="digits"),
        pytest.param(NAMED + f"spec: {{interval: 0x{'f' * 5000}}}\n", "spec.interval: is too long", id="hexadecimal"),
        pytest.param(
            NAMED + "spec: {2030-01-01: x}\n", "spec[2030-01-01]: there is no such field", id="a date as a key"
        ),
    ],
)
def test_values_that_nothing_could_be_done_with(text: str, reason: str, failed, folder: Folder) -> None:
    (line,) = failed("-f", folder.write_text(text))
    assert reason in line


def test_a_text_of_a_file_cannot_colour_a_terminal_or_begin_a_line(failed, folder: Folder) -> None:
    (line,) = failed("-f", folder.write_text(NAMED + 'spec: {"\\e[31m\\nerror: x": 1}\n'))
    assert r"spec[\u001b[31m" in line
    assert "\x1b" not in line


def test_a_file_with_control_characters(failed, folder: Folder) -> None:
    file = folder.write_text("a: \x01\n")
    (line,) = failed("-f", file)
    assert line.startswith(f"error: {file}: is not YAML: ")


def test_standard_input_is_named(failed) -> None:
    (line,) = failed("-f", "-", stdin="kind: Pod\n")
    assert line.startswith("error: standard input: kind: Pod")


def test_an_object_that_is_there_twice(failed, folder: Folder) -> None:
    file = folder.write(bucket(), bucket(mode="Plan"))
    (line,) = failed("-f", file)
    assert (
        line
        == f"error: {file}, document 2: SecureBucket payments/acme-invoices is there twice; remove one, or rename it"
    )


def test_a_profile_that_is_there_twice(failed, folder: Folder) -> None:
    file = folder.write(bucket(), profile("strict"), profile("strict", mode="Plan"))
    assert failed("-f", file) == [
        f"error: {file}, document 3: BucketProfile strict is there twice; remove one, or rename it"
    ]


def test_an_exception_that_is_there_twice(failed, folder: Folder) -> None:
    file = folder.write(bucket(), exception(), exception(check="tagged"))
    place = f"error: {file}, document 3: BucketException payments/accepted"
    assert failed("-f", file) == [f"{place} is there twice; remove one, or rename it"]


def test_an_exception_for_a_check_that_there_is_not(failed, folder: Folder) -> None:
    file = folder.write(bucket(), exception(check="tls"))
    (line,) = failed("-f", file)
    assert line.startswith(f"error: {file}, document 2: spec.check: 'tls' is not valid; choose one of: access-logged")


def test_an_item_of_a_list_is_numbered(failed, folder: Folder) -> None:
    file = folder.write({"apiVersion": "v1", "kind": "List", "items": [bucket(), bucket("acme-two", foo=1)]})
    (line,) = failed("-f", file)
    assert line.startswith(f"error: {file}, item 2: spec.foo: ")


def test_what_a_template_left_empty_means_absent(s3: Recorder, run: Run, folder: Folder) -> None:
    assert run("plan", "-f", folder.write_text(NAMED + "spec:\n  mode:\n  tags: {tagSet: }\n")).code == 2
