//! A few cells near 7.3 N 18.3 E, invented.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write;

use forewarn_models::grid::Grid;
use h3o::{CellIndex, LatLng, Resolution};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use super::ground::{boundaries, lines, places, steps};
use crate::base::code::{IndicatorRole, IndicatorState, ReportingState, SilenceKind, ZoneKind};
use crate::base::day::{Day, Week};
use crate::base::settings::Mission;
use crate::publish::{Ground, Layer, RESTRICTED, TierTables};
use crate::tables::{
    ActionOption, Boundaries, CellSteps, CellWarning, ClassRow, Classes, ClassesBuilder,
    DetectionBuilder, DetectionRow, Doubt, EarlyWarnings, EarlyWarningsBuilder, Expected,
    ExpectedBuilder, ExpectedCell, Forecasts, IndicatorValue, IndicatorValues,
    IndicatorValuesBuilder, InterventionsBuilder, Lines, OutreachPlan, PatrolPlans, Places, Reason,
    Reporting, ReportingRecord, Signal, Signals, SignalsBuilder, Silence, SilencesBuilder,
    Standing, StudyArea, Zone, ZoneIndicator, ZoneIndicators, ZoneIndicatorsBuilder, Zones,
};

pub(super) struct Sample {
    pub mission: Mission,
    pub study_area: StudyArea,
    pub expected: Expected,
    pub signals: Signals,
    pub classes: Classes,
    pub zones: Zones,
    pub reporting: Reporting,
    pub indicators: IndicatorValues,
    pub zone_indicators: ZoneIndicators,
    pub early_warnings: EarlyWarnings,
    pub forecasts: Forecasts,
    pub boundaries: Boundaries,
    pub lines: Lines,
    pub outreach: OutreachPlan,
    pub patrols: PatrolPlans,
    pub places: Places,
    pub steps: CellSteps,
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
        Self::of_rings(2)
    }

    /// The same zones among more cells.
    pub(super) fn of_rings(rings: u32) -> Self {
        let cells = cells(rings);
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
            reporting: reporting(&cells),
            expected: expected(&cells),
            signals: signals(&cells),
            classes: classes(&cells),
            indicators: indicators(&cells),
            zone_indicators: zone_indicators(middle),
            early_warnings: early_warnings(&cells),
            forecasts: Forecasts::default(),
            outreach: super::outreach::sample(),
            patrols: super::patrols::sample(),
            boundaries: boundaries(),
            lines: lines(),
            places: places(),
            steps: steps(cells.len()),
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
            reporting: &self.reporting,
            signals: &self.signals,
            classes: &self.classes,
            indicators: &self.indicators,
            zone_indicators: &self.zone_indicators,
            early_warnings: &self.early_warnings,
            forecasts: &self.forecasts,
            outreach: &self.outreach,
            patrols: &self.patrols,
            ground: Ground {
                as_of: Week(2604).last_day(),
                boundaries: &self.boundaries,
                lines: &self.lines,
                places: &self.places,
                seasons: &[],
                steps: Some(&self.steps),
            },
        }
    }
}

fn zone(rank: u32, cells: &[CellIndex]) -> Zone {
    Zone {
        p_event_28d: None,
        zone_id: format!("z{rank}"),
        kind: ZoneKind::Area,
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
        rank_robustness: Some(2.0 / 3.0),
        reporting: Some(Doubt {
            mean: 0.25,
            lo: 0.1,
            hi: 0.5,
        }),
        reporting_state: ReportingState::Scenario,
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
        protective: Vec::new(),
        options_patrol: Vec::new(),
        options_other: vec![ActionOption {
            option: "clear_brush".to_owned(),
            because: vec!["ON_WAY".to_owned()],
            text_en: "Clear brush".to_owned(),
            text_fr: "Débroussailler".to_owned(),
        }],
        early_warning: None,
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

/// The last cell is silent and its reporting unknown.
fn reporting(cells: &[CellIndex]) -> Reporting {
    let (mut detection, mut silences) = (DetectionBuilder::default(), SilencesBuilder::default());
    for (i, &cell) in cells.iter().enumerate() {
        let known = i + 1 < cells.len();
        detection.push(DetectionRow {
            cell: cell.into(),
            state: u8::from(known),
            q: known.then_some(0.25),
            q_lo: known.then_some(0.1),
            q_hi: known.then_some(0.5),
            change: 1.0,
            days_since_contact: known.then_some(3),
            reason: if known {
                "assumed"
            } else {
                "SILENCE: no_contact"
            },
        });
        if !known {
            silences.push(Silence {
                cell: cell.into(),
                kind: SilenceKind::NoContact.code(),
                days_since_contact: None,
                observed: 0.0,
                expected: 1.5,
                p: None,
                p_bh: None,
            });
        }
    }
    Reporting {
        detection: detection.finish(),
        silences: silences.finish(),
        interventions: InterventionsBuilder::default().finish(),
        effects: Vec::new(),
        scenarios: Vec::new(),
        record: ReportingRecord {
            state: "scenarios",
            reason: None,
            effort_logged: None,
            n_reports: None,
            n_cells: None,
            level: None,
            dispersion: None,
            covariates: Vec::new(),
            two_sources: Vec::new(),
            scenarios: Vec::new(),
            cells: BTreeMap::new(),
            n_silent: 1,
            n_interventions: 0,
            n_weighted: 0,
        },
    }
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
                area: None,
                hot: u8::from(i == 0),
            });
        }
    }
    builder.finish()
}

/// One value of a cell, and one that nobody knows.
fn indicators(cells: &[CellIndex]) -> IndicatorValues {
    let mut builder = IndicatorValuesBuilder::default();
    let missing = IndicatorValue {
        indicator: "D1",
        cell: None,
        pcode: None,
        value: None,
        expected: None,
        score: None,
        usual_score: None,
        direction: IndicatorRole::Raises.code(),
        data_age_days: None,
        n_sources: None,
        state: IndicatorState::Missing.code(),
    };
    builder.push(IndicatorValue {
        indicator: "B2",
        cell: Some(cells[0].into()),
        value: Some(3.0),
        expected: Some(0.5),
        score: Some(0.98),
        usual_score: Some(0.5),
        data_age_days: Some(4),
        n_sources: Some(2),
        state: IndicatorState::Observed.code(),
        ..missing
    });
    builder.push(missing);
    builder.finish()
}

fn zone_indicators(cell: CellIndex) -> ZoneIndicators {
    let mut builder = ZoneIndicatorsBuilder::default();
    builder.push(ZoneIndicator {
        zone_id: "z2",
        cell: cell.into(),
        indicator: "H1",
        value: Some(1.0),
        expected: None,
        score: Some(1.0),
        usual_score: Some(0.0),
        direction: IndicatorRole::Lowers.code(),
        push: -0.5,
        data_age_days: Some(200),
        n_sources: Some(1),
        state: IndicatorState::Stale.code(),
    });
    builder.finish()
}

fn early_warnings(cells: &[CellIndex]) -> EarlyWarnings {
    let mut builder = EarlyWarningsBuilder::default();
    for &cell in cells {
        builder.push(CellWarning {
            cell: cell.into(),
            log_odds: 0.25,
            lo: -1.0,
            hi: 1.5,
            band_lo: 0.125,
            band_hi: 0.5,
            n_known: 1,
            review: 0,
        });
    }
    builder.finish()
}
