use std::collections::BTreeMap;
use std::path::PathBuf;

use arrow::array::{Array, BooleanArray, Float64Array};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use super::*;
use crate::base::code::{Kind, PlacePrecision};
use crate::base::settings::{Known, Settings};

/// A folder that is removed when the test ends.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let name = format!("forewarn-synth-{}-{name}", std::process::id());
        let folder = Self(std::env::temp_dir().join(name));
        let _ = fs::remove_dir_all(&folder.0);
        folder
    }

    fn generate(&self, plan: Plan) -> Summary {
        generate(&plan, &self.0, &Progress::new(plan.steps(), true)).unwrap()
    }

    fn files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    walk(&path, found);
                } else {
                    found.push(path);
                }
            }
        }
        let mut paths = Vec::new();
        walk(&self.0, &mut paths);
        let relative = |path: &Path| path.strip_prefix(&self.0).unwrap().to_path_buf();
        paths
            .iter()
            .map(|path| (relative(path), fs::read(path).unwrap()))
            .collect()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn demo_settings() -> Settings {
    let known = Known {
        sources: vec![
            "boundaries",
            "communities",
            "effort",
            "mapped",
            "movements",
            "observations",
            "places",
        ],
        seasons: vec!["caf"],
    };
    Settings::check(Path::new("mission.toml"), SETTINGS, &known).unwrap()
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_seed_others() {
    let (a, b, c) = (
        Folder::new("same-a"),
        Folder::new("same-b"),
        Folder::new("same-c"),
    );
    assert_eq!(a.generate(Plan::DEMO), b.generate(Plan::DEMO));
    assert!(a.files() == b.files());
    c.generate(Plan {
        seed: Seed(2),
        ..Plan::DEMO
    });
    let (of_a, of_c) = (a.files(), c.files());
    for file in [
        "inbox/incidents/incidents.csv",
        "inbox/movements/movements.csv",
    ] {
        assert!(of_a[Path::new(file)] != of_c[Path::new(file)], "{file}");
    }
    assert!(of_a[Path::new("truth.parquet")] == of_c[Path::new("truth.parquet")]);
}

#[test]
fn every_file_says_synthetic_and_has_the_rows_the_summary_counts() {
    let folder = Folder::new("marked");
    let summary = folder.generate(Plan::DEMO);
    let files = folder.files();
    assert_eq!(files.len(), 10, "{:?}", files.keys());
    for (path, bytes) in &files {
        let found = bytes.windows(9).any(|window| window == b"SYNTHETIC");
        assert!(found, "{}", path.display());
    }
    let rows = |file: &str| {
        let bytes = &files[Path::new(file)];
        memchr::memchr_iter(b'\n', bytes).count() as u64 - 1
    };
    assert_eq!(
        rows("inbox/incidents/incidents.csv"),
        summary.incidents + summary.broken
    );
    assert_eq!(rows("inbox/movements/movements.csv"), summary.movements);
    assert_eq!(rows("inbox/effort/effort.csv"), summary.effort);
    assert_eq!(
        rows("inbox/observations/observations.csv"),
        summary.observations
    );
    assert_eq!(rows("inbox/places/places.csv"), summary.places);
}

#[test]
fn the_truth_is_read_back_and_says_what_to_raise() {
    let folder = Folder::new("truth");
    let summary = folder.generate(Plan {
        incidents: 60_000,
        ..Plan::DEMO
    });
    let file = File::open(folder.0.join("truth.parquet")).unwrap();
    let mut reader = ParquetRecordBatchReaderBuilder::try_new(file)
        .unwrap()
        .build()
        .unwrap();
    let batch = reader.next().unwrap().unwrap();
    assert_eq!(batch.num_rows() as u64, summary.planted);
    let column = |name: &str| batch.column_by_name(name).unwrap();
    let raise = column("should_raise")
        .as_any()
        .downcast_ref::<BooleanArray>()
        .unwrap();
    assert_eq!(raise.true_count() as u64, summary.to_raise);
    assert_eq!(summary.to_raise, 3);
    let number = |name| {
        column(name)
            .as_any()
            .downcast_ref::<Float64Array>()
            .unwrap()
    };
    let (now, past) = (number("expected_window"), number("expected_past"));
    for i in (0..raise.len()).filter(|&i| raise.value(i)) {
        assert!(now.value(i) > 3.9 * past.value(i) && now.value(i) > 120.0);
    }
}

#[test]
fn the_settings_are_sound_and_know_every_word_of_the_incident_file() {
    let settings = demo_settings();
    assert!(settings.mission.synthetic && settings.mission.name.contains("SYNTHETIC"));
    let mapped = settings
        .sources
        .iter()
        .find(|source| source.kind == "mapped")
        .unwrap();
    let header: Vec<&str> = incidents::HEADER.trim_end().split(',').collect();
    for (ours, theirs) in &mapped.columns {
        assert!(header.contains(&theirs.as_str()), "{ours} = {theirs}");
    }
    for (words, column) in [
        (&incidents::WHAT[..], "kind"),
        (&incidents::KNOWN_TO, "place_precision"),
    ] {
        let known = &mapped.values[column];
        for word in words {
            assert!(known.contains_key(*word), "{column}: {word}");
        }
    }
    for (&kind, word) in Kind::ALL.iter().zip(incidents::WHAT) {
        assert_eq!(mapped.values["kind"][word], kind.name());
        let counted = !world::NOT_COUNTED.contains(&kind);
        assert_eq!(
            settings.outcome.kinds.contains(&kind),
            counted,
            "{}",
            kind.name()
        );
    }
    for (&precision, word) in PlacePrecision::ALL.iter().zip(incidents::KNOWN_TO) {
        assert_eq!(mapped.values["place_precision"][word], precision.name());
    }
}

#[test]
fn the_settings_detection_window_is_the_one_the_truth_is_told_for() {
    let window = demo_settings().window;
    let settled = Day(DEMO_AS_OF.0 - i32::from(window.reporting_delay_days));
    assert_eq!(settled.week().last_day(), calendar::WINDOW_LAST);
    assert_eq!(
        settled,
        calendar::WINDOW_LAST,
        "the week that ends then has ended"
    );
    assert_eq!(i32::from(window.detect_weeks) * 7, calendar::WINDOW_DAYS);
    assert_eq!(i32::from(window.history_years), calendar::HISTORY_YEARS);
    let history = calendar::WINDOW_FIRST.0 - 364 * i32::from(window.history_years);
    assert!(calendar::FIRST_DAY.0 <= history);
    assert_eq!(
        i32::from(window.reporting_delay_days),
        calendar::LONGEST_DELAY_DAYS
    );
}

#[test]
fn a_folder_with_other_settings_is_left_alone() {
    let folder = Folder::new("other");
    fs::create_dir_all(&folder.0).unwrap();
    fs::write(folder.0.join("mission.toml"), "own = true\n").unwrap();
    let refused = generate(&Plan::DEMO, &folder.0, &Progress::new(1, true)).unwrap_err();
    assert_eq!(refused.exit_code(), 2);
    assert_eq!(folder.files().len(), 1);
}

#[test]
fn sizes_out_of_range_are_refused() {
    for incidents in [0, 999, 1_000_000_001] {
        let plan = Plan {
            incidents,
            ..Plan::DEMO
        };
        let folder = Folder::new("size");
        assert!(
            generate(&plan, &folder.0, &Progress::new(1, true)).is_err(),
            "{incidents}"
        );
    }
}
