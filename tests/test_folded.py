"""An error in a notebook is one sentence and the cell's line; the trace is folded."""

import nbformat
import papermill
import pytest
from papermill.exceptions import PapermillExecutionError

CODE = "import yuyao_lib as yuyao\ndata = yuyao.open('wagepan')\ndata.frame('wrkers')"
SAID = (
    "DataError: unknown table in wagepan: got 'wrkers'; allowed: workers. Did you mean 'workers'?"
)


@pytest.mark.parametrize("engine", ["yuyao", "nbclient"])
def test_in_a_notebook(engine, tmp_path) -> None:
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CODE)])
    book.metadata["kernelspec"] = {"name": "python3", "display_name": "P", "language": "python"}
    nbformat.write(book, tmp_path / "in.ipynb")
    with pytest.raises(PapermillExecutionError) as raised:
        papermill.execute_notebook(
            tmp_path / "in.ipynb", tmp_path / "out.ipynb", engine_name=engine, progress_bar=False
        )
    assert SAID in str(raised.value) and "Traceback" not in str(raised.value)
    done = nbformat.read(tmp_path / "out.ipynb", as_version=4).cells[-1]
    error, fold = done.outputs
    assert error.output_type == "error" and error.traceback[0] == SAID
    assert error.traceback[1:] == ["  cell line 3: data.frame('wrkers')"]
    assert fold.data["text/html"].startswith("<details><summary>The whole trace")
    assert "dataset.py" in fold.data["text/html"]


def test_without_ipython_nothing_changes() -> None:
    from yuyao_lib.errors import DataError

    with pytest.raises(DataError) as raised:
        raise DataError("no such column.")
    assert raised.value._render_traceback_()[0] == "DataError: no such column."


STOP = """from yuyao_lib.progress import watched
def asked():
    yield 1
    raise KeyboardInterrupt
sum(watched(asked(), what="draws"))"""


@pytest.mark.parametrize(("code", "folded"), [(STOP, True), ("raise KeyboardInterrupt", False)])
def test_a_cell_that_is_stopped_ends_with_one_sentence(code, folded, monkeypatch, capsys) -> None:
    from IPython.core.interactiveshell import InteractiveShell

    from yuyao_lib import folded as module

    monkeypatch.setattr(module, "somebody_looks", lambda: True)
    shell = InteractiveShell.instance()
    try:
        module.fold_interruptions()
        stopped = shell.run_cell(code)
        assert isinstance(stopped.error_in_exec, KeyboardInterrupt)
        said = capsys.readouterr().out.strip()
        if folded:
            assert said.splitlines() == [
                f"KeyboardInterrupt: {module.STOPPED}",
                "  cell line 4: raise KeyboardInterrupt",
            ]
        else:
            assert "Traceback" in said and module.STOPPED not in said
        assert shell.run_cell("1 + 1").result == 2
    finally:
        InteractiveShell.clear_instance()


def test_reports_and_other_handlers_are_left_alone(monkeypatch) -> None:
    from IPython.core.interactiveshell import InteractiveShell

    from yuyao_lib import folded as module

    shell = InteractiveShell.instance()
    try:
        monkeypatch.setattr(module, "somebody_looks", lambda: False)
        module.fold_interruptions()
        assert shell.custom_exceptions == ()
        monkeypatch.setattr(module, "somebody_looks", lambda: True)
        shell.set_custom_exc((ZeroDivisionError,), lambda *a, **k: None)
        module.fold_interruptions()
        assert shell.custom_exceptions == (ZeroDivisionError,)
    finally:
        InteractiveShell.clear_instance()
