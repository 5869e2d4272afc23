//! Snapshots appear whole or not at all, whatever fails, wherever a run is killed.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use super::sample::Sample;
use crate::base::error::{Error, Result};
use crate::publish::{LAYERS, MissionLock, RESTRICTED, Snapshot, write_tier};

/// A mission folder, removed at the end.
/// What is done to a mission folder before a run.
type Damage = fn(&Path);

struct Mission(tempfile::TempDir);

impl Mission {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn publish(&self, run_id: &str, text: &str) -> Result<PathBuf> {
        let lock = MissionLock::take(self.path())?;
        let snapshot = Snapshot::begin(&lock, run_id)?;
        snapshot.write("restricted/zones.csv", |out| write(out, text))?;
        snapshot.write("run.json", |out| write(out, "{}"))?;
        snapshot.commit()
    }

    /// Every name below the folder, and where `latest` leads.
    fn state(&self) -> (Vec<PathBuf>, Option<PathBuf>) {
        let (mut names, mut open) = (Vec::new(), vec![self.path().to_path_buf()]);
        while let Some(folder) = open.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let entry = entry.unwrap();
                if entry.file_type().unwrap().is_dir() {
                    open.push(entry.path());
                }
                names.push(entry.path());
            }
        }
        names.sort();
        (names, fs::read_link(self.path().join("latest")).ok())
    }

    fn latest_text(&self) -> String {
        fs::read_to_string(self.path().join("latest/restricted/zones.csv")).unwrap()
    }
}

fn write(out: &mut (dyn Write + Send), text: &str) -> Result<()> {
    out.write_all(text.as_bytes())
        .map_err(Error::io(Path::new("test"), "write"))
}

#[test]
fn latest_leads_to_the_last_snapshot_and_earlier_ones_stay() {
    let mission = Mission::new();
    mission.publish("a", "first").unwrap();
    assert_eq!(
        mission.publish("b", "second").unwrap(),
        mission.path().join("runs/b")
    );
    assert_eq!(mission.state().1, Some(PathBuf::from("runs/b")));
    assert_eq!(mission.latest_text(), "second");
    let first = fs::read_to_string(mission.path().join("runs/a/restricted/zones.csv")).unwrap();
    assert_eq!(first, "first");
}

#[test]
fn every_layer_lies_in_its_tiers_folder() {
    let mission = Mission::new();
    let lock = MissionLock::take(mission.path()).unwrap();
    let snapshot = Snapshot::begin(&lock, "a").unwrap();
    write_tier(&snapshot, &Sample::new().tier()).unwrap();
    let run = snapshot.commit().unwrap();
    for layer in LAYERS {
        assert!(
            run.join(RESTRICTED).join(layer.file_name()).is_file(),
            "{}",
            layer.file_name()
        );
    }
}

#[test]
fn a_layer_that_fails_half_way_changes_nothing() {
    let mission = Mission::new();
    mission.publish("a", "first").unwrap();
    let before = mission.state();
    let lock = MissionLock::take(mission.path()).unwrap();
    let snapshot = Snapshot::begin(&lock, "b").unwrap();
    snapshot.write("run.json", |out| write(out, "{}")).unwrap();
    let failed = snapshot.write("restricted/zones.csv", |out| {
        write(out, "half")?;
        Err(Error::Statistic {
            stage: "test",
            reason: "fails".to_owned(),
        })
    });
    assert!(failed.is_err());
    drop(snapshot);
    assert_eq!(mission.state(), before);
}

#[test]
fn the_same_run_again_only_moves_latest() {
    let mission = Mission::new();
    mission.publish("a", "first").unwrap();
    mission.publish("b", "second").unwrap();
    let (names, _) = mission.state();
    mission.publish("a", "first").unwrap();
    assert_eq!(mission.state(), (names, Some(PathBuf::from("runs/a"))));
}

#[test]
fn the_same_run_with_other_bytes_is_a_fault_that_names_the_file() {
    let mission = Mission::new();
    mission.publish("a", "first").unwrap();
    mission.publish("b", "second").unwrap();
    let before = mission.state();
    for other in ["First", "first and more", ""] {
        let error = mission.publish("a", other).unwrap_err();
        assert!(
            error.to_string().contains("runs/a/restricted/zones.csv"),
            "{error}"
        );
        assert_eq!(error.exit_code(), 1);
        assert_eq!(mission.state(), before);
    }
    fs::write(mission.path().join("runs/a/extra"), "").unwrap();
    let error = mission.publish("a", "first").unwrap_err();
    assert!(error.to_string().contains("runs/a/extra"), "{error}");
    assert_eq!(mission.latest_text(), "second");
}

#[test]
fn what_stands_in_the_way_at_any_step_leaves_latest_alone() {
    let obstacles: &[(&str, Damage)] = &[
        ("runs", |mission| {
            fs::write(mission.join("runs/b"), "not a folder").unwrap();
        }),
        ("latest", |mission| {
            fs::create_dir(mission.join(".latest-new")).unwrap();
        }),
        ("lock", |mission| {
            fs::remove_file(mission.join(".lock")).unwrap();
            fs::create_dir(mission.join(".lock")).unwrap();
        }),
    ];
    for (step, block) in obstacles {
        let mission = Mission::new();
        mission.publish("a", "first").unwrap();
        block(mission.path());
        let error = mission.publish("b", "second").unwrap_err();
        assert_eq!(error.exit_code(), 1, "{step}");
        assert_eq!(mission.latest_text(), "first", "{step}");
        let staged = mission
            .state()
            .0
            .iter()
            .any(|p| p.to_string_lossy().contains(".staging-"));
        assert!(!staged, "{step}");
    }
}

#[test]
fn a_first_run_that_cannot_begin_leaves_no_latest() {
    let mission = Mission::new();
    fs::write(mission.path().join("runs"), "not a folder").unwrap();
    assert_eq!(mission.publish("a", "first").unwrap_err().exit_code(), 1);
    assert_eq!(mission.state().1, None);
}

#[test]
fn a_run_killed_at_any_step_is_made_up_for_by_the_next() {
    let killed: &[(&str, Damage)] = &[
        ("writing", |mission| {
            fs::create_dir_all(mission.join("runs/.staging-b/restricted")).unwrap();
            fs::write(mission.join("runs/.staging-b/restricted/zones.csv"), "ha").unwrap();
        }),
        ("writing another run", |mission| {
            fs::create_dir_all(mission.join("runs/.staging-c/restricted")).unwrap();
        }),
        ("between rename and switch", |mission| {
            fs::create_dir_all(mission.join("runs/b/restricted")).unwrap();
            fs::write(mission.join("runs/b/restricted/zones.csv"), "second").unwrap();
            fs::write(mission.join("runs/b/run.json"), "{}").unwrap();
        }),
        ("in the switch", |mission| {
            std::os::unix::fs::symlink("runs/b", mission.join(".latest-new")).unwrap();
        }),
    ];
    let undisturbed = Mission::new();
    undisturbed.publish("a", "first").unwrap();
    undisturbed.publish("b", "second").unwrap();
    let names = |mission: &Mission| {
        let (names, latest) = mission.state();
        let inside = |name: &PathBuf| name.strip_prefix(mission.path()).unwrap().to_path_buf();
        (names.iter().map(inside).collect::<Vec<_>>(), latest)
    };
    for (step, kill) in killed {
        let mission = Mission::new();
        mission.publish("a", "first").unwrap();
        kill(mission.path());
        assert_eq!(mission.latest_text(), "first", "{step}");
        mission.publish("b", "second").unwrap();
        assert_eq!(mission.latest_text(), "second", "{step}");
        assert_eq!(names(&mission), names(&undisturbed), "{step}");
    }
}

#[test]
fn only_unfinished_snapshots_are_cleared() {
    let mission = Mission::new();
    fs::create_dir_all(mission.path().join("runs/kept")).unwrap();
    fs::create_dir_all(mission.path().join("runs/.staging-old/restricted")).unwrap();
    mission.publish("a", "first").unwrap();
    assert!(mission.path().join("runs/kept").is_dir());
    assert!(!mission.path().join("runs/.staging-old").exists());
}

#[test]
fn where_someone_will_be_stands_in_no_tier_that_others_read() {
    let mission = Mission::new();
    let lock = MissionLock::take(mission.path()).unwrap();
    let snapshot = Snapshot::begin(&lock, "a").unwrap();
    let sample = Sample::new();
    for disclosure in [RESTRICTED, "internal", "partner", "public"] {
        let tier = crate::publish::TierTables {
            disclosure,
            ..sample.tier()
        };
        write_tier(&snapshot, &tier).unwrap();
    }
    let run = snapshot.commit().unwrap();
    for (tier, may) in [
        (RESTRICTED, true),
        ("internal", true),
        ("partner", false),
        ("public", false),
    ] {
        for name in ["outreach.csv", "outreach.json"] {
            assert_eq!(run.join(tier).join(name).exists(), may, "{tier}/{name}");
        }
        let zones = fs::read_to_string(run.join(tier).join("zones.csv")).unwrap();
        assert_eq!(zones.contains("clear_brush"), may, "{tier}");
        assert_eq!(zones.contains("options_other"), may, "{tier}");
    }
}
