"""The simulated register: totals, tables, determinism, modes; small registers, many seeds."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import yuyao_lib as yuyao
from yuyao_lib import schema
from yuyao_lib.cli import cli
from yuyao_lib.errors import DataError, InputError, ModeError
from yuyao_lib.findings import Mode
from yuyao_lib.paths import ROOT
from yuyao_lib.sources.simulation import (
    Setting,
    build,
    check_targets,
    open_potential_outcomes,
    open_simulated,
    parameters,
    read_truth,
    targets_of,
)
from yuyao_lib.sources.simulation.register import MANIFEST, setting_of
from yuyao_lib.sources.simulation.setting import effects_of
from yuyao_lib.sources.validation import validate, validate_links

SMALL = 0.01


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return build(Setting(scale=SMALL, seed=11), tmp_path_factory.mktemp("register") / "small")


@pytest.fixture
def copy(folder, tmp_path) -> Path:
    return Path(shutil.copytree(folder, tmp_path / "copy"))


@pytest.fixture(scope="module")
def data(folder):
    return open_simulated(path=folder)


def misses(folder: Path, setting: Setting) -> list[str]:
    return [row.key for row in check_targets(folder, setting).rows if not row.hit]


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    seed=st.integers(0, 2**40),
    scale=st.sampled_from([0.01, 0.013, 0.02]),
    scope=st.sampled_from(["disputes", "legal_aid", "both"]),
    null=st.booleans(),
)
def test_every_total_is_hit_for_any_seed(tmp_path_factory, seed, scale, scope, null) -> None:
    setting = Setting(scale=scale, seed=seed, amount_scope=scope, null=null)
    folder = build(setting, tmp_path_factory.mktemp("any") / "register")
    assert misses(folder, setting) == []
    shutil.rmtree(folder)


def test_a_missed_total_is_seen(copy) -> None:
    table = pq.read_table(copy / "rooms.parquet")
    pq.write_table(pq.read_table(copy / "risks.parquet").slice(1), copy / "risks.parquet")
    pq.write_table(table.slice(0, 0), copy / "rooms.parquet")
    assert misses(copy, Setting(scale=SMALL, seed=11)) == ["mediation_rooms", "risks_screened"]


def test_every_row_of_the_domain_has_a_query(folder) -> None:
    rows = {row.row for row in check_targets(folder, Setting(scale=SMALL, seed=11)).rows}
    assert rows == set(range(1, 38))


def test_tables_are_as_declared(data) -> None:
    assert data.tables == (*schema.tables(), "worker_panel")
    frames = {name: data.frame(name) for name in schema.tables()}
    for name, frame in frames.items():
        assert validate(frame, name).text.en.endswith("no problem found."), name
        assert list(frame.columns) == list(schema.table(name).names)
    assert validate_links(frames).ok


def test_every_id_carries_the_prefix(data) -> None:
    for name, table in schema.tables().items():
        for column in table.columns:
            if column.dtype == "string":
                ids = data.frame(name, columns=[column.name])[column.name].dropna()
                assert len(ids) and ids.astype(str).str.startswith("SIM-").all(), column


def test_same_setting_same_bytes_in_another_process(folder, tmp_path) -> None:
    code = (
        "from pathlib import Path; from yuyao_lib.sources.simulation import Setting, build;"
        f"build(Setting(scale={SMALL}, seed=11), Path({str(tmp_path / 'again')!r}))"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "7"}
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT, env=environment)
    names = sorted(file.name for file in folder.iterdir())
    assert len(names) == 27
    for name in names:
        assert (folder / name).read_bytes() == (tmp_path / "again" / name).read_bytes(), name


def test_another_seed_is_another_register(data, tmp_path) -> None:
    other = open_simulated(path=build(Setting(scale=SMALL, seed=12), tmp_path / "other"))
    one, two = (d.frame("worker_quarters", columns=["gross_wage"]) for d in (data, other))
    assert not one.equals(two)


def test_one_subject_does_not_disturb_another(data, tmp_path) -> None:
    setting = Setting(scale=SMALL, seed=11, amount_scope="legal_aid", heaping=1.0)
    other = open_simulated(path=build(setting, tmp_path / "other"))
    for name in ("unions", "activities", "rooms", "refunds"):
        pd.testing.assert_frame_equal(data.frame(name), other.frame(name))
    assert not data.frame("disputes").amount.equals(other.frame("disputes").amount)


def test_the_panel_is_balanced_and_sorted(data) -> None:
    panel = data.frame("worker_quarters")
    assert len(panel) == 4004 * 22
    assert panel.quarter.cat.ordered and panel.quarter.cat.categories[0] == "2018Q1"
    assert (panel.groupby("quarter").size() == 4004).all()
    assert not panel.duplicated(["worker_id", "quarter"]).any()


def test_members_follow_from_joiners_and_leavers(data) -> None:
    flow = data.frame("union_quarters").sort_values(["union_id", "quarter"])
    by_union = flow.groupby("union_id")
    expected = by_union.members.shift() + flow.joined - flow.left
    later = expected.notna()
    assert later.any() and (expected[later] == flow.members[later]).all()
    last = flow[flow.quarter == "2023Q2"].set_index("union_id").members
    assert last.equals(data.frame("unions").set_index("union_id").members.loc[last.index])


def test_contracts_cover_everyone_of_the_firm(data) -> None:
    contracts = data.frame("contracts")
    rounds = contracts[contracts.kind == "grade_wage"]
    quarter = rounds.effective_on.dt.to_period("Q").astype(str)
    sizes = data.frame("worker_quarters").groupby(["employer_id", "quarter"]).size()
    there = [sizes[(e, q)] for e, q in zip(rounds.employer_id, quarter, strict=True)]
    assert rounds.covered.tolist() == there
    assert (rounds.signed_on < rounds.effective_on).all()


def test_dates_are_in_order(data) -> None:
    pairs = {
        "disputes": ("filed_on", "closed_on"),
        "aid_cases": ("opened_on", "exited_on"),
        "mentor_pairs": ("start_on", "end_on"),
        "job_services": ("registered_on", "hired_on"),
        "cadres": ("start_on", "end_on"),
        "contracts": ("effective_on", "expires_on"),
    }
    for name, (first, second) in pairs.items():
        frame = data.frame(name).dropna(subset=[second])
        assert len(frame) == 0 or (frame[first] <= frame[second]).all(), name


def test_the_card_says_what_it_is(data) -> None:
    assert data.mode is Mode.SIMULATED
    assert "SIMULATED DATA, NOT A FINDING" in data.card.notes.en
    assert "模拟数据，非真实发现" in data.card.notes.zh
    assert len(data.origin.digests) == 24
    assert "seed 11" in data.origin.vintage


def test_parameters_carry_status() -> None:
    known = parameters()
    assert {row.status for row in known} == {"sourced", "derived", "assumed", "printed", "memory"}
    domain = [row for row in known if row.source or row.url or row.use != "generator"]
    assert len(list(known)) > len(domain)
    with pytest.raises(DataError, match="Did you mean 'sd_firm_effect'"):
        known.row("sd_firm_efect")


def test_truth_lists_every_parameter(data) -> None:
    truth = read_truth(data)
    assert truth["banner"]["zh"] == "模拟数据，非真实发现"
    assert {row["id"] for row in truth["parameters"]} == set(parameters().rows)
    assert truth["seed"] == 11 and truth["scale"] == SMALL


def test_null_has_no_effect_at_all(tmp_path) -> None:
    data = open_simulated(path=build(Setting(scale=SMALL, seed=3, null=True), tmp_path / "null"))
    truth = read_truth(data)["truths"]
    assert truth["contract"]["all_cells"]["att"] == 0
    assert set(truth["grade_premium"].values()) == {0}
    assert set(truth["exam"]["jump_by_target_grade"].values()) == {0}
    ratios = {v for k, v in truth["ratios"].items() if not k.startswith("n")}
    assert ratios == {1.0}
    assert truth["hardship"]["jump_at_1"] == truth["mutual_aid"]["log_odds_per_sd"] == 0
    assert truth["training"]["log_points"] == 0
    assert (data.frame("worker_quarters").skill_allowance == 0).all()
    outcomes = open_potential_outcomes(data, purpose="estimator_check")
    assert (outcomes.tau == 0).all() and len(outcomes)


def test_pretrend_is_there_and_only_in_contract_firms(data, tmp_path) -> None:
    setting = Setting(scale=SMALL, seed=11, pretrend=0.01)
    other = open_simulated(path=build(setting, tmp_path / "trend"))
    contracts = data.frame("contracts")
    firms = contracts.loc[contracts.kind == "grade_wage", "employer_id"]
    one, two = data.frame("worker_quarters"), other.frame("worker_quarters")
    gap = np.log(two.gross_wage) - np.log(one.gross_wage)
    treated = one.employer_id.isin(firms)
    assert gap[~treated].std() < 5e-4
    growth = gap[treated].groupby(one.quarter[treated]).mean().diff().dropna()
    assert np.allclose(growth, 0.01, atol=5e-4)


def test_heaping_moves_scores_over_the_mark(tmp_path) -> None:
    folder = build(Setting(scale=SMALL, seed=11, heaping=1.0), tmp_path / "heaped")
    scores = open_simulated(path=folder).frame("assessments")
    lower = scores[["theory", "skill"]].min(axis=1)
    assert not lower.between(57, 59.9).any() and lower.between(60, 62).any()
    assert (scores.passed == (lower >= 60)).all()


def test_potential_outcomes_cannot_be_reached_through_the_dataset(data) -> None:
    assert not data.has("potential_outcomes")
    for name in ("potential_outcomes", "potential_outcomes.parquet", "../potential_outcomes"):
        with pytest.raises(DataError, match="unknown table"):
            data.frame(name)
        with pytest.raises(DataError, match="unknown table"):
            data.path(name)
    columns = {c for name in data.tables for c in data.frame(name).columns}
    assert not columns & {"tau", "log_wage_with", "log_wage_without", "stayer", "first_quarter"}


def test_potential_outcomes_open_for_one_purpose_only(data) -> None:
    assert len(open_potential_outcomes(data, purpose="estimator_check"))
    with pytest.raises(ModeError, match="got 'grade_wage_contract'; allowed: estimator_check"):
        open_potential_outcomes(data, purpose="grade_wage_contract")
    with pytest.raises(ModeError, match="only a simulated register has a truth"):
        read_truth(yuyao.open("record"))


def test_only_the_estimator_check_names_them() -> None:
    for file in (ROOT / "notebooks").glob("*.ipynb"):
        if "estimator_check" not in file.name:
            text = file.read_text(encoding="utf-8")
            assert "potential_outcomes" not in text and "estimator_check" not in text, file.name


def test_other_ids_are_refused(copy) -> None:
    path = copy / "rooms.parquet"
    table = pq.read_table(path)
    kept = table.schema.metadata
    changed = table.to_pandas().assign(room_id=lambda f: "R" + f.room_id.str[4:])
    again = type(table).from_pandas(changed, preserve_index=False).replace_schema_metadata(kept)
    pq.write_table(again, path)
    forge_size(copy, "rooms")
    with pytest.raises(ModeError, match=r"rooms\.room_id is not simulated data"):
        open_simulated(path=copy)


def test_a_file_without_the_stamp_is_refused(copy) -> None:
    path = copy / "rooms.parquet"
    pq.write_table(pq.read_table(path).replace_schema_metadata(None), path)
    forge_size(copy, "rooms")
    with pytest.raises(ModeError, match=r"rooms\.parquet does not carry the stamp"):
        open_simulated(path=copy)


def forge_size(folder: Path, table: str) -> None:
    """Let the manifest agree with a changed file."""
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    manifest["tables"][table]["bytes"] = (folder / f"{table}.parquet").stat().st_size
    (folder / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")


def test_a_broken_register_is_refused(copy, tmp_path) -> None:
    with pytest.raises(DataError, match="no simulated register here"):
        open_simulated(path=tmp_path)
    content = (copy / "unions.parquet").read_bytes()
    (copy / "unions.parquet").write_bytes(content[:-10])
    with pytest.raises(DataError, match=r"not whole: unions\.parquet has changed"):
        open_simulated(path=copy)
    (copy / "unions.parquet").unlink()
    with pytest.raises(DataError, match="not whole"):
        open_simulated(path=copy)


def test_a_register_is_opened_by_its_folder_and_stays_simulated(copy) -> None:
    from yuyao_lib.reports.reach import _openers

    data = yuyao.open(str(copy))
    assert data.mode is Mode.SIMULATED and read_truth(data)["seed"] == 11
    assert _openers(str(copy)) == ["simulation"]
    (copy / "mapping.yaml").write_text("tables: {}\n", encoding="utf-8")
    assert _openers(str(copy)) == ["own"]  # who maps tables holds them for own
    with pytest.raises(DataError):
        yuyao.open(str(copy))


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"scale": 0.001}, "scale out of range: got 0.001; allowed: a number from 0.01 to 1"),
        ({"scale": 2}, "scale out of range"),
        ({"seed": -1}, "seed out of range"),
        ({"seed": 1.5}, "seed out of range: got 1.5"),
        ({"seed": "7"}, "seed out of range: got '7'"),
        ({"scale": "1"}, "scale out of range: got '1'"),
        ({"scale": float("nan")}, "scale out of range: got nan"),
        ({"null": "no"}, "null is a yes or no: got 'no'; allowed: True, False"),
        ({"pretrend": 1}, "pretrend out of range"),
        ({"heaping": 1.1}, "heaping out of range"),
        ({"amount_scope": "dispute"}, "Did you mean 'disputes'"),
    ],
)
def test_wrong_options_are_named(wrong, words) -> None:
    with pytest.raises(InputError, match=words):
        open_simulated(**wrong)


def test_unknown_columns_are_guessed(data) -> None:
    with pytest.raises(DataError, match="Did you mean 'gross_wage'"):
        data.frame("worker_quarters", columns=["gros_wage"])


def test_an_interrupted_build_leaves_nothing(tmp_path, monkeypatch) -> None:
    from yuyao_lib.sources.simulation import register

    def fail(*_args) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(register, "pay", fail)
    with pytest.raises(OSError, match="disk full"):
        build(Setting(scale=SMALL), tmp_path / "register")
    assert list(tmp_path.iterdir()) == []


def test_a_changed_truth_is_refused(copy) -> None:
    text = (copy / "truth.json").read_text(encoding="utf-8")
    (copy / "truth.json").write_text(text.replace('"seed": 11', '"seed": 12'), encoding="utf-8")
    with pytest.raises(DataError, match=r"truth\.json is not the one this register was built with"):
        read_truth(open_simulated(path=copy))


def test_totals_of_an_opened_register(data) -> None:
    report = targets_of(data)
    assert report.ok and len(report.to_frame()) == 50
    assert report._repr_html_().count("✓") == 50
    with pytest.raises(ModeError, match="got 'record'"):
        targets_of(yuyao.open("record"))


def test_assumed_parameters_come_first() -> None:
    table = parameters().to_frame("generator")
    assert table.status[0] == "assumed" and set(table.use) == {"generator"}
    assert (table.status == "assumed").sum() == parameters().counts("generator")["assumed"]


def test_a_folder_in_use_is_refused(folder) -> None:
    with pytest.raises(InputError, match="the folder for the register is in use"):
        build(Setting(scale=SMALL), folder)


def test_kept_below_outputs_and_built_once(tmp_path, monkeypatch) -> None:
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks" / "reports.yaml").write_text("reports: []\n", encoding="utf-8")
    monkeypatch.setenv("YUYAO_ROOT", str(tmp_path))
    code = (
        "from yuyao_lib.sources.simulation import open_simulated;"
        f"print(open_simulated(scale={SMALL}, seed=5).path('unions').parent)"
    )
    ask = [sys.executable, "-c", code]
    both = [subprocess.Popen(ask, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    places = {process.communicate(timeout=60)[0].strip() for process in both}
    (place,) = places
    assert Path(place).parent == tmp_path / "outputs" / "simulated"
    stamp = Path(place, MANIFEST).stat().st_mtime_ns
    data = yuyao.open("simulated", scale=SMALL, seed=5)
    assert Path(place, MANIFEST).stat().st_mtime_ns == stamp
    assert setting_of(Path(place)) == Setting(scale=SMALL, seed=5)
    assert len(data.frame("unions")) == 26
    kept = [file.name for file in Path(place).parent.iterdir() if file.is_dir()]
    assert kept == [Path(place).name]


def test_command_prints_every_total(tmp_path) -> None:
    out = tmp_path / "register"
    done = CliRunner().invoke(
        cli, ["simulate", "--scale", "0.01", "--seed", "4", "--out", str(out)]
    )
    assert done.exit_code == 0, done.output
    assert done.output.count("\nhit ") == 50 and "MISS" not in done.output
    assert done.output.startswith("SIMULATED DATA, NOT A FINDING 模拟数据，非真实发现")
    assert "50 of 50 totals hit, by construction" in done.output
    assert open_simulated(path=out).has("worker_quarters")


def test_command_in_json(tmp_path) -> None:
    out = tmp_path / "register"
    done = CliRunner().invoke(
        cli, ["simulate", "--scale", "0.01", "--null", "--json", "--out", str(out)]
    )
    answer = json.loads(done.output)
    assert answer["ok"] and len(answer["totals"]) == 50


def test_effects_are_those_of_the_parameters() -> None:
    effects = effects_of(Setting(), parameters())
    assert effects.phase(np.array([-1, 0, 3, 9])).tolist() == [0, 0.25, 1, 1]
    assert effects.separation == 0.9 and effects.settlement == 1.3
