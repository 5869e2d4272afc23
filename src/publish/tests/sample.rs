//! A few cells near 7.3 N 18.3 E, invented.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write;

use forewarn_models::grid::Grid;
use h3o::{CellIndex, LatLng, Resolution};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use crate::base::day::{Day, Week};
use crate::base::settings::Mission;
use crate::publish::{Layer, RESTRICTED, TierTables};
use crate::tables::{
    ClassRow, Classes, ClassesBuilder, Doubt, Expected, ExpectedBuilder, ExpectedCell, Reason,
    Signal, Signals, SignalsBuilder, Standing, StudyArea, Zone, Zones,
};

pub(super) struct Sample {
    pub mission: Mission,
    pub study_area: StudyArea,
    pub expected: Expected,
    pub signals: Signals,
    pub classes: Classes,
    pub zones: Zones,
}

/// The middle cell and the rings around it, in order of cell.
pub(super) fn cells(rings: u32) -> Vec<CellIndex> {
    let middle = LatLng::new(7.3, 18.3).unwrap().to_cell(Resolution::Five);
    let mut cells: Vec<_> = middle.grid_disk(rings);
    cells.sort();
    cells
}

pub(super) fn bytes(layer: &dyn Layer, tier: &TierTables<'_>) -> Vec<u8> {
    let mut file = Vec::new();
    layer.write(tier, &mut file).unwrap();
    file
}

pub(super) fn open_parquet(bytes: &[u8]) -> ParquetRecordBatchReaderBuilder<File> {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    ParquetRecordBatchReaderBuilder::try_new(file).unwrap()
}

pub(super) fn layer(name: &str) -> &'static dyn Layer {
    *crate::publish::LAYERS
        .iter()
        .find(|layer| layer.file_name() == name)
        .unwrap()
}

impl Sample {
    /// 19 cells; one zone of a ring with a hole, and one of a single cell.
    pub(super) fn new() -> Self {
        let cells = cells(2);
        let ring: Vec<CellIndex> = self::cells(1);
        let middle = LatLng::new(7.3, 18.3).unwrap().to_cell(Resolution::Five);
        let ring: Vec<_> = ring.into_iter().filter(|&cell| cell != middle).collect();
        Self {
            mission: Mission {
                name: "Demonstration".to_owned(),
                country: "CAF".to_owned(),
                synthetic: true,
            },
            zones: Zones {
                rows: vec![zone(1, &ring), zone(2, &[middle])],
            },
            expected: expected(&cells),
            signals: signals(&cells),
            classes: classes(&cells),
            study_area: StudyArea {
                grid: Grid::new(cells).unwrap(),
                cells_of: BTreeMap::new(),
            },
        }
    }

    pub(super) fn tier(&self) -> TierTables<'_> {
        TierTables {
            disclosure: RESTRICTED,
            mission: &self.mission,
            run_digest: "0a1b2c",
            window: (Week(2601), Week(2604)),
            phase: "southward",
            zones: &self.zones,
            study_area: &self.study_area,
            expected: &self.expected,
            signals: &self.signals,
            classes: &self.classes,
        }
    }
}

fn zone(rank: u32, cells: &[CellIndex]) -> Zone {
    Zone {
        zone_id: format!("z{rank}"),
        name: format!("=Place {rank}, 12 km NE"),
        cells: cells.to_vec(),
        area_km2: cells.iter().map(|cell| cell.area_km2()).sum(),
        standing: Some(Standing {
            rank,
            rank_lo: 1,
            rank_hi: rank + 1,
            p_top10: 0.987_654_321,
        }),
        stability: Some(0.75),
        risk: Doubt {
            mean: 3.25,
            lo: 1.5,
            hi: f64::NAN,
        },
        observed: 4.0,
        expected: 1.25,
        class_classic: Some("sporadic hot spot".to_owned()),
        class_seasonal: None,
        season_phase: "southward".to_owned(),
        reasons: vec![
            Reason {
                code: "ABOVE_SEASON",
                text: "4 reported, 1.25 expected".to_owned(),
            },
            Reason {
                code: "HOT",
                text: "2 cells; \"z\" 3.1".to_owned(),
            },
        ],
        counter_evidence: Vec::new(),
        mgrs: "34NBL0000".to_owned(),
        label: cells[0],
        last_report: Some(Day(18_200)),
        data_age_days: (rank == 1).then_some(12),
    }
}

pub(super) fn expected(cells: &[CellIndex]) -> Expected {
    let mut builder = ExpectedBuilder::default();
    for &cell in cells {
        builder.push(ExpectedCell {
            cell: cell.into(),
            area_km2: cell.area_km2(),
            observed: 2.0,
            located: 1.0,
            expected: 0.5,
            located_expected: 0.25,
            located_variance: 0.25,
            relative_rate: 1.0,
            rate_per_report: 0.5,
            posterior_shape: 3.0,
            posterior_rate: 2.0,
        });
    }
    builder.finish()
}

/// The first cell's course is not known.
fn classes(cells: &[CellIndex]) -> Classes {
    let mut builder = ClassesBuilder::default();
    for (i, &cell) in cells.iter().enumerate() {
        builder.push(ClassRow {
            cell: cell.into(),
            classic: (i > 0).then_some("sporadic hot spot"),
            seasonal: (i > 0).then_some("no pattern"),
        });
    }
    builder.finish()
}

/// Two detectors, listed backwards; the second has nothing to say of one cell.
pub(super) fn signals(cells: &[CellIndex]) -> Signals {
    let mut builder = SignalsBuilder::default();
    for detector in ["seasonal", "classic"] {
        for (i, &cell) in cells.iter().enumerate().rev() {
            let silent = detector == "classic" && i == 3;
            builder.push(Signal {
                detector,
                cell: cell.into(),
                value: Some(1.0),
                excess: 1.0,
                z: if silent { Some(f64::NAN) } else { Some(2.5) },
                p: (!silent).then_some(0.01),
                p_bh: (!silent).then_some(0.02),
                p_by: (!silent).then_some(0.03),
                hot: u8::from(i == 0),
            });
        }
    }
    builder.finish()
}
