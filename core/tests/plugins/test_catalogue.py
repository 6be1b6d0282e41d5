"""What is installed is known without importing any of it."""

import sys
import zipfile

from planting import plant, plant_metadata

from lift_sys.plugins.catalogue import Catalogue


def scan(*folders):
    return Catalogue.scan([str(folder) for folder in folders])


def test_an_entry_says_where_it_comes_from(tmp_path):
    plant(tmp_path, "lift-sys-a", name="idea", version="2.1", requires=("lift-sys>=0.1,<9",))
    (entry,) = scan(tmp_path).entries
    assert (entry.kind, entry.name, entry.value) == ("strategies", "idea", "lift_sys_a")
    assert (entry.distribution, entry.version) == ("lift-sys-a", "2.1")
    assert entry.requires_core == ("lift-sys>=0.1,<9",)
    assert entry.summary == "All about lift-sys-a"
    assert entry.full_name == "lift-sys-a:idea"
    assert "lift_sys_a" not in sys.modules


def test_of_one_distribution_twice_on_the_path_the_first_counts(tmp_path):
    plant(tmp_path / "first", "lift-sys-a", name="old", version="1.0")
    plant(tmp_path / "second", "Lift.Sys_A", name="new", version="2.0")
    catalogue = scan(tmp_path / "first", tmp_path / "second")
    assert [entry.name for entry in catalogue.entries] == ["old"]


def test_a_first_one_without_plugins_hides_a_second_with_some(tmp_path):
    plant_metadata(tmp_path / "first", "lift-sys-a")
    plant(tmp_path / "second", "lift-sys-a")
    assert not scan(tmp_path / "first", tmp_path / "second").entries


def test_only_requirements_on_the_core_that_hold_without_an_extra_are_kept(tmp_path):
    requires = (
        "lift-sys-other>=1",
        'lift-sys[testing]; extra == "test"',
        "Lift_Sys (>=0.1)",
        'lift.sys<9; python_version >= "3"',
        "pydantic",
    )
    plant(tmp_path, "lift-sys-a", requires=requires)
    assert scan(tmp_path).entries[0].requires_core == (requires[2], requires[3])


def test_broken_metadata_is_skipped_and_told(tmp_path):
    plant(tmp_path, "lift-sys-a")
    (plant_metadata(tmp_path, "no-metadata", entry_points={"lift_sys.x": {}}) / "METADATA").unlink()
    info = plant_metadata(tmp_path, "no-version", entry_points={"lift_sys.scorers": {"a": "b"}})
    (info / "METADATA").write_text("Name: no-version\n")
    info = plant_metadata(tmp_path, "binary", entry_points={})
    (info / "entry_points.txt").write_bytes(b"[lift_sys.scorers]\n\xff = \xfe\n")
    info = plant_metadata(tmp_path, "a-folder")
    (info / "entry_points.txt").mkdir()
    catalogue = scan(tmp_path, tmp_path / "missing")
    assert [entry.distribution for entry in catalogue.entries] == ["binary", "lift-sys-a"]
    told = " ".join(catalogue.problems)
    assert len(catalogue.problems) == 3
    for name in ("no_metadata", "no_version", "a_folder"):
        assert name in told


def test_a_kind_that_does_not_exist_is_told_with_the_nearest(tmp_path):
    plant(tmp_path, "lift-sys-a", kind="strategy")
    catalogue = scan(tmp_path)
    assert not catalogue.entries
    assert "'strategy', which is no kind: did you mean 'strategies'?" in catalogue.problems[0]


def test_other_groups_comments_and_leftovers_are_passed_over(tmp_path):
    info = plant_metadata(tmp_path, "lift-sys-a")
    (info / "entry_points.txt").write_text(
        "[console_scripts]\nx = lift_sys.cli:main\n\n# a comment\n[lift_sys.scorers]\n"
        "; another\nlength=lift_sys_a.plugin\nnonsense\n"
    )
    info.with_name("~lift_sys_b-1.0.dist-info").mkdir()
    catalogue = scan(tmp_path)
    assert [(entry.name, entry.value) for entry in catalogue.entries] == [
        ("length", "lift_sys_a.plugin")
    ]
    assert not catalogue.problems


def test_a_distribution_in_a_zip_file_is_found(tmp_path):
    plant(tmp_path / "site", "lift-sys-a")
    archive = tmp_path / "a.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for path in (tmp_path / "site").rglob("*"):
            packed.write(path, path.relative_to(tmp_path / "site"))
    assert [entry.distribution for entry in scan(archive).entries] == ["lift-sys-a"]


def test_an_egg_info_folder_counts(tmp_path):
    plant(tmp_path, "lift-sys-a")
    info = tmp_path / "lift_sys_a-1.0.dist-info"
    (info / "METADATA").rename(info / "PKG-INFO")
    info.rename(tmp_path / "lift_sys_a.egg-info")
    assert [entry.distribution for entry in scan(tmp_path).entries] == ["lift-sys-a"]


def test_the_core_is_found_where_it_is_installed():
    catalogue = Catalogue.installed()
    assert catalogue.core_version
    assert catalogue is Catalogue.installed()
    assert catalogue.find("sandboxes", "lift_sys:zygote") == catalogue.find("sandboxes", "zygote")
