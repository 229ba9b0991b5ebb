"""Cells run in this process give what a kernel would give."""

import asyncio
from asyncio import events

import nbformat
import papermill
import pytest
from papermill.engines import papermill_engines
from papermill.exceptions import PapermillExecutionError

from yuyao_lib.reports import cell_outputs, engine


@pytest.fixture
def run(tmp_path):
    """Execute cells with an engine and return (notebook, error)."""
    papermill_engines.register("in_process", engine.InProcessEngine)

    def execute(*cells, engine_name="in_process", parameters=None, **options):
        book = nbformat.v4.new_notebook(
            metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}}
        )
        book.metadata.kernelspec["language"] = "python"
        book.cells = [nbformat.v4.new_code_cell(text, id=f"c{i}") for i, text in enumerate(cells)]
        book.cells[0].metadata["tags"] = ["parameters"]
        nbformat.write(book, tmp_path / "in.ipynb")
        try:
            papermill.execute_notebook(
                tmp_path / "in.ipynb",
                tmp_path / "out.ipynb",
                parameters=parameters or {},
                engine_name=engine_name,
                progress_bar=False,
                **options,
            )
            error = None
        except PapermillExecutionError as failed:
            error = failed
        return nbformat.read(tmp_path / "out.ipynb", as_version=4), error

    return execute


CELLS = (
    "x: int = 1",
    "print(x); print('b')\nimport sys\nprint('err', file=sys.stderr)",
    "x + 1",
    "from IPython.display import HTML, display\nshown = display(HTML('<b>a</b>'), display_id='k')",
    "shown.update(HTML('<b>c</b>'))",
    "import asyncio\nawait asyncio.sleep(0)\n[get_ipython() is not None]",
    "import matplotlib.pyplot as plt\nplt.plot([1, 2]);",
)


def outputs(book):
    """Return what a reader would see, without what differs between any two runs."""
    kept = []
    for cell in book.cells:
        for output in cell.get("outputs", []):
            plain = {k: v for k, v in output.items() if k != "execution_count"}
            kept.append((cell.source, plain))
    return kept


@pytest.mark.parametrize("imported_before", [False, True])
def test_same_outputs_as_a_kernel(run, imported_before) -> None:
    if imported_before:
        import matplotlib.pyplot as plt

        plt.close("all")
    here, error = run(*CELLS, parameters={"x": 5})
    kernel, other = run(*CELLS, parameters={"x": 5}, engine_name="nbclient")
    assert error is None
    assert other is None
    assert outputs(here) == outputs(kernel)
    assert any("image/png" in o.get("data", {}) for _, o in outputs(here))


def test_cells_may_await_where_a_loop_is_running(run) -> None:
    loop, before = asyncio.new_event_loop(), events._get_running_loop()
    events._set_running_loop(loop)  # as in JupyterLab, or where a browser is driven
    try:
        book, error = run("x = 1", "import asyncio\nawait asyncio.sleep(0)\nx + 1")
        assert events._get_running_loop() is loop
    finally:
        events._set_running_loop(before)
        loop.close()
    assert error is None
    assert book.cells[-1].outputs[0].data["text/plain"] == "2"


@pytest.mark.parametrize(
    ("cell", "name", "said"),
    [
        ("1/0", "ZeroDivisionError", "division by zero"),
        ("def f(:", "SyntaxError", "invalid syntax"),
        ("input('?')", "StdinNotImplementedError", "nobody to ask"),
        ("quit()", "QuitEarly", "before its last cell"),
        ("raise SystemExit(3)", "SystemExit", "3"),
        (
            "class Bad(Exception):\n    def __str__(self):\n        raise ValueError\nraise Bad",
            "Bad",
            "own text failed",
        ),
        ("while True:\n    pass", "CellTimeoutError", "longer than 1 seconds"),
        (
            "get_ipython().showtraceback = lambda *_, **__: None\n1/0",
            "ZeroDivisionError",
            "division by zero",
        ),
    ],
)
def test_a_failing_cell_stops_the_notebook(run, cell, name, said) -> None:
    book, error = run("x = 1", cell, "print('never')", execution_timeout=1)
    assert error is not None
    failed = next(c for c in book.cells if c.source == cell)
    (shown,) = [o for o in failed.outputs if o.output_type == "error" and o.ename == name]
    assert said in shown.evalue
    last = book.cells[-1]
    assert last.execution_count is None
    assert last.outputs == []


def test_output_is_bounded(run, monkeypatch) -> None:
    monkeypatch.setattr(cell_outputs, "OUTPUT_LIMIT", 1000)
    _, error = run("x = 1", "print('a' * 2000)")
    assert "larger than 1,000 characters" in str(error)


def test_the_process_is_given_back_as_it_was(run) -> None:
    import sys

    before = sys.modules["__main__"], sys.stdout, sys.displayhook
    run("x = 1", "y = 2")
    assert (sys.modules["__main__"], sys.stdout, sys.displayhook) == before
    book, error = run("x = 1", "'y' in dir()")
    assert error is None
    assert book.cells[1].outputs[0].data["text/plain"] == "False"
