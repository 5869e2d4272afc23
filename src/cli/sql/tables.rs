//! What can be asked. Adding a table is a line in [`TABLES`].

use std::collections::BTreeSet;
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, StringArray, UInt8Array};

use crate::base::code::{
    BaseKind, DisplacementReason, EffortKind, FoodPhase, Footprint, MovementAlert, Observable,
    PlacePrecision, Qualifier, ServiceKind, ServiceStatus, Validity,
};
use crate::base::day::Day;
use crate::base::error::Result;
use crate::base::settings::Settings;
use crate::index::{self, Index};
use crate::ledger;
use crate::nightly;
use crate::season::Card;
use crate::sources;
use crate::tables::{
    Bases, Boundaries, Displacement, DisplacementEvents, Effort, FoodSecurity, Incidents, Intake,
    Movements, Observations, Places, Population, Rain, Rejection, Services, Visits,
};

use super::super::Options;
use super::{Arguments, areas, incidents, times, unmade};

/// One table.
pub(super) struct Table {
    pub(super) name: &'static str,
    /// What it holds, in one sentence.
    pub(super) what: &'static str,
    /// Its rows, of a mission that may be empty.
    pub(super) rows: fn(&Mission) -> Result<RecordBatch>,
}

/// Every table.
pub(super) const TABLES: &[Table] = &[
    Table {
        name: "incidents",
        what: "one row per reported incident, with the areas it is known to lie in",
        rows: incidents::rows,
    },
    Table {
        name: "areas",
        what: "one row per administrative area, and the area above it",
        rows: areas::areas,
    },
    Table {
        name: "places",
        what: "one row per named place",
        rows: areas::places,
    },
    Table {
        name: "movements",
        what: "one row per counting point, day and direction of herds",
        rows: |mission| {
            named(
                mission.movements.batch(),
                &[("alert", |c| Some(MovementAlert::from_code(c)?.name()))],
            )
        },
    },
    Table {
        name: "effort",
        what: "one row per patrol, session or visit and place",
        rows: |mission| {
            named(
                mission.effort.batch(),
                &[("kind", |c| Some(EffortKind::from_code(c)?.name()))],
            )
        },
    },
    Table {
        name: "displacement",
        what: "displaced persons present, per area, period and source",
        rows: |mission| {
            named(
                mission.displacement.batch(),
                &[("reason", |c| Some(DisplacementReason::from_code(c)?.name()))],
            )
        },
    },
    Table {
        name: "displacement_events",
        what: "displacements as they happened, one row per report",
        rows: |mission| {
            named(
                mission.displacement_events.batch(),
                &[
                    ("qualifier", |c| Some(Qualifier::from_code(c)?.name())),
                    ("reason", |c| Some(DisplacementReason::from_code(c)?.name())),
                ],
            )
        },
    },
    Table {
        name: "food_security",
        what: "people by phase of food security, per area and period",
        rows: |mission| {
            named(
                mission.food_security.batch(),
                &[
                    ("validity", |c| Some(Validity::from_code(c)?.name())),
                    ("phase", |c| Some(FoodPhase::from_code(c)?.name())),
                ],
            )
        },
    },
    Table {
        name: "population",
        what: "people per area and year",
        rows: |mission| named(mission.population.batch(), &[]),
    },
    Table {
        name: "rain",
        what: "rain per place and period",
        rows: |mission| {
            named(
                mission.rain.batch(),
                &[("footprint", |c| Some(Footprint::from_code(c)?.name()))],
            )
        },
    },
    Table {
        name: "services",
        what: "services that people can turn to",
        rows: |mission| {
            named(
                mission.services.batch(),
                &[
                    ("kind", |c| Some(ServiceKind::from_code(c)?.name())),
                    ("status", |c| Some(ServiceStatus::from_code(c)?.name())),
                ],
            )
        },
    },
    Table {
        name: "bases",
        what: "bases and the days between which they stood",
        rows: |mission| {
            named(
                mission.bases.batch(),
                &[("kind", |c| Some(BaseKind::from_code(c)?.name()))],
            )
        },
    },
    Table {
        name: "visits",
        what: "cells that patrols visited, per day",
        rows: |mission| named(mission.visits.batch(), &[]),
    },
    Table {
        name: "observations",
        what: "indicators that the mission observes itself, one row per day and place",
        rows: |mission| {
            named(
                mission.observations.batch(),
                &[
                    ("indicator", |c| Some(Observable::from_code(c)?.name())),
                    ("place_precision", |c| {
                        Some(PlacePrecision::from_code(c)?.name())
                    }),
                ],
            )
        },
    },
    Table {
        name: "cells",
        what: "one row per cell of the study area, with the areas that hold its centre",
        rows: areas::cells,
    },
    Table {
        name: "calendar",
        what: "one row per day from the first incident to the last, with its week and season phase",
        rows: times::calendar,
    },
    Table {
        name: "cell_weeks",
        what: "one row per cell and week with incidents, as a night of the as-of date counts them",
        rows: times::cell_weeks,
    },
    Table {
        name: "rejections",
        what: "one row per input row not taken, without its content",
        rows: times::rejections,
    },
];

/// What the tables are made of.
pub(super) struct Mission {
    pub(super) incidents: Incidents,
    pub(super) movements: Movements,
    pub(super) effort: Effort,
    displacement: Displacement,
    displacement_events: DisplacementEvents,
    food_security: FoodSecurity,
    population: Population,
    rain: Rain,
    services: Services,
    bases: Bases,
    visits: Visits,
    observations: Observations,
    pub(super) places: Places,
    pub(super) boundaries: Boundaries,
    pub(super) rejections: Vec<Rejection>,
    /// Missing where no table asked for needs it.
    pub(super) index: Option<Index>,
    /// The season card; missing where there is no mission.
    pub(super) card: Option<Card>,
}

impl Mission {
    /// Reads what the tables asked for are made of.
    pub(super) fn read(
        arguments: &Arguments,
        named: &BTreeSet<String>,
        options: &Options,
    ) -> Result<Self> {
        let settings = super::super::run::settings(&arguments.dir)?;
        if !TABLES.iter().any(|table| named.contains(table.name)) {
            return Self::empty();
        }
        let data = super::super::data_folder();
        let asked = |tables: &[&str]| tables.iter().any(|&table| named.contains(table));
        let index = asked(&["cells", "cell_weeks"]);
        let has_ledger = arguments.dir.join("ledger").is_dir();
        let counts_only = index && !asked(&["incidents", "calendar"]) && !has_ledger;
        let helper = super::super::helper()?;
        if let (Some(as_of), true) = (arguments.as_of, counts_only) {
            // Ten million incidents need not be in memory to be counted.
            let context = super::super::run::context(&arguments.dir, as_of, options)?;
            let inputs = nightly::Inputs {
                mission: &arguments.dir,
                data: data.as_deref(),
                helper: Some(&helper),
            };
            let (intake, counts) = nightly::read_and_count(&context, inputs)?;
            let mut mission = Self::of(intake, Some(&settings))?;
            mission.index = Some(index::place(&context, counts, mission.known())?);
            return Ok(mission);
        }
        let (dir, data) = (&arguments.dir, data.as_deref());
        let mut intake = sources::read_all(&settings, arguments.as_of, dir, data, Some(&helper))?;
        let as_of = arguments.as_of.unwrap_or(LATEST);
        let context = super::super::run::context(dir, as_of, options)?;
        let incidents = std::mem::take(&mut intake.incidents).finish();
        let told = (&intake.withdrawals[..], &intake.files[..]);
        let known = ledger::look(&context, dir, incidents, told)?;
        let mut mission = Self::of(intake, Some(&settings))?;
        mission.incidents = known.incidents;
        if index {
            let newest = mission
                .incidents
                .date_start()
                .values()
                .iter()
                .copied()
                .max();
            let as_of = arguments.as_of.or(newest.map(Day)).unwrap_or(Day(0));
            let context = super::super::run::context(&arguments.dir, as_of, options)?;
            let incidents = mission.incidents.clone();
            mission.index = Some(index::run(&context, incidents, mission.known())?);
        }
        Ok(mission)
    }

    /// What records are placed against.
    fn known(&self) -> (&Boundaries, &Places) {
        (&self.boundaries, &self.places)
    }

    /// A mission without a record, which still tells every table's columns.
    pub(super) fn empty() -> Result<Self> {
        Self::of(Intake::default(), None)
    }

    fn of(intake: Intake, settings: Option<&Settings>) -> Result<Self> {
        Ok(Self {
            incidents: intake.incidents.finish(),
            movements: intake.movements.finish(),
            effort: intake.effort.finish(),
            displacement: intake.displacement.finish(),
            displacement_events: intake.displacement_events.finish(),
            food_security: intake.food_security.finish(),
            population: intake.population.finish(),
            rain: intake.rain.finish(),
            services: intake.services.finish(),
            bases: intake.bases.finish(),
            visits: intake.visits.finish(),
            observations: intake.observations.finish(),
            places: Places::new(intake.places),
            boundaries: Boundaries::new(intake.areas),
            rejections: intake.rejections,
            index: None,
            card: settings
                .map(|settings| Card::named(&settings.season.card))
                .transpose()?,
        })
    }
}

/// Without `--as-of`, all that is known.
const LATEST: Day = Day(i32::MAX / 2);

/// The name of a code.
pub(super) type NameOf = fn(u8) -> Option<&'static str>;

/// A table whose codes are told by name.
pub(super) fn named(rows: &RecordBatch, codes: &[(&str, NameOf)]) -> Result<RecordBatch> {
    let schema = rows.schema();
    let columns = schema
        .fields()
        .iter()
        .zip(rows.columns())
        .map(|(field, column)| {
            let code = codes.iter().find(|(name, _)| name == field.name());
            let column = match (code, column.as_any().downcast_ref::<UInt8Array>()) {
                (Some((_, name_of)), Some(codes)) => {
                    let names = codes.iter().map(|code| name_of(code?));
                    Arc::new(names.collect::<StringArray>()) as ArrayRef
                }
                _ => Arc::clone(column),
            };
            (field.name(), column, field.is_nullable())
        });
    RecordBatch::try_from_iter_with_nullable(columns).map_err(unmade)
}
